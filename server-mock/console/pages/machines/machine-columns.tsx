/** What a row of Search / List Machines shows. */
import { Anchor, Badge, Group, Text } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { MachineItem } from "../../../../protocol/messages/lists.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { RelativeTime, shortDate } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import type { Session } from "../../session/session.tsx";

const { columns: titles } = text.machines;

/** Users see their own machines: no columns that would say the same in each row. */
export const machineColumns = ({ isUser, isOwner, can }: Session): readonly Column<MachineItem>[] => [
  ...(isOwner ? [ORGANIZATION] : []),
  EXTERNAL_ID,
  MACHINE,
  ...(isUser ? [] : [userColumn(can("users.view")), GROUP]),
  ...USE,
];

const ORGANIZATION: Column<MachineItem> = {
  id: "organization",
  title: titles.organization,
  cell: ({ organization }) => <NameText value={organization.name} />,
};

const EXTERNAL_ID: Column<MachineItem> = {
  id: "externalId",
  title: titles.externalId,
  sort: "external-id",
  cell: ({ externalId }) => externalId && <NameText value={externalId} />,
};

const MACHINE: Column<MachineItem> = {
  id: "machine",
  title: titles.machine,
  sort: "machine",
  isMain: true,
  cell: ({ id, name, state, deletedAt }) => (
    <Group gap={6} wrap="wrap">
      <Anchor component={Link} href={paths.machine(id)} inherit>
        <NameText value={name} />
      </Anchor>
      {deletedAt !== null && (
        <Text span size="sm" c="dimmed">
          {text.machines.deleted}
        </Text>
      )}
      {deletedAt === null && state === "suspended" && <Badge size="sm">{text.machines.suspended}</Badge>}
    </Group>
  ),
};

const userColumn = (mayOpen: boolean): Column<MachineItem> => ({
  id: "user",
  title: titles.user,
  sort: "user",
  cell: ({ user }) =>
    mayOpen ? (
      <Anchor component={Link} href={paths.user(user.id)} inherit>
        <NameText value={user.email} />
      </Anchor>
    ) : (
      <NameText value={user.email} />
    ),
});

const GROUP: Column<MachineItem> = {
  id: "group",
  title: titles.group,
  sort: "group",
  cell: ({ shown }) => <NameText value={shown.group} />,
};

const USE: readonly Column<MachineItem>[] = [
  {
    id: "storageUsed",
    title: titles.storageUsed,
    sort: "storage-used",
    isNumber: true,
    cell: ({ usedBytes }) => (usedBytes === 0 ? text.common.none : formatBytes(usedBytes)),
  },
  { id: "created", title: titles.created, sort: "created", cell: ({ createdAt }) => shortDate(createdAt) },
  {
    id: "lastUpdate",
    title: titles.lastUpdate,
    sort: "last-update",
    cell: ({ lastUpdateAt }) => (lastUpdateAt === null ? text.common.notAvailable : shortDate(lastUpdateAt)),
  },
  {
    id: "backedUp",
    title: titles.backedUp,
    sort: "backed-up",
    cell: ({ lastUpdateAt }) => <RelativeTime at={lastUpdateAt} />,
  },
];
