/** Where events are sent. */
import { Anchor, Button, Text } from "@mantine/core";
import { Link } from "wouter";
import type { WebhookView } from "../../../../protocol/messages/webhooks.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { RelativeTime, shortDate } from "../../parts/relative-time.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";

const { columns: titles, states } = text.admin.webhooks;
const WEBHOOKS_MAX = 100;

export function WebhooksPage() {
  const { can, isOwner } = useSession();
  const { data, error, refetch } = useRead("listWebhooks", { query: { limit: WEBHOOKS_MAX } });
  const add = can("organization.edit") && !isOwner && (
    <Button component={Link} href={paths.newWebhook()}>
      {text.admin.webhooks.add}
    </Button>
  );
  return (
    <Page title={text.admin.webhooks.list} actions={add}>
      <Text size="sm" c="dimmed">
        {text.admin.webhooks.hint}
      </Text>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      <DataTable
        label={text.admin.webhooks.list}
        columns={COLUMNS}
        rows={data?.items}
        rowId={({ id }) => id}
        empty={<Empty title={text.admin.webhooks.none} hint={text.admin.webhooks.noneHint} action={add} />}
      />
    </Page>
  );
}

const COLUMNS: readonly Column<WebhookView>[] = [
  {
    id: "url",
    title: titles.url,
    isMain: true,
    cell: ({ id, url }) => (
      <Anchor component={Link} href={paths.webhook(id)} inherit>
        <NameText value={url} />
      </Anchor>
    ),
  },
  {
    id: "events",
    title: titles.events,
    cell: ({ events }) =>
      events.length === 0 ? text.admin.webhooks.allEvents : text.admin.webhooks.eventsOf(events.length),
  },
  {
    id: "state",
    title: titles.state,
    cell: ({ state, failingSince }) => (
      <StateBadge color={state === "disabled" ? "gray" : failingSince === null ? "teal" : "red"}>
        {states[state]}
      </StateBadge>
    ),
  },
  {
    id: "failing",
    title: titles.failing,
    cell: ({ failingSince }) => failingSince && <RelativeTime at={failingSince} />,
  },
  { id: "created", title: titles.created, cell: ({ createdAt }) => shortDate(createdAt) },
];
