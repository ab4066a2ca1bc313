/** Restore files: choose the machine. */
import { Anchor, Text } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { MachineItem } from "../../../../protocol/messages/lists.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";

const t = text.restore;

export function RestorePage() {
  const { isUser } = useSession();
  const list = useList({ keys: ["search", "full"], sort: { by: "machine", order: "asc" } });
  const answer = useRead("listMachines", { query: list.query }, { keepShown: true });
  return (
    <Page title={t.title}>
      <Text size="sm">{t.choose}</Text>
      <ListView
        label={t.machinesLabel}
        list={list}
        answer={answer}
        columns={isUser ? OWN : [...OWN.slice(0, 1), ...OF_OTHERS, ...OWN.slice(1)]}
        rowId={({ id }) => id}
        {...(isUser ? {} : { searchHint: t.searchHint, hasFullSearch: true })}
        empty={<Empty title={t.noMachines} hint={t.noMachinesHint} />}
      />
    </Page>
  );
}

const { machineColumns: titles } = t;

const OWN: readonly Column<MachineItem>[] = [
  {
    id: "machine",
    title: titles.machine,
    sort: "machine",
    isMain: true,
    cell: ({ id, name }) => (
      <Anchor component={Link} href={paths.restoreMachine(id)} inherit>
        <NameText value={name} />
      </Anchor>
    ),
  },
  {
    id: "lastUpdate",
    title: titles.lastUpdate,
    sort: "last-update",
    cell: ({ lastUpdateAt }) => <RelativeTime at={lastUpdateAt} />,
  },
  { id: "encryption", title: titles.encryption, cell: ({ encryption }) => t.encryption[encryption] },
  {
    id: "storage",
    title: titles.storage,
    sort: "storage-used",
    isNumber: true,
    cell: ({ usedBytes }) => formatBytes(usedBytes),
  },
];

const OF_OTHERS: readonly Column<MachineItem>[] = [
  { id: "user", title: titles.user, sort: "user", cell: ({ user }) => <NameText value={user.email} /> },
  { id: "group", title: titles.group, sort: "group", cell: ({ shown }) => <NameText value={shown.group} /> },
];
