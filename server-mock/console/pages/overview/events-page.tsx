/** What happened, newest first: where the counts of a day lead. */
import { Anchor } from "@mantine/core";
import { Link } from "wouter";
import type { EventView } from "../../../../protocol/messages/events.ts";
import { useRead } from "../../api/hooks.ts";
import { useLive } from "../../api/use-live.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { RECORD_KEYS, RecordFilters } from "../../parts/records/record-filters.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";

const events = text.events;
const EVERY = ["listEvents"] as const;

export function EventsPage() {
  const { isUser, can } = useSession();
  const list = useList({ keys: ["kind", "organization", ...RECORD_KEYS] });
  const answer = useRead("listEvents", { query: list.query }, { keepShown: true });
  useLive({
    ...{ machines: EVERY, backups: EVERY, restores: EVERY, users: EVERY },
    ...{ quotas: EVERY, policies: EVERY, alerts: EVERY },
  });
  return (
    <Page title={events.title}>
      <ListView
        label={events.title}
        list={list}
        answer={answer}
        columns={isUser || !can("users.view") ? COLUMNS.filter(({ id }) => id !== "user") : COLUMNS}
        rowId={({ id }) => id}
        filters={[{ key: "kind", label: events.filters.kind, options: KINDS }]}
        tools={<RecordFilters list={list} />}
        empty={<Empty title={events.none} hint={events.noneHint} />}
      />
    </Page>
  );
}

const KINDS = Object.entries(events.kinds).map(([value, label]) => ({ value, label }));

const COLUMNS: readonly Column<EventView>[] = [
  { id: "what", title: events.columns.what, isMain: true, cell: ({ shown }) => <NameText value={shown} /> },
  {
    id: "machine",
    title: events.columns.machine,
    cell: ({ machine }) =>
      machine && (
        <Anchor component={Link} href={paths.machine(machine.id)} inherit>
          <NameText value={machine.name} />
        </Anchor>
      ),
  },
  {
    id: "user",
    title: events.columns.user,
    cell: ({ user }) =>
      user && (
        <Anchor component={Link} href={paths.user(user.id)} inherit>
          <NameText value={user.email} />
        </Anchor>
      ),
  },
  { id: "at", title: events.columns.at, cell: ({ at }) => <RelativeTime at={at} /> },
];
