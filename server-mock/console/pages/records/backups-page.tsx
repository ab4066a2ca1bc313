/** Backups of all machines that one may see; those that run grow while one looks. */
import { urlOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { useLive } from "../../api/use-live.ts";
import { text } from "../../messages/messages.ts";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { Page } from "../../parts/page.tsx";
import { BACKUP_COLUMNS, MACHINE_BACKUP_COLUMNS } from "../../parts/records/backup-columns.tsx";
import {
  columnChoice,
  inKeptOrder,
  optionsOf,
  RECORD_KEYS,
  RecordFilters,
} from "../../parts/records/record-filters.tsx";
import { useList } from "../../parts/use-list.ts";
import { useSession } from "../../session/session.tsx";

const { backups, filters } = text.records;

export function BackupsPage() {
  const { isUser } = useSession();
  const list = useList({ keys: ["state", "type", ...RECORD_KEYS], sort: { by: "startedAt", order: "desc" } });
  const answer = useRead("searchBackups", { query: inKeptOrder(list.query, "startedAt") }, { keepShown: true });
  useLive({ backups: ["searchBackups"], growing: ["searchBackups"] });
  return (
    <Page title={backups.list}>
      <ListView
        label={backups.list}
        list={list}
        answer={answer}
        columns={columnsFor(list, isUser)}
        rowId={({ id }) => id}
        filters={FILTERS}
        tools={<RecordFilters list={list} />}
        exportUrl={urlOf("exportBackups", { query: inKeptOrder(list.choice, "startedAt") })}
        isDense
        empty={<Empty title={backups.none} hint={backups.noneHint} />}
      />
    </Page>
  );
}

const columnsFor = columnChoice(BACKUP_COLUMNS, MACHINE_BACKUP_COLUMNS);

const FILTERS = [
  { key: "state", label: filters.result, options: optionsOf(backups.states) },
  { key: "type", label: filters.type, options: optionsOf(backups.types) },
];
