/** Restores of all machines that one may see, from the web, agents and command lines. */
import { urlOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { useLive } from "../../api/use-live.ts";
import { text } from "../../messages/messages.ts";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { Page } from "../../parts/page.tsx";
import {
  columnChoice,
  inKeptOrder,
  optionsOf,
  RECORD_KEYS,
  RecordFilters,
} from "../../parts/records/record-filters.tsx";
import { MACHINE_RESTORE_COLUMNS, RESTORE_COLUMNS } from "../../parts/records/restore-columns.tsx";
import { useList } from "../../parts/use-list.ts";
import { useSession } from "../../session/session.tsx";

const { restores, filters } = text.records;

export function RestoresPage() {
  const { isUser } = useSession();
  const list = useList({
    keys: ["status", "source", "purpose", ...RECORD_KEYS],
    sort: { by: "requestedAt", order: "desc" },
  });
  const answer = useRead("searchRestores", { query: inKeptOrder(list.query, "requestedAt") }, { keepShown: true });
  useLive({ restores: ["searchRestores"] });
  return (
    <Page title={restores.list}>
      <ListView
        label={restores.list}
        list={list}
        answer={answer}
        columns={columnsFor(list, isUser)}
        rowId={({ id }) => id}
        filters={FILTERS}
        tools={<RecordFilters list={list} />}
        exportUrl={urlOf("exportRestores", { query: inKeptOrder(list.choice, "requestedAt") })}
        isDense
        empty={<Empty title={restores.none} hint={restores.noneHint} />}
      />
    </Page>
  );
}

const columnsFor = columnChoice(RESTORE_COLUMNS, MACHINE_RESTORE_COLUMNS);

const FILTERS = [
  { key: "status", label: filters.status, options: optionsOf(restores.statuses) },
  { key: "source", label: filters.source, options: optionsOf(restores.sources) },
  { key: "purpose", label: filters.what, options: optionsOf(restores.purposes) },
];
