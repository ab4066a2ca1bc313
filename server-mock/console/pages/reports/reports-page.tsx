/** The reports there are, and those that are mailed regularly. */
import { Anchor, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import type { ReportView } from "../../../../protocol/messages/reports.ts";
import { urlOf } from "../../api/client.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Page } from "../../parts/page.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { ScheduleTable } from "./schedule-table.tsx";

const SCHEDULES_MAX = 500;

export function ReportsPage() {
  const { data, error, refetch } = useRead("listReports");
  return (
    <Page title={text.reports.list}>
      <Text size="sm" c="dimmed">
        {text.reports.listHint}
      </Text>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      <DataTable
        label={text.reports.list}
        columns={COLUMNS}
        rows={data?.items}
        rowId={({ name }) => name}
        empty={null}
      />
      <ScheduledReports />
    </Page>
  );
}

const COLUMNS: readonly Column<ReportView>[] = [
  {
    id: "report",
    title: text.reports.report,
    isMain: true,
    cell: ({ name }) => (
      <Anchor component={Link} href={paths.report(name)} inherit>
        {text.reports.titles[name]}
      </Anchor>
    ),
  },
  { id: "about", title: text.reports.about, cell: ({ name }) => text.reports.says[name] },
  {
    id: "download",
    title: text.reports.columns.action,
    cell: ({ name }) => (
      <Anchor
        href={urlOf("runReport", { params: { report: name } })}
        download
        inherit
        aria-label={text.reports.downloadOf(text.reports.titles[name])}
      >
        {text.reports.download}
      </Anchor>
    ),
  },
];

function ScheduledReports() {
  const { can, isOwner } = useSession();
  const { data, error, refetch } = useRead("listReportSchedules", { query: { limit: SCHEDULES_MAX } });
  const send = useAct("sendReportSchedule");
  const remove = useAct("deleteReportSchedule");
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {text.reports.scheduled}
      </Title>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      <ScheduleTable
        label={text.reports.scheduled}
        rows={data?.items}
        hrefOf={({ id }) => paths.reportSchedule(id)}
        content={{ title: text.reports.columns.report, cell: ({ report }) => text.reports.titles[report] }}
        mayEdit={can("reports.edit")}
        send={(schedule) => send.mutateAsync({ params: { schedule } })}
        remove={(schedule) => remove.mutateAsync({ params: { schedule } })}
        empty={
          <Empty
            title={text.reports.scheduledNone}
            hint={isOwner ? text.reports.ownerOnly : text.reports.scheduledNoneHint}
          />
        }
      />
    </Stack>
  );
}
