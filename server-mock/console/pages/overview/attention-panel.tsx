/** Who is not backed up, since when, and why; the most urgent first. */
import { Anchor, Group, Skeleton, Stack, Text } from "@mantine/core";
import { Link } from "wouter";
import type { AttentionItem } from "../../../../protocol/messages/overview.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { StatusBadge } from "../../parts/charts/status-badge.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Panel } from "../../parts/panel.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import "./overview.css";

const SHOWN = 12;

export function AttentionPanel({ organization }: { readonly organization: string | undefined }) {
  const query = { organization, limit: SHOWN };
  const { data, error, refetch } = useRead("overviewAttention", { query }, { keepShown: true });
  const there = new Set(data?.items.map(({ status }) => status));
  return (
    <Panel title={text.overview.attention}>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={240} />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {text.overview.attentionNone}
        </Text>
      )}
      {data !== undefined && data.items.length > 0 && (
        <Stack gap="sm">
          <ul className="attention-rows" aria-label={text.overview.attention}>
            {data.items.map((item) => (
              <AttentionRow key={item.machine.id} item={item} />
            ))}
          </ul>
          {data.items.length >= SHOWN && (
            <Group gap="md">
              <Text size="sm" c="dimmed">
                {text.overview.moreOf}
              </Text>
              {data.lists
                .filter(({ status }) => there.has(status))
                .map(({ status, filter }) => (
                  <Anchor
                    key={status}
                    component={Link}
                    href={paths.machines(filter)}
                    size="sm"
                    aria-label={text.overview.allOf(text.charts.status[status])}
                  >
                    {text.charts.status[status]}
                  </Anchor>
                ))}
            </Group>
          )}
        </Stack>
      )}
    </Panel>
  );
}

function AttentionRow({
  item: { machine, user, organization, status, message, since },
}: {
  readonly item: AttentionItem;
}) {
  const { isOwner } = useSession();
  return (
    <li className="attention-row">
      <div>
        <Anchor component={Link} href={paths.machine(machine.id)} fw={600} size="sm">
          <NameText value={machine.name} />
        </Anchor>
        <Text size="xs" c="dimmed">
          <NameText value={user.name} />
          {isOwner && (
            <>
              {" · "}
              <NameText value={organization.name} />
            </>
          )}
        </Text>
      </div>
      <div className="attention-why">
        <Text size="sm" fw={500} component="div">
          <StatusBadge status={status} />
        </Text>
        <Text size="sm" c="dimmed">
          {message}
        </Text>
      </div>
      <Text size="sm" component="div" className="attention-since">
        <RelativeTime at={since} />
      </Text>
    </li>
  );
}
