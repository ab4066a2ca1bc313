/** What is not as it should be, what to do about it, and who looks after it. */
import { Button, Stack, Text } from "@mantine/core";
import type { AlertView } from "../../../../protocol/messages/alerts.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { useLive } from "../../api/use-live.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { useList } from "../../parts/use-list.ts";
import { useSession } from "../../session/session.tsx";
import { adviceOn } from "./alert-advice.ts";
import "./overview.css";
import { ALERT_KIND_NAMES } from "./alert-kinds.ts";
import { AlertState } from "./alert-state.tsx";
import { AlertSubject } from "./alert-subject.tsx";

const alerts = text.alerts;
const { columns: titles } = alerts;

/** Of the address; the API knows only single states, and no choice is all of them. */
const ANY = "any";

export function AlertsPage() {
  const { can } = useSession();
  const list = useList({ keys: ["state", "kind", "machine", "organization"] });
  const { state = "open", ...query } = list.query;
  const asked = state === ANY ? query : { ...query, state };
  const answer = useRead("listAlerts", { query: asked }, { keepShown: true });
  useLive({ alerts: ["listAlerts"] });
  const acknowledge = useAct("acknowledgeAlert", {
    onDone: ({ subject }) => notify(alerts.acknowledged(visibleText(subject))),
  });
  const action: Column<AlertView> = {
    id: "action",
    title: titles.action,
    cell: ({ id, state: of, subject }) =>
      of === "open" && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={alerts.acknowledgeWhat(visibleText(subject))}
          loading={acknowledge.isPending && acknowledge.variables.params?.alert === id}
          onClick={() => acknowledge.mutate({ params: { alert: id } }, { onError: notifyError })}
        >
          {alerts.acknowledge}
        </Button>
      ),
  };
  return (
    <Page title={alerts.title}>
      <ListView
        label={alerts.title}
        list={list}
        answer={answer}
        columns={can("alerts.edit") ? [...COLUMNS, action] : COLUMNS}
        rowId={({ id }) => id}
        filters={FILTERS}
        empty={<Empty title={alerts.none} hint={alerts.noneHint} />}
      />
    </Page>
  );
}

const FILTERS = [
  {
    key: "state",
    label: alerts.filters.state,
    otherwise: alerts.notClosed,
    options: (["acknowledged", "closed", ANY] as const).map((value) => ({ value, label: alerts.states[value] })),
  },
  { key: "kind", label: alerts.filters.kind, options: ALERT_KIND_NAMES },
];

const COLUMNS: readonly Column<AlertView>[] = [
  {
    id: "what",
    title: titles.what,
    isMain: true,
    cell: (alert) => (
      <Stack gap={0}>
        <AlertSubject alert={alert} />
        <Text size="xs" c="dimmed">
          {alerts.kinds[alert.kind]}
        </Text>
      </Stack>
    ),
  },
  {
    id: "message",
    title: titles.message,
    cell: (alert) => (
      <Stack gap={0} className="alert-message">
        <NameText value={alert.message} />
        {alert.state !== "closed" && (
          <Text size="sm" c="dimmed">
            {adviceOn(alert)}
          </Text>
        )}
      </Stack>
    ),
  },
  { id: "openedAt", title: titles.openedAt, cell: ({ openedAt }) => <RelativeTime at={openedAt} /> },
  { id: "state", title: titles.state, cell: (alert) => <AlertState alert={alert} /> },
];
