/** One report: its parameters, its first rows, the whole of it as CSV. What is chosen stands in the address. */
import { Button, Group, NativeSelect, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import type { ReportName } from "../../../../protocol/messages/reports.ts";
import { urlOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { type ListState, useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { MissingPage } from "../missing-page.tsx";
import type { PageProps } from "../page-row.ts";
import { isParameter, type ParameterName, USUAL } from "./report-parameters.ts";
import { ReportPreview } from "./report-preview.tsx";

const GROUPS_MAX = 500;

export function ReportPage({ params }: PageProps) {
  const { can, isOwner } = useSession();
  const { data, error, refetch } = useRead("listReports");
  const list = useList({ keys: ["days", "percent", "sinceDays", "group"] });
  if (error !== null) return <ErrorBox error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <PageSkeleton />;
  const report = data.items.find(({ name }) => name === params.report);
  if (report === undefined) return <MissingPage />;
  const { name } = report;
  const title = text.reports.titles[name];
  const { sort: _, order: __, ...choice } = list.choice;
  const download = urlOf("runReport", { params: { report: name }, query: choice });
  return (
    <Page
      title={title}
      above={[[text.reports.list, paths.reports()]]}
      actions={
        <>
          {can("reports.edit") && !isOwner && (
            <Button variant="default" component={Link} href={paths.newReportSchedule(name, choice)}>
              {text.reports.schedule}
            </Button>
          )}
          <Button component="a" href={download} download>
            {text.reports.download}
          </Button>
        </>
      }
    >
      <Text size="sm" c="dimmed">
        {text.reports.says[name]}
      </Text>
      <Parameters
        key={JSON.stringify(choice)}
        report={name}
        names={report.parameters.filter(isParameter)}
        list={list}
      />
      <Title order={2} size="h4">
        {text.reports.preview}
      </Title>
      <ReportPreview report={name} query={choice} label={title} />
    </Page>
  );
}

const LABEL_HEIGHT = 25;
/** What stands beside each other stands in line. */
const HINT_BELOW: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

interface ParametersProps {
  readonly report: ReportName;
  readonly names: readonly ParameterName[];
  readonly list: ListState;
}

function Parameters({ names, list }: ParametersProps) {
  const { can } = useSession();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({ ...USUAL, ...list.choice });
  const groups = useRead("listGroups", { query: { limit: GROUPS_MAX } }, { when: can("groups.view") });
  const options = (groups.data?.items ?? []).map(({ id, label }) => ({ value: id, label: visibleText(label) }));
  if (names.length === 0 && options.length < 2) return null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        list.set(Object.fromEntries([...names, "group"].map((name) => [name, typed[name]])));
      }}
    >
      <Group align="flex-start" gap="sm">
        {names.map((name) => (
          <TextInput
            key={name}
            label={text.reports.parameters[name]}
            description={text.reports.parameterRange[name]}
            inputWrapperOrder={HINT_BELOW}
            type="number"
            min={1}
            required
            withAsterisk={false}
            value={typed[name]}
            onChange={({ currentTarget: { value } }) => setTyped({ ...typed, [name]: value })}
          />
        ))}
        {options.length > 1 && (
          <NativeSelect
            label={text.reports.group}
            data={[{ value: "", label: text.reports.allGroups }, ...options]}
            value={typed.group ?? ""}
            onChange={({ currentTarget: { value } }) => setTyped({ ...typed, group: value })}
          />
        )}
        <Button type="submit" variant="default" mt={LABEL_HEIGHT}>
          {text.reports.show}
        </Button>
      </Group>
    </form>
  );
}
