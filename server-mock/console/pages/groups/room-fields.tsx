/** Shared, Limited, Assigned or None storage with its sizes, and licences: the fields of a group's form. */
import { Fieldset, Group, NativeSelect, NumberInput, SimpleGrid, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import type { GroupDetails } from "../../../../protocol/messages/groups.ts";
import { text } from "../../messages/messages.ts";
import { countRangeText, sizeRangeText } from "../../parts/gigabytes.ts";
import { hasLimit, type RoomValues } from "./room-values.ts";

type Allowed = GroupDetails["allowed"]["pools"];

export interface RoomFieldsProps {
  readonly rooms: readonly RoomValues[];
  readonly onChange: (rooms: readonly RoomValues[]) => void;
  /** Kinds of storage that are limited. */
  readonly counted: readonly RoomValues["kind"][];
  /** By the service's names of fields, `pools.0.limitBytes`. */
  readonly errors: Readonly<Record<string, ReactNode>>;
  /** What may be entered; absent: of a group that isn't there yet. */
  readonly allowed?: Allowed;
}

export function RoomFields({ rooms, onChange, counted, errors, allowed }: RoomFieldsProps) {
  const change = (kind: RoomValues["kind"], part: Partial<RoomValues>) =>
    onChange(rooms.map((room) => (room.kind === kind ? { ...room, ...part } : room)));
  return (
    <Stack gap="md">
      {rooms.map((room, index) =>
        counted.includes(room.kind) ? (
          <StorageFields
            key={room.kind}
            room={room}
            legend={counted.length === 1 ? undefined : text.groups.roomOf(text.groups.kinds[room.kind])}
            allowed={allowed?.find(({ kind }) => kind === room.kind)}
            errorOf={(field) => errors[`pools.${index}.${field}`] ?? errors[`pools.${index}`]}
            onChange={(part) => change(room.kind, part)}
          />
        ) : null,
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {rooms.map((room, index) =>
          room.kind === "all" ? null : (
            <NumberInput
              key={room.kind}
              label={text.groups.licences(text.groups.kinds[room.kind])}
              description={licenceHint(allowed?.find(({ kind }) => kind === room.kind))}
              value={room.devices}
              onChange={(value) => change(room.kind, { devices: numberOrEmpty(value) })}
              error={errors[`pools.${index}.devices`]}
              allowDecimal={false}
              allowNegative={false}
            />
          ),
        )}
      </SimpleGrid>
    </Stack>
  );
}

interface StorageFieldsProps {
  readonly room: RoomValues;
  readonly legend: string | undefined;
  readonly allowed: Allowed[number] | undefined;
  readonly errorOf: (field: string) => ReactNode;
  readonly onChange: (part: Partial<RoomValues>) => void;
}

function StorageFields({ room, legend, allowed, errorOf, onChange }: StorageFieldsProps) {
  const { modes, modeHints } = text.groups;
  const { mode } = room;
  const range = mode === "assigned" ? allowed?.assigned : allowed?.limited;
  const fits = mode === "shared" ? allowed?.fitsShared : mode === "none" ? allowed?.fitsNone : true;
  const fields = (
    <Stack gap="sm">
      <NativeSelect
        label={text.groups.mode}
        description={modeHints[mode]}
        value={mode}
        onChange={(event) => onChange({ mode: modeOf(event.currentTarget.value) })}
        data={MODES.map((value) => ({ value, label: modes[value] }))}
        error={errorOf("mode") ?? (fits === false ? text.groups.modeNotNow(modes[mode]) : undefined)}
      />
      {hasLimit(mode) && (
        <Group align="flex-start" grow preventGrowOverflow={false}>
          <NumberInput
            label={mode === "assigned" ? text.groups.assignedGb : text.groups.limitGb}
            description={range && sizeRangeText(range)}
            value={room.limitGb}
            onChange={(value) => onChange({ limitGb: numberOrEmpty(value) })}
            error={errorOf("limitBytes")}
            allowNegative={false}
            miw={180}
          />
          <NumberInput
            label={text.groups.overageGb}
            description={text.groups.overageHint}
            value={room.overageGb}
            onChange={(value) => onChange({ overageGb: numberOrEmpty(value) })}
            error={errorOf("overageBytes")}
            allowNegative={false}
            miw={180}
          />
        </Group>
      )}
    </Stack>
  );
  return legend === undefined ? fields : <Fieldset legend={legend}>{fields}</Fieldset>;
}

const MODES = ["shared", "limited", "assigned", "none"] as const;
const modeOf = (value: string): RoomValues["mode"] => MODES.find((mode) => mode === value) ?? "shared";

const numberOrEmpty = (value: number | string): number | "" => (value === "" ? "" : Number(value));

const licenceHint = (allowed: Allowed[number] | undefined): string =>
  [text.groups.licencesHint, ...(allowed?.devices ? [countRangeText(allowed.devices)] : [])].join(" ");
