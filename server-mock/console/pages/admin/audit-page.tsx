/** Who did what. Searched by log-in, action and day; each row with all that is known of it. */
import { TextInput, UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import type { AuditView } from "../../../../protocol/messages/records.ts";
import { urlOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { TypedFilter } from "../../parts/typed-filter.tsx";
import { type ListState, useList } from "../../parts/use-list.ts";
import { dayAt, dayRange } from "../../parts/zoned-day.ts";
import { AuditDetail } from "./audit-detail.tsx";
import { shortDetail } from "./audit-text.ts";

const { columns: titles } = text.admin.audit;

export function AuditPage() {
  const [open, setOpen] = useState<AuditView>();
  const list = useList({ keys: ["actor", "action", "since", "until", "user", "organization"] });
  const answer = useRead("listAudit", { query: list.query }, { keepShown: true });
  const columns = useMemo(() => columnsThatOpen(setOpen), []);
  return (
    <Page title={text.admin.audit.list}>
      <ListView
        label={text.admin.audit.list}
        list={list}
        answer={answer}
        columns={columns}
        isDense
        rowId={({ id }) => String(id)}
        filters={[{ key: "action", label: titles.action, options: actionOptions(list.choice.action) }]}
        tools={<Tools list={list} />}
        exportUrl={urlOf("exportAudit", { query: list.choice })}
        empty={<Empty title={text.admin.audit.none} hint={text.admin.audit.noneHint} />}
      />
      <AuditDetail
        row={open}
        onClose={() => setOpen(undefined)}
        onNarrow={(narrowed) => {
          list.set(narrowed);
          setOpen(undefined);
        }}
      />
    </Page>
  );
}

function Tools({ list }: { readonly list: ListState }) {
  const { since, until } = list.choice;
  return (
    <>
      <TypedFilter
        label={titles.who}
        placeholder={text.admin.audit.whoHint}
        value={list.choice.actor ?? ""}
        onSet={(actor) => list.set({ actor })}
      />
      <TextInput
        type="date"
        label={text.admin.audit.from}
        value={since === undefined ? "" : dayAt(since)}
        onChange={({ currentTarget: { value } }) => list.set({ since: value && dayRange(value).since })}
      />
      <TextInput
        type="date"
        label={text.admin.audit.until}
        value={until === undefined ? "" : dayAt(justBefore(until))}
        onChange={({ currentTarget: { value } }) => list.set({ until: value && dayRange(value).until })}
      />
    </>
  );
}

/** A day ends when the next one begins. */
const justBefore = (instant: string): string => new Date(Date.parse(instant) - 1).toISOString();

const AREAS = Object.entries(text.admin.audit.areas).map(([value, label]) => ({ value, label }));

/** A single action, from a row or a link, is one more choice. */
const actionOptions = (chosen: string | undefined) =>
  chosen === undefined || AREAS.some(({ value }) => value === chosen)
    ? AREAS
    : [...AREAS, { value: chosen, label: chosen }];

const columnsThatOpen = (open: (row: AuditView) => void): readonly Column<AuditView>[] => [
  { id: "time", title: titles.time, cell: ({ at }) => <RelativeTime at={at} /> },
  { id: "who", title: titles.who, cell: ({ actor }) => <NameText value={actor} /> },
  {
    id: "action",
    title: titles.action,
    cell: (row) => (
      <UnstyledButton
        className="change-link"
        fz="inherit"
        aria-label={text.admin.audit.showOf(row.action, row.subject)}
        onClick={() => open(row)}
      >
        {row.action}
      </UnstyledButton>
    ),
  },
  { id: "subject", title: titles.subject, isMain: true, cell: ({ subject }) => <NameText value={subject} /> },
  { id: "detail", title: titles.detail, cell: ({ detail }) => <NameText value={shortDetail(detail)} /> },
  { id: "address", title: titles.address, cell: ({ address }) => address },
];
