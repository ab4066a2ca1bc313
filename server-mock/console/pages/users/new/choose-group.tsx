/** Step 1: the group, a green check mark when it is chosen, and what it has to give. */
import { CheckIcon } from "@heroicons/react/24/outline";
import { Anchor, Group, NativeSelect, ThemeIcon } from "@mantine/core";
import { Link } from "wouter";
import type { GroupDetails, GroupView } from "../../../../../protocol/messages/groups.ts";
import { text } from "../../../messages/messages.ts";
import { Facts } from "../../../parts/facts.tsx";
import { shownSize } from "../../../parts/gigabytes.ts";
import type { ApiForm } from "../../../parts/use-api-form.ts";
import { paths } from "../../../paths.ts";
import { useSession } from "../../../session/session.tsx";
import type { NewUsersForm } from "./new-users.ts";
import { Step } from "./step.tsx";

const { new: words, kinds } = text.users;

export interface ChooseGroupProps {
  readonly form: ApiForm<NewUsersForm>;
  readonly group: string;
  readonly groups: readonly GroupView[];
  readonly chosen: GroupDetails | undefined;
  readonly isSeparate: boolean;
  readonly hasGroups: boolean;
}

export function ChooseGroup({ form, group, groups, chosen, isSeparate, hasGroups }: ChooseGroupProps) {
  const { can } = useSession();
  return (
    <Step title={words.step1}>
      <Group align="flex-end" gap="md">
        <NativeSelect
          label={words.group}
          miw={280}
          data={[{ value: "", label: words.chooseGroup }, ...groups.map(({ id, label }) => ({ value: id, label }))]}
          {...form.getInputProps("group")}
          value={group}
        />
        {chosen && (
          <ThemeIcon color="green.8" radius="xl" size="lg" role="img" aria-label={words.groupChosen}>
            <CheckIcon width={20} strokeWidth={2.5} aria-hidden="true" />
          </ThemeIcon>
        )}
        <Group gap="md" mb={6}>
          {hasGroups && can("groups.create") && (
            <Anchor component={Link} href={paths.newGroup()} size="sm">
              {words.addGroup}
            </Anchor>
          )}
          <Anchor component={Link} href={paths.importUsers()} size="sm">
            {words.importUsers}
          </Anchor>
          {can("organization.view") && (
            <Anchor component={Link} href={paths.resources()} size="sm">
              {text.users.details.buyMore}
            </Anchor>
          )}
        </Group>
      </Group>
      {chosen && <WhatIsFree group={chosen} isSeparate={isSeparate} />}
    </Step>
  );
}

function WhatIsFree({ group, isSeparate }: { readonly group: GroupDetails; readonly isSeparate: boolean }) {
  const poolOf = (kind: "all" | "desktop" | "server") => group.pools.find((pool) => pool.kind === kind);
  const size = (kind: "all" | "desktop" | "server") => {
    const bytes = poolOf(kind)?.availableBytes ?? null;
    return bytes === null ? words.noEnd : shownSize(bytes);
  };
  const licences = (kind: "desktop" | "server") => {
    const free = poolOf(kind)?.devicesFree ?? null;
    return free === null ? words.noEnd : words.free(free.toLocaleString("en"));
  };
  return (
    <Facts
      rows={[
        [
          words.storageFree,
          isSeparate ? `${kinds.desktop}: ${size("desktop")}, ${kinds.server}: ${size("server")}` : size("all"),
        ],
        [words.licences(kinds.desktop), licences("desktop")],
        [words.licences(kinds.server), licences("server")],
      ]}
    />
  );
}
