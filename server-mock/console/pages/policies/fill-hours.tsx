/** Hours by numbers instead of painting: days, from, to. */
import { Button, Group, NativeSelect, Stack } from "@mantine/core";
import { useState } from "react";
import { text } from "../../messages/messages.ts";
import { DayPicker } from "./day-picker.tsx";
import { HOURS, WEEKDAYS, type Weekday } from "./week-hours.ts";

const { week: texts } = text.policies;
const WORKDAYS: readonly Weekday[] = ["monday", "tuesday", "wednesday", "thursday", "friday"];

export interface FillHoursProps {
  readonly cells: readonly (readonly number[])[];
  readonly brush: number;
  readonly onPaint: (cells: readonly (readonly number[])[]) => void;
}

export function FillHours({ cells, brush, onPaint }: FillHoursProps) {
  const [days, setDays] = useState(WORKDAYS);
  const [from, setFrom] = useState(8);
  const [to, setTo] = useState(18);
  const isInside = (hour: number) => (from < to ? hour >= from && hour < to : hour >= from || hour < to);
  const isChosen = (day: number) => days.some((each) => each === WEEKDAYS[day]);
  const fill = () =>
    onPaint(cells.map((row, day) => row.map((speed, hour) => (isChosen(day) && isInside(hour) ? brush : speed))));
  const times = HOURS.map((hour) => ({ value: String(hour), label: `${String(hour).padStart(2, "0")}:00` }));
  return (
    <Stack gap="xs">
      <DayPicker label={texts.days} value={days} onChange={setDays} />
      <Group align="flex-end">
        <NativeSelect
          label={texts.from}
          value={String(from)}
          data={times}
          onChange={(event) => setFrom(Number(event.currentTarget.value))}
        />
        <NativeSelect
          label={texts.to}
          value={String(to)}
          data={[...times.slice(1), { value: "24", label: "24:00" }]}
          onChange={(event) => setTo(Number(event.currentTarget.value))}
        />
        <Button variant="default" onClick={fill}>
          {texts.fill}
        </Button>
      </Group>
    </Stack>
  );
}
