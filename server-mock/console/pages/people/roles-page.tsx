/** Roles of the organization. */
import { Anchor, Button, Text } from "@mantine/core";
import { Link } from "wouter";
import type { RoleView } from "../../../../protocol/messages/roles.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { shortDate } from "../../parts/relative-time.tsx";
import { useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";

const { roles: says } = text.people;

export function RolesPage() {
  const { can } = useSession();
  const list = useList({ keys: [] });
  const answer = useRead("listRoles", { query: list.query }, { keepShown: true });
  const add = can("roles.create") && (
    <Button component={Link} href={paths.newRole()}>
      {says.add}
    </Button>
  );
  return (
    <Page title={says.list} actions={add}>
      <Text c="dimmed">{says.intro}</Text>
      <ListView
        label={says.list}
        list={list}
        answer={answer}
        columns={COLUMNS}
        rowId={({ id }) => id}
        empty={<Empty title={says.none} hint={says.noneHint} />}
      />
    </Page>
  );
}

const COLUMNS: readonly Column<RoleView>[] = [
  {
    id: "name",
    title: says.columns.name,
    isMain: true,
    cell: ({ id, name }) => (
      <Anchor component={Link} href={paths.role(id)} inherit>
        <NameText value={name} />
      </Anchor>
    ),
  },
  { id: "rights", title: says.columns.rights, cell: ({ effective }) => says.rights(effective.capabilities.length) },
  {
    id: "scope",
    title: says.columns.scope,
    cell: ({ effective: { groups } }) => (groups === null ? says.all : says.groups(groups.length)),
  },
  { id: "admins", title: says.columns.admins, isNumber: true, cell: ({ admins }) => admins },
  { id: "created", title: says.columns.created, cell: ({ createdAt }) => shortDate(createdAt) },
];
