/** All organizations of this service. */
import { Anchor, Button } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { OrganizationView } from "../../../../protocol/messages/organizations.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { shortDate } from "../../parts/relative-time.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { UsageBar } from "../../parts/usage-bar.tsx";
import { useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";

const { organizations: says } = text.service;
const { columns: titles } = says;

export function OrganizationsPage() {
  const { can } = useSession();
  const list = useList({ keys: [] });
  const answer = useRead("listOrganizations", { query: list.query }, { keepShown: true });
  const add = can("organizations.create") && (
    <Button component={Link} href={paths.newOrganization()}>
      {says.add}
    </Button>
  );
  return (
    <Page title={says.list} actions={add}>
      <ListView
        label={says.list}
        list={list}
        answer={answer}
        columns={COLUMNS}
        rowId={({ id }) => id}
        empty={<Empty title={says.none} hint={says.noneHint} action={add} />}
      />
    </Page>
  );
}

const licences = (kind: "desktop" | "server") => (row: OrganizationView) => {
  const pool = row.pools.find((each) => each.kind === kind);
  if (pool === undefined || pool.devices === null) return text.common.unlimited;
  const used = pool.devices - (pool.devicesFree ?? 0);
  return `${used.toLocaleString("en")} / ${pool.devices.toLocaleString("en")}`;
};

const COLUMNS: readonly Column<OrganizationView>[] = [
  {
    id: "name",
    title: titles.name,
    isMain: true,
    cell: ({ id, name }) => (
      <Anchor component={Link} href={paths.organizationOf(id)} inherit>
        <NameText value={name} />
      </Anchor>
    ),
  },
  { id: "edition", title: titles.edition, cell: ({ edition }) => says.editions[edition] },
  {
    id: "state",
    title: titles.state,
    cell: ({ state }) => <StateBadge color={state === "active" ? "teal" : "orange"}>{says.states[state]}</StateBadge>,
  },
  { id: "subdomain", title: titles.subdomain, cell: ({ subdomain }) => subdomain },
  {
    id: "storage",
    title: titles.storageUsed,
    cell: ({ usedBytes, limitBytes }) => (
      <UsageBar label={titles.storageUsed} used={usedBytes} limit={limitBytes}>
        {limitBytes === null ? formatBytes(usedBytes) : `${formatBytes(usedBytes)} / ${formatBytes(limitBytes)}`}
      </UsageBar>
    ),
  },
  { id: "desktop", title: titles.desktop, isNumber: true, cell: licences("desktop") },
  { id: "server", title: titles.server, isNumber: true, cell: licences("server") },
  { id: "created", title: titles.created, cell: ({ createdAt }) => shortDate(createdAt) },
];
