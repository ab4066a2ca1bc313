/** Who administers the organization. */
import { Button, Text } from "@mantine/core";
import { Link } from "wouter";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { Page } from "../../parts/page.tsx";
import { useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { adminColumns } from "./admin-columns.tsx";

const { admins: says } = text.people;

export function AdminsPage() {
  const { account, can } = useSession();
  const list = useList({ keys: [] });
  const answer = useRead("listAdmins", { query: list.query }, { keepShown: true });
  const add = can("roles.create") && (
    <Button component={Link} href={paths.newAdmin()}>
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
        columns={adminColumns(account.id)}
        rowId={({ id }) => id}
        empty={<Empty title={says.none} hint={says.noneHint} />}
      />
    </Page>
  );
}
