/** User Groups: all of them, and what they have. */
import { Anchor, Badge, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import type { GroupView } from "../../../../protocol/messages/groups.ts";
import { urlOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { MayLink } from "../../parts/may-link.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { shortDate } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { storageLines, usedBytes, usedLines } from "./storage-text.ts";

const GROUPS_MAX = 500;
const { columns: titles } = text.groups;

export function GroupsPage() {
  const { can, isOwner } = useSession();
  const [search, setSearch] = useState("");
  const [sort, setSort] = useState<{ by: string; order: "asc" | "desc" }>({ by: "group", order: "asc" });
  const answer = useRead("listGroups", { query: { limit: GROUPS_MAX } });
  const organizations = useRead("listOrganizations", { query: { limit: GROUPS_MAX } }, { when: isOwner });
  const names = new Map(organizations.data?.items.map(({ id, name }) => [id, name]));
  const organization: Column<GroupView> = {
    id: "organization",
    title: titles.organization,
    sort: "organization",
    cell: (group) => <NameText value={names.get(group.organization) ?? ""} />,
  };
  const keyOf = (group: GroupView) =>
    sort.by === "organization" ? (names.get(group.organization) ?? "") : KEYS[sort.by]?.(group);
  const rows = answer.data?.items.filter((group) => fits(group, search)).toSorted((a, b) => order(keyOf(a), keyOf(b)));
  if (sort.order === "desc") rows?.reverse();
  const own = useRead("ownOrganization", {}, { when: can("organization.view") && !isOwner });
  // Without user groups, or in the Home edition, there is the default one alone.
  const hasGroups = own.data === undefined || (own.data.settings.userGroups && own.data.edition !== "home");
  const add = can("groups.create") && !isOwner && hasGroups && (
    <Button component={Link} href={paths.newGroup()}>
      {text.groups.add}
    </Button>
  );
  return (
    <Page title={text.groups.list} actions={add}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-end">
          <TextInput
            type="search"
            label={text.groups.search}
            placeholder={text.groups.searchHint}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            miw={260}
          />
          {can("reports.view") && !isOwner && (
            <Anchor href={urlOf("runReport", { params: { report: "user-groups" } })} download mb={6}>
              {text.common.exportCsv}
            </Anchor>
          )}
        </Group>
        {answer.error && <ErrorBox error={answer.error} onRetry={() => void answer.refetch()} />}
        {(answer.error === null || rows) && (
          <DataTable
            label={text.groups.list}
            columns={isOwner ? [organization, ...COLUMNS] : COLUMNS}
            rows={rows}
            rowId={({ id }) => id}
            sort={sort}
            onSort={(by, order) => setSort({ by, order })}
            empty={
              search === "" ? (
                <Empty title={text.groups.none} hint={text.groups.noneHint} action={add} />
              ) : (
                <Empty title={text.common.nothingFound} hint={text.common.nothingFoundHint} />
              )
            }
          />
        )}
        <Text size="sm" c="dimmed">
          {text.groups.defaultNote} {answer.data?.next && text.groups.onlyFirst(GROUPS_MAX)}
        </Text>
      </Stack>
    </Page>
  );
}

const fits = ({ name, externalId }: GroupView, search: string): boolean =>
  `${name}\n${externalId ?? ""}`.toLowerCase().includes(search.trim().toLowerCase());

type Key = string | number | undefined;
const order = (a: Key, b: Key): number =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a ?? "").localeCompare(String(b ?? ""));

const KEYS: Readonly<Record<string, (group: GroupView) => Key>> = {
  group: ({ name }) => name,
  "external-id": ({ externalId }) => externalId ?? "",
  users: ({ users }) => users,
  machines: ({ machines }) => machines,
  storage: (group) => storageLines(group).join(" "),
  "storage-used": usedBytes,
  created: ({ createdAt }) => createdAt,
};

const COLUMNS: readonly Column<GroupView>[] = [
  {
    id: "group",
    title: titles.group,
    sort: "group",
    isMain: true,
    cell: ({ id, name, isDefault, settings }) => (
      <Group gap="xs">
        <Anchor component={Link} href={paths.group(id)} inherit>
          <NameText value={name} />
          {isDefault && <span title={text.groups.isDefault}> *</span>}
        </Anchor>
        {settings.suspended && <Badge size="sm">{text.groups.keys.states.suspended}</Badge>}
      </Group>
    ),
  },
  {
    id: "externalId",
    title: titles.externalId,
    sort: "external-id",
    cell: ({ externalId }) => externalId && <NameText value={externalId} />,
  },
  {
    id: "users",
    title: titles.users,
    sort: "users",
    isNumber: true,
    cell: ({ id, users }) => (
      <MayLink needs="users.view" href={paths.users({ group: id })}>
        {users.toLocaleString("en")}
      </MayLink>
    ),
  },
  {
    id: "machines",
    title: titles.machines,
    sort: "machines",
    isNumber: true,
    cell: ({ id, machines }) => (
      <MayLink needs="machines.view" href={paths.machines({ group: id })}>
        {machines.toLocaleString("en")}
      </MayLink>
    ),
  },
  {
    id: "storage",
    title: titles.storage,
    sort: "storage",
    cell: (group) => <Lines lines={storageLines(group)} />,
  },
  {
    id: "storageUsed",
    title: titles.storageUsed,
    sort: "storage-used",
    isNumber: true,
    cell: (group) => <Lines lines={usedLines(group)} />,
  },
  { id: "created", title: titles.created, sort: "created", cell: ({ createdAt }) => shortDate(createdAt) },
];

const Lines = ({ lines }: { readonly lines: readonly string[] }) => lines.map((line) => <div key={line}>{line}</div>);
