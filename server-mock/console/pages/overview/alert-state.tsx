import { CheckCircleIcon, ExclamationTriangleIcon, EyeIcon } from "@heroicons/react/24/outline";
import { Stack, Text } from "@mantine/core";
import type { AlertView } from "../../../../protocol/messages/alerts.ts";
import { text } from "../../messages/messages.ts";
import { Signed } from "../../parts/charts/status-badge.tsx";
import { EmailText } from "../../parts/email-text.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";

const alerts = text.alerts;

/** Open, looked after, or over. */
export function AlertState({ alert }: { readonly alert: AlertView }) {
  const { state, acknowledgedBy, acknowledgedAt, closedAt } = alert;
  switch (state) {
    case "open":
      return (
        <Signed tone="warning" sign={ExclamationTriangleIcon}>
          {alerts.states.open}
        </Signed>
      );
    case "acknowledged":
      return (
        <Stack gap={0}>
          <Signed tone="running" sign={EyeIcon}>
            {alerts.states.acknowledged}
          </Signed>
          <Text size="xs" component="div">
            {alerts.by} <EmailText value={acknowledgedBy ?? ""} />
          </Text>
          <Text size="xs" component="div">
            <RelativeTime at={acknowledgedAt} />
          </Text>
        </Stack>
      );
    case "closed":
      return (
        <Stack gap={0}>
          <Signed tone="good" sign={CheckCircleIcon}>
            {alerts.closed}
          </Signed>
          <Text size="xs" component="div">
            <RelativeTime at={closedAt} />
          </Text>
        </Stack>
      );
  }
}
