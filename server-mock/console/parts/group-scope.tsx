/** All user groups, or some that are ticked. */
import { Box, Checkbox, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useRead } from "../api/hooks.ts";
import { text } from "../messages/messages.ts";
import { ErrorBox } from "./error-box.tsx";
import { visibleText } from "./name-text.tsx";

const GROUPS_MAX = 500;
/** So many are found by looking. */
const SEARCHED_FROM = 9;

export interface GroupScopeProps {
  readonly label: string;
  readonly scope: "all" | "chosen";
  readonly groups: readonly string[];
  readonly error?: string | undefined;
  readonly allLabel: string;
  readonly chosenLabel: string;
  readonly onScope: (scope: "all" | "chosen") => void;
  readonly onGroups: (groups: readonly string[]) => void;
}

/** For who may see groups. */
export function GroupScope(props: GroupScopeProps) {
  const { label, scope, groups, error, allLabel, chosenLabel, onScope, onGroups } = props;
  const answer = useRead("listGroups", { query: { limit: GROUPS_MAX } });
  const [wanted, setWanted] = useState("");
  const all = answer.data?.items ?? [];
  const shown = all.filter(({ label: name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
  return (
    <Stack gap="xs">
      <Radio.Group
        label={label}
        value={scope}
        onChange={(value) => onScope(value === "chosen" ? "chosen" : "all")}
        error={error}
      >
        <Stack gap={6} mt={6}>
          <Radio value="all" label={allLabel} />
          <Radio value="chosen" label={chosenLabel} />
        </Stack>
      </Radio.Group>
      {scope === "chosen" && answer.error && <ErrorBox error={answer.error} />}
      {scope === "chosen" && all.length > 0 && (
        <Stack gap="xs" pl="xl">
          {all.length >= SEARCHED_FROM && (
            <TextInput
              type="search"
              size="xs"
              aria-label={text.common.search}
              placeholder={text.common.search}
              value={wanted}
              onChange={(event) => setWanted(event.currentTarget.value)}
              maw={280}
            />
          )}
          <Box mah={220} style={{ overflowY: "auto" }} tabIndex={0} role="group" aria-label={chosenLabel}>
            <Stack gap={6} p={2}>
              {shown.map(({ id, label: name }) => (
                <Checkbox
                  key={id}
                  size="sm"
                  label={<bdi>{visibleText(name)}</bdi>}
                  checked={groups.includes(id)}
                  onChange={(event) =>
                    onGroups(event.currentTarget.checked ? [...groups, id] : groups.filter((each) => each !== id))
                  }
                />
              ))}
            </Stack>
          </Box>
          <Text size="xs" c="dimmed" role="status">
            {text.common.selected(groups.length)}
          </Text>
        </Stack>
      )}
    </Stack>
  );
}
