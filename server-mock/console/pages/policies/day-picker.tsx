import { Checkbox, Group } from "@mantine/core";
import { text } from "../../messages/messages.ts";
import { WEEKDAYS, type Weekday } from "./week-hours.ts";

export interface DayPickerProps {
  readonly label: string;
  readonly value: readonly Weekday[];
  readonly onChange: (days: Weekday[]) => void;
  readonly error?: string | undefined;
}

export const DayPicker = ({ label, value, onChange, error }: DayPickerProps) => (
  <Checkbox.Group
    label={label}
    value={[...value]}
    error={error}
    onChange={(days) => onChange(WEEKDAYS.filter((day) => days.includes(day)))}
  >
    <Group gap="md" mt={6}>
      {WEEKDAYS.map((day) => (
        <Checkbox key={day} size="sm" value={day} label={text.policies.weekdays[day]} />
      ))}
    </Group>
  </Checkbox.Group>
);
