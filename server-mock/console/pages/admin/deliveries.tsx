/** What was sent to a webhook, and what it answered; read again while something is on its way. */
import { Button, Code, Modal, Stack, Title } from "@mantine/core";
import { useState } from "react";
import type { DeliveryView } from "../../../../protocol/messages/webhooks.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Facts } from "../../parts/facts.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { exactTime, RelativeTime } from "../../parts/relative-time.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { useList } from "../../parts/use-list.ts";

const { deliveryColumns: titles, deliveryStates, ...says } = text.admin.webhooks;
const COLORS = { waiting: "gray", delivered: "teal", failed: "red" } as const;
const WAITING_MS = 3_000;

export function Deliveries({ webhook }: { readonly webhook: string }) {
  const [open, setOpen] = useState<DeliveryView>();
  const [isWaiting, setIsWaiting] = useState(false);
  const list = useList({ keys: [] });
  const answer = useRead(
    "listDeliveries",
    { params: { webhook }, query: list.query },
    { keepShown: true, everyMs: isWaiting ? WAITING_MS : false },
  );
  const waits = answer.data?.items.some(({ state }) => state === "waiting") ?? false;
  if (waits !== isWaiting) setIsWaiting(waits);
  const action: Column<DeliveryView> = {
    id: "action",
    title: titles.action,
    cell: (delivery) => (
      <Button
        size="compact-sm"
        variant="default"
        aria-label={says.showDeliveryOf(delivery.kind)}
        onClick={() => setOpen(delivery)}
      >
        {says.showDelivery}
      </Button>
    ),
  };
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {says.deliveries}
      </Title>
      <ListView
        label={says.deliveries}
        list={list}
        answer={answer}
        columns={[...COLUMNS, action]}
        rowId={({ id }) => id}
        empty={<Empty title={says.deliveriesNone} hint={says.deliveriesNoneHint} />}
      />
      <Modal opened={open !== undefined} onClose={() => setOpen(undefined)} title={open?.kind ?? ""} size="lg">
        {open && <Delivery delivery={open} />}
      </Modal>
    </Stack>
  );
}

const COLUMNS: readonly Column<DeliveryView>[] = [
  { id: "created", title: titles.created, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  { id: "event", title: titles.event, isMain: true, cell: ({ kind }) => kind },
  {
    id: "state",
    title: titles.state,
    cell: ({ state }) => <StateBadge color={COLORS[state]}>{deliveryStates[state]}</StateBadge>,
  },
  { id: "status", title: titles.status, cell: ({ status, problem }) => status ?? problem },
  { id: "attempts", title: titles.attempts, isNumber: true, cell: ({ attempts }) => attempts },
  { id: "next", title: titles.next, cell: ({ nextAt }) => nextAt && <RelativeTime at={nextAt} /> },
];

function Delivery({ delivery }: { readonly delivery: DeliveryView }) {
  const { createdAt, endedAt, state, status, problem, attempts, body } = delivery;
  return (
    <Stack>
      <Facts
        rows={[
          [titles.created, exactTime(createdAt)],
          [titles.state, deliveryStates[state]],
          endedAt === null ? undefined : [deliveryStates[state], exactTime(endedAt)],
          [titles.status, status ?? text.common.none],
          problem === null ? undefined : [says.problem, <NameText key="problem" value={problem} />],
          [titles.attempts, attempts],
        ]}
      />
      <Code block aria-label={says.body} role="region" tabIndex={0}>
        {pretty(body)}
      </Code>
    </Stack>
  );
}

/** JSON as people read it; whatever it is, as text. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2).split("\n").map(visibleText).join("\n");
  } catch {
    return visibleText(body);
  }
}
