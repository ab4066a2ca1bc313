/** An e-mail alert: what is in it, when, to whom; and what would be mailed now. */
import { Button, Checkbox, Grid, Group, Stack, TextInput, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { EmailAlertView, SummaryModule } from "../../../../protocol/messages/schedules.ts";
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
import type { PageProps } from "../page-row.ts";
import { MailPreview } from "./mail-preview.tsx";
import { ScheduleTheirs, TakeOver, useScheduleSaved } from "./schedule-edit.tsx";
import { ScheduleFields } from "./schedule-fields.tsx";
import {
  addressesOf,
  newSchedule,
  SCHEDULE_FIELDS,
  type ScheduleValues,
  scheduleBody,
  scheduleChecks,
  scheduleValues,
} from "./schedule-values.ts";

type Values = ScheduleValues & {
  readonly modules: readonly string[];
  readonly days: string;
  readonly percent: string;
};

const ABOVE = [[text.reports.alerts, paths.emailAlerts()]] as const;

export function NewEmailAlertPage() {
  const { account } = useSession();
  const saved = useScheduleSaved(paths.emailAlerts());
  const create = useAct("createEmailAlert");
  const usual = newSchedule(text.reports.modules["backup-summary"], ownTimeZone(), account.email);
  return (
    <Page title={text.reports.addAlert} above={ABOVE}>
      <AlertForm
        draft="email-alert"
        initial={{ ...usual, modules: ["backup-summary"], days: "3", percent: "80" }}
        save={async (body) => {
          await create.mutateAsync({ body });
          saved(body.subject);
        }}
      />
    </Page>
  );
}

export function EmailAlertPage({ params }: PageProps) {
  const { data, error, refetch } = useRead("getEmailAlert", { params: { schedule: params.id ?? "" } });
  if (data === undefined) return error ? <ErrorBox error={error} onRetry={() => void refetch()} /> : <PageSkeleton />;
  return (
    <Page title={data.subject} above={ABOVE}>
      <Edit key={data.id} shown={data} />
    </Page>
  );
}

function Edit({ shown }: { readonly shown: EmailAlertView }) {
  const saved = useScheduleSaved(paths.emailAlerts());
  const change = useAct("changeEmailAlert");
  const seen = useSeenVersion(shown);
  const { modules, days, percent } = shown;
  return (
    <>
      <TakeOver madeBy={shown.madeBy} />
      <AlertForm
        draft={`email-alert.${shown.id}`}
        initial={{ ...scheduleValues(shown), modules, days: String(days), percent: String(percent) }}
        notes={
          <ScheduleTheirs
            seen={seen}
            current={shown}
            own={[text.reports.form.modules, (of) => of.modules.map((name) => text.reports.modules[name]).join(", ")]}
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

interface AlertFormProps {
  readonly draft: string;
  readonly initial: Values;
  readonly notes?: ReactNode;
  readonly save: (body: ReturnType<typeof bodyOf>) => Promise<void>;
}

function AlertForm({ draft, initial, notes, save }: AlertFormProps) {
  const { can, isOwner } = useSession();
  const preview = useAct("previewEmailAlert", { rereads: false });
  const form = useApiForm<Values & Record<string, unknown>>({
    draft,
    initial,
    fields: SCHEDULE_FIELDS,
    validate: {
      ...scheduleChecks,
      modules: (modules) => (modules.length === 0 ? text.reports.form.modulesNeeded : null),
    },
  });
  const { modules, recipients } = form.values;
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <form onSubmit={form.sending((given) => save(bodyOf(given)))} noValidate>
          <Stack>
            <FormNotes form={form} />
            {notes}
            <Checkbox.Group label={text.reports.form.modules} required {...form.getInputProps("modules")}>
              <Stack gap={6} mt={6}>
                {MODULES.map(([value, label]) => (
                  <Checkbox key={value} value={value} label={label} size="sm" />
                ))}
              </Stack>
            </Checkbox.Group>
            {modules.includes("users-without-recent-backups") && (
              <NumberField form={form} name="days" label={text.reports.form.days} />
            )}
            {modules.includes("nearing-limit") && (
              <NumberField form={form} name="percent" label={text.reports.form.percent} />
            )}
            <ScheduleFields form={form} />
            {!isOwner && (
              <Group>
                {can("alerts.edit") && (
                  <Button type="submit" loading={form.isSending}>
                    {text.reports.form.create}
                  </Button>
                )}
                <Button
                  variant="default"
                  loading={preview.isPending}
                  onClick={() => {
                    if (!form.validate().hasErrors) preview.mutate({ body: bodyOf(form.values) });
                  }}
                >
                  {text.reports.previewMail}
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 6 }} aria-live="polite">
        {preview.error && <ErrorBox error={preview.error} />}
        {preview.data && (
          <Stack gap="sm">
            <Title order={2} size="h4">
              {text.reports.mailPreview}
            </Title>
            <MailPreview mail={preview.data} to={addressesOf(recipients)} />
          </Stack>
        )}
      </Grid.Col>
    </Grid>
  );
}

interface NumberFieldProps {
  readonly form: ReturnType<typeof useApiForm<Values & Record<string, unknown>>>;
  readonly name: "days" | "percent";
  readonly label: string;
}

const NumberField = ({ form, name, label }: NumberFieldProps) => (
  <TextInput
    label={label}
    description={text.reports.parameterRange[name]}
    type="number"
    min={1}
    maw={280}
    {...form.getInputProps(name)}
  />
);

const MODULES = Object.entries(text.reports.modules);

const bodyOf = (values: Values) => ({
  ...scheduleBody(values),
  // The ticks' values are the modules' names; in the order in which they are shown.
  modules: MODULES.flatMap(([name]) => (values.modules.includes(name) ? [name as SummaryModule] : [])),
  days: Number(values.days),
  percent: Number(values.percent),
});
