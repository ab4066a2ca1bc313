/** What a group is called, where its people, machines, keys and configuration are, and what it has otherwise than its organization. */
import { Anchor, Group, Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { GroupChange, GroupDetails } from "../../../../protocol/messages/groups.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { Changeable } from "../../parts/changeable.tsx";
import { ChangeableChoice } from "../../parts/changeable-choice.tsx";
import { Facts } from "../../parts/facts.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { shortDate } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";

export function GroupFacts({ group }: { readonly group: GroupDetails }) {
  const { id, name, externalId, users, machines, createdAt, version } = group;
  const { can, isOwner } = useSession();
  const change = useAct("changeGroup");
  const mayChange = can("groups.edit");
  const save = (body: GroupChange) => change.mutateAsync({ params: { group: id }, body, ifMatch: version });
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {text.groups.details}
        </Title>
        <Facts
          rows={[
            [
              text.groups.name,
              <Changeable
                key="name"
                label={text.groups.name}
                value={name}
                shown={<NameText value={name} />}
                mayChange={mayChange}
                onSave={(value) => save({ name: value })}
              />,
            ],
            [
              text.groups.externalId,
              <Changeable
                key="externalId"
                label={text.groups.externalId}
                value={externalId ?? ""}
                {...(externalId === null ? {} : { shown: <NameText value={externalId} /> })}
                mayChange={mayChange}
                onSave={(value) => save({ externalId: value === "" ? null : value })}
              />,
            ],
            [text.groups.created, shortDate(createdAt)],
            can("users.view")
              ? [
                  text.groups.members,
                  <To key="users" href={paths.users({ group: id })} label={text.groups.users(users)} />,
                ]
              : undefined,
            can("machines.view")
              ? [
                  text.groups.columns.machines,
                  <To key="machines" href={paths.machines({ group: id })} label={text.groups.machines(machines)} />,
                ]
              : undefined,
            can("keys.view")
              ? [text.groups.productKeys, <To key="keys" href={paths.keys({ group: id })} label={text.groups.keysOf} />]
              : undefined,
            can("policies.view") && !isOwner
              ? [
                  text.groups.configuration,
                  <Group key="policies" gap="md">
                    <To href={paths.groupPolicy(id, "desktop")} label={text.groups.kinds.desktop} />
                    <To href={paths.groupPolicy(id, "server")} label={text.groups.kinds.server} />
                  </Group>,
                ]
              : undefined,
            can("policies.view")
              ? [
                  text.groups.retention,
                  <To key="keep" href={paths.groupRetention(id)} label={text.groups.retentionOf} />,
                ]
              : undefined,
            ...settingRows(group, mayChange, save),
          ]}
        />
      </Stack>
    </Paper>
  );
}

const To = ({ href, label }: { readonly href: string; readonly label: string }) => (
  <Anchor component={Link} href={href} inherit>
    {label}
  </Anchor>
);

function settingRows(
  { settings }: GroupDetails,
  mayChange: boolean,
  save: (body: GroupChange) => Promise<unknown>,
): readonly (readonly [string, ReactNode])[] {
  const { sync, overdueDays, suspended = false } = settings;
  const { asOrganization, enabled, disabled } = text.groups;
  const syncs = [
    { value: "", label: asOrganization },
    { value: "true", label: enabled },
    { value: "false", label: disabled },
  ];
  const suspensions = [
    { value: "false", label: text.common.no },
    { value: "true", label: text.common.yes },
  ];
  return [
    [
      text.groups.sync,
      <ChangeableChoice
        key="sync"
        label={text.groups.sync}
        value={sync === undefined ? "" : String(sync)}
        options={syncs}
        shown={sync === undefined ? asOrganization : sync ? enabled : disabled}
        mayChange={mayChange}
        onSave={(value) => save({ settings: { sync: value === "" ? null : value === "true" } })}
      />,
    ],
    [
      text.groups.overdueDays,
      <Changeable
        key="overdue"
        label={text.groups.overdueDays}
        value={overdueDays === undefined ? "" : String(overdueDays)}
        shown={overdueDays ?? asOrganization}
        hint={text.groups.overdueHint}
        inputMode="numeric"
        mayChange={mayChange}
        onSave={(value) => save({ settings: { overdueDays: value === "" ? null : Number(value) } })}
      />,
    ],
    [
      text.groups.suspended,
      <ChangeableChoice
        key="suspended"
        label={text.groups.suspended}
        hint={text.groups.suspendedHint}
        value={String(suspended)}
        options={suspensions}
        shown={suspended ? text.common.yes : text.common.no}
        mayChange={mayChange}
        onSave={(value) => save({ settings: { suspended: value === "true" ? true : null } })}
      />,
    ],
  ];
}
