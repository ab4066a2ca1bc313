/** Product Keys: who has which, unactivated ones first. */
import { Button, Text } from "@mantine/core";
import { useState } from "react";
import type { ProductKeyView } from "../../../../protocol/messages/product-keys.ts";
import { urlOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { type ListFilter, ListView } from "../../parts/list-view.tsx";
import { MayLink } from "../../parts/may-link.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { shortDate } from "../../parts/relative-time.tsx";
import { useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { KeyOwnerFilter } from "./key-owner-filter.tsx";
import { MakeKeys } from "./make-keys.tsx";
import { SelectedKeys } from "./selected-keys.tsx";

const { keys: texts } = text.groups;
const { columns: titles } = texts;
const GROUPS_MAX = 500;

export function KeysPage() {
  const { can, isOwner } = useSession();
  const [isMaking, setIsMaking] = useState(false);
  const [ids, setIds] = useState<readonly string[]>([]);
  const list = useList({ keys: ["state", "kind", "group", "user"] });
  const answer = useRead("listProductKeys", { query: list.query }, { keepShown: true });
  const groups = useRead("listGroups", { query: { limit: GROUPS_MAX } }, { when: can("groups.view") });
  const mayAct = can("keys.create") || can("keys.delete");
  const selected = answer.data?.items.filter(({ id }) => ids.includes(id)) ?? [];
  const make = can("keys.create") && !isOwner && <Button onClick={() => setIsMaking(true)}>{texts.make}</Button>;
  const filters: readonly ListFilter[] = [
    { key: "state", label: texts.stateFilter, options: optionsOf(texts.states) },
    { key: "kind", label: texts.typeFilter, options: optionsOf(texts.types) },
    ...(groups.data === undefined
      ? []
      : [
          {
            key: "group",
            label: texts.groupFilter,
            options: groups.data.items.map(({ id, name }) => ({ value: id, label: visibleText(name) })),
          },
        ]),
  ];
  return (
    <Page title={texts.list} actions={make}>
      <SelectedKeys keys={selected} onDone={() => setIds([])} />
      <ListView
        label={texts.list}
        list={list}
        answer={answer}
        columns={COLUMNS}
        isDense
        rowId={({ id }) => id}
        filters={filters}
        tools={can("users.view") && <KeyOwnerFilter list={list} />}
        exportUrl={urlOf("exportProductKeys", { query: list.choice })}
        {...(mayAct ? { selection: { ids, onChange: setIds, nameOf: lastGroupOf } } : {})}
        empty={
          list.choice.user === undefined ? (
            <Empty title={texts.none} hint={texts.noneHint} action={make} />
          ) : (
            <Empty title={text.common.nothingFound} hint={text.common.nothingFoundHint} />
          )
        }
      />
      <Text size="sm" c="dimmed">
        {texts.onlyLast}
      </Text>
      {isMaking && <MakeKeys onClose={() => setIsMaking(false)} />}
    </Page>
  );
}

const optionsOf = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));

const lastGroupOf = ({ lastGroup }: ProductKeyView): string => texts.lastGroup(lastGroup);

const COLUMNS: readonly Column<ProductKeyView>[] = [
  { id: "key", title: titles.key, isMain: true, cell: (key) => <code>{lastGroupOf(key)}</code> },
  { id: "type", title: titles.type, cell: ({ kind }) => texts.types[kind] },
  { id: "state", title: titles.state, cell: ({ state }) => texts.states[state] },
  { id: "group", title: titles.group, cell: ({ shown }) => <NameText value={shown.group} /> },
  {
    id: "user",
    title: titles.user,
    cell: ({ user }) =>
      user && (
        <MayLink needs="users.view" href={paths.user(user.id)}>
          <NameText value={user.email} />
        </MayLink>
      ),
  },
  {
    id: "machine",
    title: titles.machine,
    cell: ({ machine, shown }) =>
      machine && (
        <MayLink needs="machines.view" href={paths.machine(machine)}>
          <NameText value={shown.machine ?? machine} />
        </MayLink>
      ),
  },
  { id: "created", title: titles.created, cell: ({ createdAt }) => shortDate(createdAt) },
  { id: "activated", title: titles.activated, cell: ({ activatedAt }) => activatedAt && shortDate(activatedAt) },
];
