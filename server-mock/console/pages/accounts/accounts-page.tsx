/** Accounts of an organization: log-ins with quotas of their own, inactive until their mail is followed. */
import { Anchor, Badge, Button, NativeSelect } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { AccountView } from "../../../../protocol/messages/account-form.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { EmailText } from "../../parts/email-text.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { shortDate } from "../../parts/relative-time.tsx";
import { useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { QUOTAS } from "./account-values.ts";
import { Used } from "./quota-fields.tsx";

const words = text.accounts;

export function AccountsPage() {
  const { isOwner, can } = useSession();
  const list = useList({ keys: ["organization"] });
  const { organization } = list.choice;
  const isChosen = !isOwner || organization !== undefined;
  const organizations = useRead("listOrganizations", { query: { limit: 500 } }, { when: isOwner });
  const own = useRead("ownOrganization", {}, { when: !isOwner && can("organization.view") });
  const answer = useRead("listAccounts", { query: list.query }, { when: isChosen, keepShown: true });
  const isOffered = own.data?.settings.accountForm ?? true;
  const add = can("users.create") && isOffered && isChosen && (
    <Button component={Link} href={paths.newAccount({ organization })}>
      {words.add}
    </Button>
  );
  const choice = isOwner && (
    <NativeSelect
      label={words.organization}
      value={organization ?? ""}
      onChange={(event) => list.set({ organization: event.currentTarget.value })}
      data={[
        { value: "", label: words.chooseOrganization },
        ...(organizations.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
  const empty = isOffered ? (
    <Empty title={words.none} hint={words.noneHint} action={add} />
  ) : (
    <Empty title={words.notOffered} hint={words.notOfferedHint} />
  );
  return (
    <Page title={words.title} actions={add}>
      {isChosen ? (
        <ListView
          label={words.title}
          list={list}
          answer={answer}
          columns={COLUMNS}
          rowId={({ id }) => id}
          isDense
          tools={choice}
          empty={empty}
        />
      ) : (
        <>
          {choice}
          <Empty title={words.chooseOrganization} hint={words.chooseOrganizationHint} />
        </>
      )}
    </Page>
  );
}

const { columns: titles } = words;

const COLUMNS: readonly Column<AccountView>[] = [
  {
    id: "login",
    title: titles.login,
    isMain: true,
    cell: ({ id, login }) => (
      <Anchor component={Link} href={paths.account(id)} inherit>
        <NameText value={login} />
      </Anchor>
    ),
  },
  { id: "email", title: titles.email, cell: ({ email }) => <EmailText value={email} /> },
  { id: "name", title: titles.name, cell: ({ name }) => <NameText value={name} /> },
  { id: "group", title: titles.group, cell: ({ group }) => <NameText value={group.name} /> },
  {
    id: "state",
    title: titles.state,
    cell: ({ state }) => <Badge miw="max-content">{text.users.states[state]}</Badge>,
  },
  {
    id: "administrator",
    title: titles.administrator,
    cell: ({ administrator }) => (administrator ? words.yes : words.no),
  },
  { id: "devices", title: titles.devices, cell: (account) => <DevicesCell account={account} /> },
  {
    id: "storage",
    title: titles.storage,
    cell: ({ storage: { usedBytes, limitBytes, state } }) => (
      <Used state={state}>
        {limitBytes === null ? formatBytes(usedBytes) : `${formatBytes(usedBytes)} / ${formatBytes(limitBytes)}`}
      </Used>
    ),
  },
  {
    id: "created",
    title: titles.created,
    cell: ({ createdAt }) => <span className="nowrap">{shortDate(createdAt)}</span>,
  },
];

/** All counts together, in the worst colour of them. */
function DevicesCell({ account: { quotas } }: { readonly account: AccountView }) {
  const all = QUOTAS.map((name) => quotas[name]);
  const used = all.reduce((sum, quota) => sum + quota.used, 0);
  const worst = (["exceeded", "reached"] as const).find((state) =>
    all.some((quota) => quota.state === state && quota.used > 0),
  );
  return <Used state={worst ?? "below"}>{used.toLocaleString("en")}</Used>;
}
