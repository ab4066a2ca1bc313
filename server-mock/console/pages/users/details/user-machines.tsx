/** Machine Info: the user's machines, those that can be brought back among them. */
import { Anchor, Text } from "@mantine/core";
import { Link } from "wouter";
import type { MachineItem } from "../../../../../protocol/messages/lists.ts";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { useRead } from "../../../api/hooks.ts";
import { text } from "../../../messages/messages.ts";
import { type Column, DataTable } from "../../../parts/data-table.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { ErrorBox } from "../../../parts/error-box.tsx";
import { NameText } from "../../../parts/name-text.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { paths } from "../../../paths.ts";
import { MachineActions } from "./machine-actions.tsx";
import { MachineLimit, MachineRoom } from "./machine-room.tsx";

const { machineColumns: titles, machine: words, kinds, details } = text.users;

/** Whoever has more finds them in Search / List Machines. */
const SHOWN_MAX = 100;

export function UserMachines({ user }: { readonly user: UserDetails }) {
  const query = { user: user.id, limit: SHOWN_MAX, sort: "machine" } as const;
  const there = useRead("listMachines", { query });
  const deleted = useRead("listMachines", { query: { ...query, filter: "deleted" } });
  const error = there.error ?? deleted.error;
  if (error !== null)
    return (
      <ErrorBox
        error={error}
        onRetry={() => {
          void there.refetch();
          void deleted.refetch();
        }}
      />
    );
  const rows = there.data && deleted.data && together(there.data.items, deleted.data.items);
  return (
    <>
      <DataTable
        label={details.machines}
        columns={COLUMNS}
        rows={rows}
        rowId={({ id }) => id}
        empty={<Empty title={details.noMachines} hint={details.noMachinesHint} />}
      />
      {there.data?.next && (
        <Anchor component={Link} href={paths.machines({ user: user.id })} size="sm">
          {details.allMachines}
        </Anchor>
      )}
    </>
  );
}

/** Each once: of two lists that are read one after the other, the later may know more. */
function together(there: readonly MachineItem[], deleted: readonly MachineItem[]): readonly MachineItem[] {
  const gone = new Set(deleted.map(({ id }) => id));
  return [...there.filter(({ id }) => !gone.has(id)), ...deleted];
}

const COLUMNS: readonly Column<MachineItem>[] = [
  {
    id: "device",
    title: titles.device,
    isMain: true,
    cell: ({ id, name, deletedAt }) => (
      <>
        <Anchor component={Link} href={paths.machine(id)} inherit>
          <NameText value={name} />
        </Anchor>
        {deletedAt !== null && (
          <Text span inherit c="dimmed">
            {" "}
            {words.deleted}
          </Text>
        )}
      </>
    ),
  },
  { id: "type", title: titles.storageType, cell: ({ kind }) => kinds[kind] },
  { id: "room", title: titles.room, cell: (machine) => <MachineRoom machine={machine} /> },
  { id: "limit", title: titles.limit, cell: (machine) => <MachineLimit machine={machine} /> },
  {
    id: "update",
    title: titles.lastUpdate,
    cell: ({ lastUpdateAt }) => <RelativeTime at={lastUpdateAt} never={text.common.notAvailable} />,
  },
  { id: "action", title: titles.action, cell: (machine) => <MachineActions machine={machine} /> },
];
