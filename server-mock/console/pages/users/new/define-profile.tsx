/** Step 2: what all users of this save have. */
import { Checkbox, Group, NativeSelect, Radio, Stack, TextInput } from "@mantine/core";
import type { GroupDetails } from "../../../../../protocol/messages/groups.ts";
import { text } from "../../../messages/messages.ts";
import { countRangeText, GB, sizeRangeText } from "../../../parts/gigabytes.ts";
import type { ApiForm } from "../../../parts/use-api-form.ts";
import type { NewUsersForm } from "./new-users.ts";
import { Step } from "./step.tsx";

const { new: words, kinds, details } = text.users;
const KINDS = ["server", "desktop"] as const;

export interface DefineProfileProps {
  readonly form: ApiForm<NewUsersForm>;
  readonly group: GroupDetails | undefined;
  readonly regions: readonly string[];
  readonly hasSync: boolean;
}

export function DefineProfile({ form, group, regions, hasSync }: DefineProfileProps) {
  const { kind } = form.values;
  const allowed = group?.allowed.newUser;
  const limits = allowed && sizeRangeText({ ...allowed.limitBytes[kind], minimum: GB });
  const devices = allowed && countRangeText({ ...allowed.devices[kind], minimum: 1 });
  return (
    <Step title={words.step2}>
      <Radio.Group label={words.kind} {...form.getInputProps("kind")}>
        <Stack gap="xs" mt="xs">
          {KINDS.map((each) => (
            <Radio key={each} value={each} label={kinds[each]} description={words.kindHints[each]} />
          ))}
        </Stack>
      </Radio.Group>
      <Group align="flex-start" gap="lg">
        <TextInput
          label={words.limit}
          description={words.limitHint(limits ?? "")}
          inputMode="numeric"
          rightSection="GB"
          w={380}
          inputWrapperOrder={ORDER}
          {...form.getInputProps("limit")}
        />
        <TextInput
          label={words.devices}
          description={devices ?? words.chooseFirst}
          inputMode="numeric"
          w={380}
          inputWrapperOrder={ORDER}
          {...form.getInputProps("devices")}
        />
      </Group>
      {regions.length > 0 && (
        <NativeSelect
          label={words.region}
          description={details.regionHint}
          maw={380}
          data={[{ value: "", label: details.noRegion }, ...regions.map((each) => ({ value: each, label: each }))]}
          {...form.getInputProps("region")}
        />
      )}
      {hasSync && kind === "desktop" && (
        <Checkbox label={words.sync} {...form.getInputProps("sync", { type: "checkbox" })} />
      )}
    </Step>
  );
}

/** Fields side by side stand in line, whatever is written below them. */
const ORDER: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];
