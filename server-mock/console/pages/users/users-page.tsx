/** Search / List Users. */
import { Anchor, Button } from "@mantine/core";
import { Link } from "wouter";
import type { UserItem } from "../../../../protocol/messages/lists.ts";
import { urlOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { EmailText } from "../../parts/email-text.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { MayLink } from "../../parts/may-link.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { RelativeTime, shortDate } from "../../parts/relative-time.tsx";
import { useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { useUserFilters } from "./use-user-filters.ts";

const { columns: titles } = text.users;

export function UsersPage() {
  const { isOwner, can } = useSession();
  const list = useList({ keys: ["search", "full", "filter", "group", "kind", "organization"] });
  const filters = useUserFilters(list);
  const answer = useRead("listUsers", { query: list.query }, { keepShown: true });
  const add = can("users.create") && !isOwner && (
    <Button component={Link} href={paths.newUser()}>
      {text.users.add}
    </Button>
  );
  return (
    <Page title={text.users.list} actions={add}>
      <ListView
        label={text.users.list}
        list={list}
        answer={answer}
        columns={isOwner ? [...COLUMNS, ORGANIZATION] : COLUMNS}
        rowId={({ id }) => id}
        searchHint={text.users.searchHint}
        hasFullSearch
        isDense
        filters={filters}
        exportUrl={urlOf("exportUsers", { query: list.choice })}
        empty={<Empty title={text.users.none} hint={text.users.noneHint} action={add} />}
      />
    </Page>
  );
}

/** For top-level admins, who alone see several; last, as in the file. */
const ORGANIZATION: Column<UserItem> = {
  id: "organization",
  title: titles.organization,
  cell: ({ organization }) => <NameText value={organization.name} />,
};

const COLUMNS: readonly Column<UserItem>[] = [
  {
    id: "externalId",
    title: titles.externalId,
    sort: "external-id",
    cell: ({ externalId }) => externalId && <NameText value={externalId} />,
  },
  {
    id: "user",
    title: titles.user,
    sort: "user",
    isMain: true,
    cell: ({ id, email }) => (
      <Anchor component={Link} href={paths.user(id)} inherit>
        <EmailText value={email} />
      </Anchor>
    ),
  },
  { id: "name", title: titles.name, sort: "name", cell: ({ name }) => <NameText value={name} /> },
  { id: "group", title: titles.group, sort: "group", cell: ({ shown }) => <NameText value={shown.group} /> },
  { id: "sync", title: titles.sync, sort: "sync", cell: ({ shown }) => shown.sync },
  {
    id: "machines",
    title: titles.machines,
    sort: "machines",
    isNumber: true,
    cell: ({ id, machines }) => (
      <MayLink needs="machines.view" href={paths.machines({ user: id })}>
        {machines}
      </MayLink>
    ),
  },
  { id: "storage", title: titles.storage, sort: "storage", cell: ({ shown }) => <Lines lines={shown.storage} /> },
  {
    id: "storageUsed",
    title: titles.storageUsed,
    sort: "storage-used",
    isNumber: true,
    cell: ({ shown }) => <Lines lines={shown.storageUsed} />,
  },
  {
    id: "created",
    title: titles.created,
    sort: "created",
    cell: ({ createdAt }) => <span className="nowrap">{shortDate(createdAt)}</span>,
  },
  {
    id: "backedUp",
    title: titles.backedUp,
    sort: "backed-up",
    cell: ({ lastBackupAt }) => <RelativeTime at={lastBackupAt} />,
  },
];

const Lines = ({ lines }: { readonly lines: readonly string[] }) => lines.map((line) => <div key={line}>{line}</div>);
