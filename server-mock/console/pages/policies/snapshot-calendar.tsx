/** A row for each month that has snapshots, a cell for each day: kept, dropped, or some of both. Signs tell them apart, not colours alone. */
import { Box, Group, Text } from "@mantine/core";
import { text } from "../../messages/messages.ts";
import { type DaySnapshots, snapshotMonths } from "./snapshot-months.ts";

const { retention: texts } = text.policies;
const DAYS = Array.from({ length: 31 }, (_, index) => index + 1);
const MONTH = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric", timeZone: "UTC" });

export interface SnapshotCalendarProps {
  readonly snapshots: readonly { readonly receivedAt: string; readonly reasons: readonly unknown[] }[];
  readonly timeZone: string;
}

export function SnapshotCalendar({ snapshots, timeZone }: SnapshotCalendarProps) {
  return (
    <Box>
      <Box className="week-box" tabIndex={0} role="region" aria-label={texts.calendar}>
        <table className="month-table" aria-label={texts.calendar}>
          <thead>
            <tr>
              <td />
              {DAYS.map((day) => (
                <th key={day} scope="col">
                  {day}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {snapshotMonths(snapshots, timeZone).map(({ month, days }) => {
              const name = MONTH.format(new Date(`${month}-01T00:00:00Z`));
              return (
                <tr key={month}>
                  <th scope="row">{name}</th>
                  {DAYS.map((day) => (
                    <td key={day}>
                      <Day day={days.get(day)} label={`${day} ${name}`} />
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </Box>
      <Group gap="md" mt="xs">
        {(["kept", "some", "dropped"] as const).map((kind) => (
          <Text size="xs" c="dimmed" key={kind}>
            <span className={`month-day month-${kind}`}>{SIGNS[kind]}</span> {LEGEND[kind]}
          </Text>
        ))}
      </Group>
    </Box>
  );
}

const SIGNS = { kept: "●", some: "◐", dropped: "✕" } as const;
const LEGEND = { kept: texts.legendKept, some: texts.legendSome, dropped: texts.legendDropped } as const;

function Day({ day, label }: { readonly day: DaySnapshots | undefined; readonly label: string }) {
  if (day === undefined) return null;
  const { kept, dropped } = day;
  const kind = dropped === 0 ? "kept" : kept === 0 ? "dropped" : "some";
  const said = texts.day(label, kept, dropped);
  return (
    <span className={`month-day month-${kind}`} role="img" aria-label={said} title={said}>
      {SIGNS[kind]}
    </span>
  );
}
