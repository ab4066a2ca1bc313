/** Which machines work by their configuration already. */
import { Anchor, Badge, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import type { PolicyReceipt } from "../../../../protocol/messages/policies.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";

const { receipts: texts } = text.policies;

export function ReceiptsTable({ kind, group }: { readonly kind: "desktop" | "server"; readonly group?: string }) {
  const list = useList({ keys: [], fixed: { kind, ...(group === undefined ? {} : { group }) } });
  const answer = useRead("listPolicyReceipts", { query: list.query }, { keepShown: true });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {texts.title}
      </Title>
      <ListView
        label={texts.title}
        list={list}
        answer={answer}
        columns={COLUMNS}
        rowId={({ machine }) => machine}
        empty={<Empty title={texts.none} hint={texts.noneHint} />}
      />
    </Stack>
  );
}

const COLUMNS: readonly Column<PolicyReceipt>[] = [
  {
    id: "machine",
    title: texts.machine,
    isMain: true,
    cell: ({ machine, name }) => (
      <Anchor component={Link} href={paths.machineConfiguration(machine)} inherit>
        <NameText value={name} />
      </Anchor>
    ),
  },
  { id: "user", title: texts.user, cell: ({ user }) => <NameText value={user} /> },
  {
    id: "state",
    title: texts.state,
    cell: ({ isCurrent }) => <Badge>{isCurrent ? `✓ ${texts.current}` : texts.waiting}</Badge>,
  },
  {
    id: "taken",
    title: texts.taken,
    cell: ({ takenAt }) => (
      <Group gap={4}>
        <Text span inherit>
          <RelativeTime at={takenAt} />
        </Text>
      </Group>
    ),
  },
];
