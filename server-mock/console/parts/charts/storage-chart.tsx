/** Storage used day by day, and its limit; the same as a table at the press of a button. */
import { Button, Group, ScrollArea, Skeleton, Stack, Table, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { StorageHistory } from "../../../../protocol/messages/overview.ts";
import { text } from "../../messages/messages.ts";
import { Empty } from "../empty.tsx";
import { longDay, shortDay } from "./day-names.ts";

export type StorageDay = StorageHistory["days"][number];

export interface StorageChartProps {
  /** What it is about, for screen readers. */
  readonly label: string;
  readonly days: readonly StorageDay[];
  readonly height?: number;
}

// The chart library is a download of its own.
const StoragePlot = lazy(async () => ({ default: (await import("./storage-plot.tsx")).StoragePlot }));

export function StorageChart({ label, days, height = 220 }: StorageChartProps) {
  const [isTable, setIsTable] = useState(false);
  const [pointed, setPointed] = useState<StorageDay>();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined)
    return <Empty title={text.charts.storageEmpty} hint={text.charts.storageEmptyHint} />;
  const summary = text.charts.storageSummary(
    formatBytes(first.usedBytes),
    shortDay(first.day),
    sayUse(last),
    shortDay(last.day),
  );
  const shown = pointed ?? last;
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          <Text span inherit c="dimmed">
            {shortDay(shown.day)}:
          </Text>{" "}
          {sayUse(shown)}
        </Text>
        <Button size="compact-sm" variant="subtle" onClick={() => setIsTable(!isTable)} aria-pressed={isTable}>
          {isTable ? text.charts.showChart : text.charts.showTable}
        </Button>
      </Group>
      {isTable ? (
        <DayTable label={label} days={days} height={height} />
      ) : (
        <Suspense fallback={<Skeleton height={height} />}>
          <div role="img" aria-label={`${label}. ${summary}`} style={{ height }}>
            <StoragePlot days={days} height={height} onPoint={setPointed} />
          </div>
        </Suspense>
      )}
    </Stack>
  );
}

const sayUse = ({ usedBytes, limitBytes }: StorageDay): string =>
  limitBytes === null ? formatBytes(usedBytes) : text.charts.usedOf(formatBytes(usedBytes), formatBytes(limitBytes));

/** Newest first. */
const DayTable = ({ label, days, height }: Required<StorageChartProps>) => (
  <ScrollArea h={height} viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}>
    <Table aria-label={label} stickyHeader>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{text.charts.day}</Table.Th>
          <Table.Th scope="col" className="number-cell">
            {text.charts.used}
          </Table.Th>
          <Table.Th scope="col" className="number-cell">
            {text.charts.limit}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {days.toReversed().map(({ day, usedBytes, limitBytes }) => (
          <Table.Tr key={day}>
            <Table.Td>{longDay(day)}</Table.Td>
            <Table.Td className="number-cell">{formatBytes(usedBytes)}</Table.Td>
            <Table.Td className="number-cell">
              {limitBytes === null ? text.charts.noLimit : formatBytes(limitBytes)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </ScrollArea>
);
