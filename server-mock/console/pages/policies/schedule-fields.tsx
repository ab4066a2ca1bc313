/** When backups are made: Automatic, Scheduled, Continuous, Manual, Local, each with its fields. */
import { Button, Checkbox, Fieldset, Group, NativeSelect, NumberInput, Stack, TextInput } from "@mantine/core";
import { text } from "../../messages/messages.ts";
import { DayPicker } from "./day-picker.tsx";
import type { FieldsProps } from "./setting.tsx";
import type { SettingValue } from "./setting-lines.ts";
import { numberOf, shownNumber } from "./small-fields.tsx";

type Schedule = SettingValue<"schedules">[number];
type Timed = Extract<Schedule, { readonly at: string }>;
const { schedule: texts } = text.policies;

const AT = { frequency: "daily", weekdays: [], at: "21:30", spreadMinutes: 15, catchUp: true } as const;

/** As each begins. */
const NEW: { readonly [Type in Schedule["type"]]: Extract<Schedule, { type: Type }> } = {
  Automatic: { type: "Automatic", cpuBelowPercent: 20, idleMinutes: 10, hoursSinceLast: 4 },
  Scheduled: { type: "Scheduled", ...AT, weekdays: [] },
  Continuous: { type: "Continuous", quietSeconds: 60 },
  Manual: { type: "Manual" },
  Local: { type: "Local", folder: "", ...AT, weekdays: [] },
};
const TYPES = ["Automatic", "Scheduled", "Continuous", "Manual", "Local"] as const;

export function ScheduleFields({ value, onChange, errorAt }: FieldsProps<Schedule[]>) {
  const put = (index: number, schedule: Schedule) =>
    onChange(value.map((each, place) => (place === index ? schedule : each)));
  return (
    <Stack gap="md">
      {value.map((schedule, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: schedules have nothing else that stays while they are edited.
        <Fieldset key={index} legend={texts.legend(index + 1)}>
          <Stack gap="sm">
            <Group align="flex-end" justify="space-between">
              <NativeSelect
                label={texts.type}
                description={texts.typeHints[schedule.type]}
                value={schedule.type}
                data={TYPES.map((type) => ({ value: type, label: texts.types[type] }))}
                onChange={(event) => {
                  const type = TYPES.find((each) => each === event.currentTarget.value) ?? "Manual";
                  put(index, NEW[type]);
                }}
              />
              <Button
                size="xs"
                variant="default"
                aria-label={texts.remove(index + 1)}
                onClick={() => onChange(value.filter((_, place) => place !== index))}
              >
                {text.common.remove}
              </Button>
            </Group>
            <OfType
              schedule={schedule}
              onChange={(next) => put(index, next)}
              errorAt={(place) => errorAt(`${index}.${place}`)}
            />
          </Stack>
        </Fieldset>
      ))}
      <Group>
        <Button size="xs" variant="default" onClick={() => onChange([...value, NEW.Scheduled])}>
          {texts.add}
        </Button>
      </Group>
    </Stack>
  );
}

interface OfTypeProps<Of extends Schedule> {
  readonly schedule: Of;
  readonly onChange: (schedule: Schedule) => void;
  readonly errorAt: (place: string) => string | undefined;
}

function OfType({ schedule, onChange, errorAt }: OfTypeProps<Schedule>) {
  switch (schedule.type) {
    case "Automatic":
      return (
        <Group align="flex-start">
          {(
            [
              ["cpuBelowPercent", texts.cpu, text.common.range("1", "100")],
              ["idleMinutes", texts.idle, text.common.range("0", "1,440")],
              ["hoursSinceLast", texts.hours, text.common.range("1", "720")],
            ] as const
          ).map(([key, label, hint]) => (
            <NumberInput
              key={key}
              label={label}
              description={hint}
              allowDecimal={false}
              value={shownNumber(schedule[key])}
              error={errorAt(key)}
              onChange={(typed) => onChange({ ...schedule, [key]: numberOf(typed) })}
            />
          ))}
        </Group>
      );
    case "Continuous":
      return (
        <NumberInput
          label={texts.quiet}
          description={text.common.range("1", "86,400")}
          maw={260}
          allowDecimal={false}
          value={shownNumber(schedule.quietSeconds)}
          error={errorAt("quietSeconds")}
          onChange={(typed) => onChange({ ...schedule, quietSeconds: numberOf(typed) })}
        />
      );
    case "Manual":
      return null;
    case "Scheduled":
      return <TimeFields schedule={schedule} onChange={onChange} errorAt={errorAt} />;
    case "Local":
      return (
        <Stack gap="sm">
          <TextInput
            label={texts.folder}
            description={texts.folderHint}
            value={schedule.folder}
            error={errorAt("folder")}
            onChange={(event) => onChange({ ...schedule, folder: event.currentTarget.value })}
          />
          <TimeFields schedule={schedule} onChange={onChange} errorAt={errorAt} />
        </Stack>
      );
  }
}

function TimeFields({ schedule, onChange, errorAt }: OfTypeProps<Timed>) {
  return (
    <Stack gap="sm">
      <Group align="flex-start">
        <NativeSelect
          label={texts.frequency}
          value={schedule.frequency}
          data={(["daily", "weekly"] as const).map((value) => ({ value, label: texts.frequencies[value] }))}
          onChange={(event) => {
            const frequency = event.currentTarget.value === "weekly" ? "weekly" : "daily";
            onChange({ ...schedule, frequency, weekdays: frequency === "weekly" ? schedule.weekdays : [] });
          }}
        />
        <TextInput
          label={texts.at}
          type="time"
          value={schedule.at}
          error={errorAt("at")}
          onChange={(event) => onChange({ ...schedule, at: event.currentTarget.value })}
        />
        <NumberInput
          label={texts.spread}
          allowDecimal={false}
          min={0}
          max={120}
          clampBehavior="none"
          value={shownNumber(schedule.spreadMinutes)}
          error={errorAt("spreadMinutes")}
          onChange={(typed) => onChange({ ...schedule, spreadMinutes: numberOf(typed) })}
        />
      </Group>
      {schedule.frequency === "weekly" && (
        <DayPicker
          label={texts.weekdays}
          value={schedule.weekdays}
          error={errorAt("weekdays")}
          onChange={(weekdays) => onChange({ ...schedule, weekdays })}
        />
      )}
      <Checkbox
        label={texts.catchUp}
        checked={schedule.catchUp}
        onChange={(event) => onChange({ ...schedule, catchUp: event.currentTarget.checked })}
      />
    </Stack>
  );
}
