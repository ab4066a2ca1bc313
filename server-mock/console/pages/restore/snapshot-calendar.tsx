/** Change Date: a calendar of the days that have backups, the times of the chosen day, and Go. */
import "@mantine/dates/styles.css";
import { Badge, Button, Group, Radio, Stack, Text, Title } from "@mantine/core";
import { DatePicker } from "@mantine/dates";
import { useMemo, useState } from "react";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { SnapshotView } from "../../../../protocol/messages/records.ts";
import { text } from "../../messages/messages.ts";
import { longDay, timeOfDay } from "./minute-time.ts";
import { byDay, dayOf } from "./snapshot-days.ts";
import "./restore.css";

export interface SnapshotCalendarProps {
  /** Newest first. */
  readonly snapshots: readonly SnapshotView[];
  readonly shown: number | undefined;
  readonly onGo: (sequence: number) => void;
}

const t = text.restore;

const LABELS = {
  nextMonth: t.nextMonth,
  previousMonth: t.previousMonth,
  nextYear: t.nextYear,
  previousYear: t.previousYear,
};

const NO_DAYS: never[] = [];

export function SnapshotCalendar({ snapshots, shown, onGo }: SnapshotCalendarProps) {
  const days = useMemo(() => byDay(snapshots), [snapshots]);
  const first = snapshots.find(({ sequence }) => sequence === shown) ?? snapshots[0];
  const [day, setDay] = useState(first === undefined ? null : dayOf(first.receivedAt));
  const [chosen, setChosen] = useState(first?.sequence);
  const times = day === null ? [] : (days.get(day) ?? []);
  const choose = (next: string | null) => {
    if (next === null) return;
    setDay(next);
    setChosen(days.get(next)?.[0]?.sequence);
  };
  const oldest = snapshots.at(-1);
  const newest = snapshots[0];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen !== undefined) onGo(chosen);
      }}
    >
      <Group align="flex-start" gap="xl" wrap="wrap">
        <Stack gap="xs">
          <DatePicker
            value={day}
            onChange={choose}
            {...(day === null ? {} : { defaultDate: day })}
            {...(oldest === undefined ? {} : { minDate: dayOf(oldest.receivedAt) })}
            {...(newest === undefined ? {} : { maxDate: dayOf(newest.receivedAt) })}
            excludeDate={(date) => !days.has(date)}
            hideOutsideDates
            // No day is better than another.
            weekendDays={NO_DAYS}
            ariaLabels={LABELS}
            getDayAriaLabel={(date) => {
              const count = days.get(date)?.length ?? 0;
              return count === 0 ? t.dayWithout(longDay(date)) : t.dayWith(longDay(date), count);
            }}
            getDayProps={(date) => (days.has(date) ? { className: "day-with-backups" } : {})}
          />
          <Text size="xs" c="dimmed">
            {t.changeDateHint}
          </Text>
        </Stack>
        <Stack gap="sm" flex={1} miw={220}>
          {day === null ? (
            <Text size="sm">{t.noDay}</Text>
          ) : (
            <Radio.Group
              label={
                <Title order={3} size="h5">
                  {t.timesOf(longDay(day))}
                </Title>
              }
              value={String(chosen)}
              onChange={(value) => setChosen(Number(value))}
            >
              <Stack gap="xs" mt="xs" className="times-of-day">
                {times.map((each) => (
                  <Radio
                    key={each.sequence}
                    value={String(each.sequence)}
                    label={
                      <Group gap="xs" component="span">
                        {timeOfDay(each.receivedAt)}
                        <Text span size="xs" c="dimmed">
                          {t.files(each.files)}, {formatBytes(each.bytes)}
                        </Text>
                        {each.incomplete && <Badge size="sm">{t.incomplete}</Badge>}
                      </Group>
                    }
                  />
                ))}
              </Stack>
            </Radio.Group>
          )}
          <Group>
            <Button type="submit" disabled={chosen === undefined}>
              {t.go}
            </Button>
          </Group>
        </Stack>
      </Group>
    </form>
  );
}
