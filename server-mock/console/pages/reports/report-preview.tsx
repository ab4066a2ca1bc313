/** A report's first lines as a table. */
import { Stack, Text } from "@mantine/core";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";

interface Line {
  readonly id: string;
  readonly cells: readonly string[];
}

export interface ReportPreviewProps {
  readonly report: string;
  /** Of the route: parameters and group. */
  readonly query: Readonly<Record<string, string>>;
  readonly label: string;
  readonly rows?: number;
}

export function ReportPreview({ report, query, label, rows = 20 }: ReportPreviewProps) {
  const { data, error, refetch } = useRead(
    "previewReport",
    { params: { report }, query: { ...query, rows } },
    { keepShown: true },
  );
  if (error !== null) return <ErrorBox error={error} onRetry={() => void refetch()} />;
  const lines = data?.rows.map((cells, index): Line => ({ id: String(index), cells }));
  // What a line is called by, so never nothing.
  const main = data?.columns.findIndex((_, index) => data.rows.every((cells) => cells[index])) ?? 0;
  const columns = (data?.columns ?? []).map(
    (title, index): Column<Line> => ({
      id: title,
      title,
      isMain: index === main,
      cell: ({ cells }) => <NameText value={cells[index] ?? ""} />,
    }),
  );
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed" role="status">
        {lines === undefined || lines.length === 0
          ? ""
          : data?.isWhole
            ? text.reports.previewWhole(lines.length)
            : text.reports.previewRows(lines.length)}
      </Text>
      <DataTable
        label={label}
        columns={columns}
        isDense
        rows={lines}
        rowId={({ id }) => id}
        empty={<Empty title={text.reports.previewNone} hint={text.reports.previewNoneHint} />}
      />
    </Stack>
  );
}
