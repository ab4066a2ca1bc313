/** Bandwidth by hour and weekday: speeds with their numbers, and a week that they are painted into. */
import { Button, Group, NumberInput, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { text } from "../../messages/messages.ts";
import { FillHours } from "./fill-hours.tsx";
import type { FieldsProps } from "./setting.tsx";
import { MEGABIT_BYTES, rateText, type SettingValue } from "./setting-lines.ts";
import { hoursOf, NO_SPEED, type Speed, type Week, weekOf } from "./week-hours.ts";
import { WeekTable } from "./week-table.tsx";

type Bandwidth = SettingValue<"bandwidth">;
const { week: texts } = text.policies;
const FIRST: Speed = { uploadBytesPerSecond: 2 * MEGABIT_BYTES, downloadBytesPerSecond: null };

interface Painted extends Week {
  /** What it was made of, or has told. */
  readonly of: string;
}

const paintedOf = (hours: Bandwidth["hours"]): Painted => ({ ...weekOf(hours), of: JSON.stringify(hours) });

export function BandwidthFields({ value, onChange, errorAt }: FieldsProps<Bandwidth>) {
  const [kept, setKept] = useState(() => paintedOf(value.hours));
  const [brush, setBrush] = useState(0);
  // Speeds that nothing is painted with yet are known here only; another value from outside takes their place.
  const week = kept.of === JSON.stringify(value.hours) ? kept : paintedOf(value.hours);
  const { speeds, cells } = week;
  const paint = (next: Pick<Week, "speeds" | "cells">) => {
    const hours = hoursOf(next);
    setKept({ ...next, isExact: true, of: JSON.stringify(hours) });
    onChange({ ...value, hours });
  };
  const changeSpeed = (index: number, speed: Speed) =>
    paint({ cells, speeds: speeds.map((each, place) => (place === index ? speed : each)) });
  const removeSpeed = (index: number) => {
    const moved = (speed: number) => (speed === index ? NO_SPEED : speed > index ? speed - 1 : speed);
    paint({ speeds: speeds.filter((_, place) => place !== index), cells: cells.map((row) => row.map(moved)) });
    setBrush(NO_SPEED);
  };
  const chosen = brush < speeds.length ? brush : NO_SPEED;
  const wrong = errorAt("hours");
  return (
    <Stack gap="md">
      <Radio.Group
        label={texts.brush}
        value={String(chosen)}
        onChange={(picked) => setBrush(Number(picked))}
        error={wrong}
      >
        <Stack gap="sm" mt={6}>
          <SpeedFields
            name={texts.usual}
            index={NO_SPEED}
            speed={value}
            onChange={(speed) => onChange({ ...value, ...speed })}
            errorAt={errorAt}
          />
          {speeds.map((speed, index) => (
            <SpeedFields
              // biome-ignore lint/suspicious/noArrayIndexKey: a speed is its place in the table.
              key={index}
              name={texts.speed(index + 1)}
              index={index}
              speed={speed}
              onChange={(next) => changeSpeed(index, next)}
              onRemove={() => removeSpeed(index)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Group>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            setKept({ ...week, speeds: [...speeds, FIRST], of: JSON.stringify(value.hours) });
            setBrush(speeds.length);
          }}
        >
          {texts.addSpeed}
        </Button>
      </Group>
      {speeds.length > 0 && (
        <>
          <Text size="sm" c="dimmed">
            {texts.how} {!week.isExact && texts.rounded}
          </Text>
          <WeekTable
            cells={cells}
            nameOf={(speed) => rateText(speeds[speed] ?? value)}
            brush={chosen}
            onPaint={(painted) => paint({ speeds, cells: painted })}
          />
          <FillHours cells={cells} brush={chosen} onPaint={(painted) => paint({ speeds, cells: painted })} />
        </>
      )}
    </Stack>
  );
}

interface SpeedFieldsProps {
  readonly name: string;
  readonly index: number;
  readonly speed: Speed;
  readonly onChange: (speed: Speed) => void;
  readonly onRemove?: () => void;
  readonly errorAt?: (place: string) => string | undefined;
}

function SpeedFields({ name, index, speed, onChange, onRemove, errorAt }: SpeedFieldsProps) {
  const { uploadBytesPerSecond, downloadBytesPerSecond } = speed;
  const fields = [
    ["uploadBytesPerSecond", texts.upload],
    ["downloadBytesPerSecond", texts.download],
  ] as const;
  return (
    <Group align="flex-end" role="group" aria-label={name} gap="md">
      <Radio
        value={String(index)}
        label={
          <Group gap="xs" wrap="nowrap">
            <span
              aria-hidden="true"
              className={index === NO_SPEED ? "week-cell swatch" : `week-cell swatch speed-${index % SPEED_COLOURS}`}
              data-speed={index === NO_SPEED ? "" : index + 1}
            />
            {name}
          </Group>
        }
        w={200}
        mb={6}
      />
      {fields.map(([key, label]) => (
        <NumberInput
          key={key}
          label={label}
          aria-label={`${name}: ${label}`}
          placeholder={texts.rateHint}
          min={SLOWEST}
          decimalScale={2}
          w={215}
          value={speed[key] === null ? "" : speed[key] / MEGABIT_BYTES}
          error={errorAt?.(key)}
          onChange={(typed) => {
            const rate = typed === "" ? null : Math.round(Number(typed) * MEGABIT_BYTES);
            onChange({ uploadBytesPerSecond, downloadBytesPerSecond, [key]: rate });
          }}
        />
      ))}
      {onRemove && (
        <Button size="xs" variant="default" mb={4} aria-label={texts.removeSpeed(index + 1)} onClick={onRemove}>
          {text.common.remove}
        </Button>
      )}
    </Group>
  );
}

/** The service takes nothing below 1,024 bytes a second. */
const SLOWEST = 0.01;
/** As console.css has them; the number in a cell tells speeds apart without colours. */
const SPEED_COLOURS = 5;
