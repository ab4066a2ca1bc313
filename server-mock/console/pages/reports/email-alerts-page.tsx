/** Summaries that are mailed regularly. */
import { Button, Text } from "@mantine/core";
import { Link } from "wouter";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Page } from "../../parts/page.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { ScheduleTable } from "./schedule-table.tsx";

const ALERTS_MAX = 500;

export function EmailAlertsPage() {
  const { can, isOwner } = useSession();
  const { data, error, refetch } = useRead("listEmailAlerts", { query: { limit: ALERTS_MAX } });
  const send = useAct("sendEmailAlert");
  const remove = useAct("deleteEmailAlert");
  const add = can("alerts.edit") && !isOwner && (
    <Button component={Link} href={paths.newEmailAlert()}>
      {text.reports.addAlert}
    </Button>
  );
  return (
    <Page title={text.reports.alerts} actions={add}>
      <Text size="sm" c="dimmed">
        {text.reports.alertsHint}
      </Text>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      <ScheduleTable
        label={text.reports.alerts}
        rows={data?.items}
        hrefOf={({ id }) => paths.emailAlert(id)}
        content={{
          title: text.reports.columns.modules,
          cell: ({ modules }) => modules.map((name) => text.reports.modules[name]).join(", "),
        }}
        mayEdit={can("alerts.edit")}
        send={(schedule) => send.mutateAsync({ params: { schedule } })}
        remove={(schedule) => remove.mutateAsync({ params: { schedule } })}
        empty={
          <Empty
            title={text.reports.alertsNone}
            hint={isOwner ? text.reports.ownerOnly : text.reports.alertsNoneHint}
            action={add}
          />
        }
      />
    </Page>
  );
}
