/** The newest backups of one machine, for its panel; the whole list is a link away. */
import { Anchor, Stack } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { useRead } from "../../api/hooks.ts";
import { useLive } from "../../api/use-live.ts";
import { text } from "../../messages/messages.ts";
import { paths } from "../../paths.ts";
import { DataTable } from "../data-table.tsx";
import { Empty } from "../empty.tsx";
import { ErrorBox } from "../error-box.tsx";
import { MACHINE_BACKUP_COLUMNS } from "./backup-columns.tsx";
import { MACHINE_RESTORE_COLUMNS } from "./restore-columns.tsx";

export interface MachineRecordsProps {
  readonly machine: string;
  readonly name: string;
}

interface Order {
  readonly by: string;
  readonly order: "asc" | "desc";
}

const SHOWN = 10;

const { backups, restores } = text.records;

/** B1 to B11: newest first until somebody sorts otherwise. */
export function MachineBackups({ machine, name }: MachineRecordsProps) {
  const [sort, setSort] = useState<Order>({ by: "startedAt", order: "desc" });
  useLive({ backups: ["searchBackups"], growing: ["searchBackups"] });
  const query = { machine, limit: SHOWN, sort: sort.by, order: sort.order };
  const { data, error, refetch } = useRead("searchBackups", { query }, { keepShown: true });
  if (error !== null) return <ErrorBox error={error} onRetry={() => void refetch()} />;
  return (
    <Stack gap="xs">
      <DataTable
        label={backups.ofMachine(name)}
        columns={MACHINE_BACKUP_COLUMNS}
        rows={data?.items}
        rowId={({ id }) => id}
        sort={sort}
        onSort={(by, order) => setSort({ by, order })}
        isDense
        empty={<Empty title={backups.none} hint={backups.noneHint} />}
      />
      {data?.next && (
        <Anchor component={Link} href={paths.backups({ machine })} size="sm">
          {backups.all}
        </Anchor>
      )}
    </Stack>
  );
}

export function MachineRestores({ machine, name }: MachineRecordsProps) {
  const [sort, setSort] = useState<Order>({ by: "requestedAt", order: "desc" });
  useLive({ restores: ["searchRestores"] });
  const query = { machine, limit: SHOWN, sort: sort.by, order: sort.order };
  const { data, error, refetch } = useRead("searchRestores", { query }, { keepShown: true });
  if (error !== null) return <ErrorBox error={error} onRetry={() => void refetch()} />;
  return (
    <Stack gap="xs">
      <DataTable
        label={restores.ofMachine(name)}
        columns={MACHINE_RESTORE_COLUMNS}
        rows={data?.items}
        rowId={({ id }) => id}
        sort={sort}
        onSort={(by, order) => setSort({ by, order })}
        isDense
        empty={<Empty title={restores.none} hint={restores.noneHint} />}
      />
      {data?.next && (
        <Anchor component={Link} href={paths.restores({ machine })} size="sm">
          {restores.all}
        </Anchor>
      )}
    </Stack>
  );
}
