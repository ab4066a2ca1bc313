/** Restores of all machines that one may see, from the web, agents and command lines. */
import { urlOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { useLive } from "../../api/use-live.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { Page } from "../../parts/page.tsx";
import { inKeptOrder, RECORD_KEYS, RecordFilters } from "../../parts/records/record-filters.tsx";
import { type ListedRestore, MACHINE_RESTORE_COLUMNS, RESTORE_COLUMNS } from "../../parts/records/restore-columns.tsx";
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
        columns={columnsFor(isUser, list.choice.machine !== undefined)}
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

const columnsFor = (isUser: boolean, isOneMachine: boolean): readonly Column<ListedRestore>[] =>
  isOneMachine ? MACHINE_RESTORE_COLUMNS : isUser ? OWN_COLUMNS : RESTORE_COLUMNS;

const OWN_COLUMNS = RESTORE_COLUMNS.filter(({ id }) => id !== "user");

const optionsOf = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

const FILTERS = [
  { key: "status", label: filters.status, options: optionsOf(restores.statuses) },
  { key: "source", label: filters.source, options: optionsOf(restores.sources) },
  { key: "purpose", label: filters.what, options: optionsOf(restores.purposes) },
];
