/** What the service does unasked, and how it went last. */
import { Text } from "@mantine/core";
import type { Answer } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";

type Job = Answer<"listJobs">["items"][number];

const { page: says } = text.service;
const { columns: titles } = says;
const EVERY_MS = 15_000;

export function Jobs() {
  const { data, error, refetch } = useRead("listJobs", {}, { everyMs: EVERY_MS });
  if (error !== null && data === undefined) return <ErrorBox error={error} onRetry={() => void refetch()} />;
  return (
    <DataTable
      label={says.jobs}
      columns={COLUMNS}
      rows={data && failedFirst(data.items)}
      rowId={({ name }) => name}
      empty={<Empty title={says.jobsNone} hint={says.jobsNoneHint} />}
    />
  );
}

const failedFirst = (jobs: readonly Job[]): readonly Job[] =>
  jobs.toSorted((a, b) => Number(b.code !== null) - Number(a.code !== null) || a.name.localeCompare(b.name, "en"));

const SAYS: Readonly<Record<string, string>> = says.says;

const COLUMNS: readonly Column<Job>[] = [
  {
    id: "job",
    title: titles.job,
    isMain: true,
    cell: ({ name }) => (
      <>
        {name}
        <Text size="xs" c="dimmed" fw={400}>
          {SAYS[name]}
        </Text>
      </>
    ),
  },
  {
    id: "state",
    title: titles.state,
    cell: ({ endedAt, code }) => (
      <StateBadge color={endedAt === null ? "gray" : code === null ? "teal" : "red"}>
        {endedAt === null ? says.states.running : code === null ? says.states.ok : says.states.failed}
      </StateBadge>
    ),
  },
  { id: "started", title: titles.started, cell: ({ startedAt }) => <RelativeTime at={startedAt} /> },
  {
    id: "took",
    title: titles.took,
    isNumber: true,
    cell: ({ startedAt, endedAt }) => endedAt && duration(Date.parse(endedAt) - Date.parse(startedAt)),
  },
  { id: "succeeded", title: titles.succeeded, cell: ({ succeededAt }) => <RelativeTime at={succeededAt} /> },
  { id: "result", title: titles.result, cell: (job) => <NameText value={resultOf(job)} /> },
];

const SECOND_MS = 1000;

const duration = (ms: number): string =>
  ms < SECOND_MS ? says.milliseconds(ms) : says.seconds((ms / SECOND_MS).toFixed(1));

/** What it has done in a few numbers, or why it failed. */
const resultOf = ({ code, message, result }: Job): string =>
  code === null
    ? Object.entries(result)
        .map(([what, value]) => `${what}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
        .join(", ")
    : `${message ?? ""} (${code})`;
