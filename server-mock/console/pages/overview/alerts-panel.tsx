/** The newest open alerts. */
import { Group, Stack, Text } from "@mantine/core";
import type { Overview } from "../../../../protocol/messages/overview.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Panel } from "../../parts/panel.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import { AlertSubject } from "./alert-subject.tsx";
import "./overview.css";

const SHOWN = 4;

export interface AlertsPanelProps {
  readonly organization: string | undefined;
  readonly counts: Overview["alerts"];
}

export function AlertsPanel({ organization, counts: { open, unacknowledged } }: AlertsPanelProps) {
  const query = { organization, state: "open", limit: SHOWN } as const;
  const { data, error, refetch } = useRead("listAlerts", { query }, { keepShown: true });
  const more = open > 0 ? ([text.overview.alertsMore(open), paths.alerts({ organization })] as const) : undefined;
  return (
    <Panel title={text.overview.alerts} more={more}>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {text.overview.alertsNone}
        </Text>
      )}
      {unacknowledged > 0 && (
        <Text size="xs" c="dimmed" mb="xs">
          {text.overview.alertsUnseen(unacknowledged)}
        </Text>
      )}
      <ul className="plain-rows">
        {data?.items.map((alert) => (
          <li key={alert.id}>
            <Group justify="space-between" wrap="nowrap" align="baseline" gap="sm">
              <Stack gap={0}>
                <Text size="sm" fw={500} component="div">
                  <AlertSubject alert={alert} />
                </Text>
                <Text size="xs" c="dimmed">
                  {text.alerts.kinds[alert.kind]}
                </Text>
              </Stack>
              <Text size="xs" component="div" className="attention-since">
                <RelativeTime at={alert.openedAt} />
              </Text>
            </Group>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
