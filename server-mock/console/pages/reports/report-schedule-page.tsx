/** A report that is mailed regularly: made, looked at, changed. */
import { Button, Group, NativeSelect, Stack, TextInput, Title } from "@mantine/core";
import { useSearch } from "wouter";
import type { ReportName } from "../../../../protocol/messages/reports.ts";
import type { ReportScheduleView } from "../../../../protocol/messages/schedules.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { FormNotes } from "../../parts/form-notes.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { useSeenVersion } from "../../parts/seen-version.tsx";
import { ownTimeZone } from "../../parts/time-zones.ts";
import { useApiForm } from "../../parts/use-api-form.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { MissingPage } from "../missing-page.tsx";
import type { PageProps } from "../page-row.ts";
import { isParameter, type ParameterName, parametersOf } from "./report-parameters.ts";
import { ReportPreview } from "./report-preview.tsx";
import { ScheduleTheirs, TakeOver, useScheduleSaved } from "./schedule-edit.tsx";
import { ScheduleFields } from "./schedule-fields.tsx";
import {
  newSchedule,
  SCHEDULE_FIELDS,
  type ScheduleValues,
  scheduleBody,
  scheduleChecks,
  scheduleValues,
} from "./schedule-values.ts";

type Values = ScheduleValues & Readonly<Record<ParameterName, string>> & { readonly report: ReportName };

const ABOVE = [[text.reports.list, paths.reports()]] as const;

export function NewReportSchedulePage({ params }: PageProps) {
  const { account } = useSession();
  const asked = Object.fromEntries(new URLSearchParams(useSearch()));
  const saved = useScheduleSaved(paths.reports());
  const create = useAct("createReportSchedule");
  const report = reportOf(params.report);
  if (report === undefined) return <MissingPage />;
  const title = text.reports.titles[report];
  const usual = newSchedule(title, ownTimeZone(), account.email);
  const scope = asked.group === undefined ? {} : ({ scope: "chosen", groups: [asked.group] } as const);
  return (
    <Page title={text.reports.newSchedule} above={[...ABOVE, [title, paths.report(report)]]}>
      <ScheduleForm
        draft={`report-schedule.${report}`}
        initial={{ ...usual, ...scope, report, ...parametersOf(asked) }}
        save={async (body) => {
          await create.mutateAsync({ body });
          saved(body.subject);
        }}
      />
    </Page>
  );
}

export function ReportSchedulePage({ params }: PageProps) {
  const { data, error, refetch } = useRead("getReportSchedule", { params: { schedule: params.id ?? "" } });
  if (data === undefined) return error ? <ErrorBox error={error} onRetry={() => void refetch()} /> : <PageSkeleton />;
  return (
    <Page title={data.subject} above={ABOVE}>
      <Edit key={data.id} shown={data} />
    </Page>
  );
}

function Edit({ shown }: { readonly shown: ReportScheduleView }) {
  const saved = useScheduleSaved(paths.reports());
  const change = useAct("changeReportSchedule");
  const seen = useSeenVersion(shown);
  return (
    <>
      <TakeOver madeBy={shown.madeBy} />
      <ScheduleForm
        draft={`report-schedule.${shown.id}`}
        initial={{ ...scheduleValues(shown), report: shown.report, ...textsOf(shown) }}
        notes={
          <ScheduleTheirs
            seen={seen}
            current={shown}
            own={[text.reports.form.report, ({ report }) => text.reports.titles[report]]}
          />
        }
        save={async (body) => {
          await seen.guard((ifMatch) => change.mutateAsync({ params: { schedule: shown.id }, body, ifMatch }));
          saved(body.subject);
        }}
      />
    </>
  );
}

interface ScheduleFormProps {
  readonly draft: string;
  readonly initial: Values;
  readonly notes?: React.ReactNode;
  readonly save: (body: ReturnType<typeof bodyOf>) => Promise<void>;
}

function ScheduleForm({ draft, initial, notes, save }: ScheduleFormProps) {
  const { can, isOwner } = useSession();
  const form = useApiForm<Values & Record<string, unknown>>({
    draft,
    initial,
    validate: scheduleChecks,
    fields: {
      ...SCHEDULE_FIELDS,
      "parameters.days": "days",
      "parameters.percent": "percent",
      "parameters.sinceDays": "sinceDays",
    },
  });
  const reports = useRead("listReports");
  const { report, scope, groups, ...values } = form.values;
  const names = reports.data?.items.find(({ name }) => name === report)?.parameters.filter(isParameter) ?? [];
  const [group] = groups;
  const query = {
    ...Object.fromEntries(names.map((name) => [name, values[name]])),
    ...(scope === "chosen" && group !== undefined && groups.length === 1 ? { group } : {}),
  };
  return (
    <>
      <form onSubmit={form.sending((given) => save(bodyOf(given)))} noValidate>
        <Stack maw={640}>
          <FormNotes form={form} />
          {notes}
          <NativeSelect label={text.reports.form.report} data={TITLES} {...form.getInputProps("report")} />
          {names.map((name) => (
            <TextInput
              key={name}
              label={text.reports.parameters[name]}
              description={text.reports.parameterRange[name]}
              type="number"
              min={1}
              {...form.getInputProps(name)}
            />
          ))}
          <ScheduleFields form={form} />
          {can("reports.edit") && !isOwner && (
            <Group>
              <Button type="submit" loading={form.isSending}>
                {text.reports.form.create}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
      <Title order={2} size="h4">
        {text.reports.preview}
      </Title>
      <ReportPreview report={report} query={query} label={text.reports.titles[report]} rows={5} />
    </>
  );
}

const TITLES = Object.entries(text.reports.titles).map(([value, label]) => ({ value, label }));

const reportOf = (name: string | undefined): ReportName | undefined =>
  name !== undefined && name in text.reports.titles ? (name as ReportName) : undefined; // The titles are by report.

const textsOf = ({ parameters }: ReportScheduleView) => ({
  days: String(parameters.days),
  percent: String(parameters.percent),
  sinceDays: String(parameters.sinceDays),
});

const bodyOf = (values: Values) => ({
  ...scheduleBody(values),
  report: values.report,
  parameters: { days: Number(values.days), percent: Number(values.percent), sinceDays: Number(values.sinceDays) },
});
