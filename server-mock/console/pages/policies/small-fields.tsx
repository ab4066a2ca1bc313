/** Fields of the settings that are one choice or one number. */
import { Checkbox, Group, NumberInput, Radio, Stack, TextInput } from "@mantine/core";
import { text } from "../../messages/messages.ts";
import type { FieldsProps } from "./setting.tsx";
import type { SettingValue } from "./setting-lines.ts";

const KEY_KINDS = ["default", "custom", "corporate"] as const;

export function KeyKindFields({ value, onChange, errorAt }: FieldsProps<SettingValue<"keyKinds">>) {
  return (
    <Checkbox.Group
      aria-label={text.policies.settings.keyKinds}
      value={[...value]}
      error={errorAt("")}
      onChange={(kinds) => onChange(KEY_KINDS.filter((kind) => kinds.includes(kind)))}
    >
      <Stack gap="xs">
        {KEY_KINDS.map((kind) => (
          <Checkbox key={kind} value={kind} label={text.policies.keyKinds[kind]} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

export function WarningDaysField({ value, onChange, errorAt }: FieldsProps<SettingValue<"warningDays">>) {
  return (
    <NumberInput
      label={text.policies.warning}
      description={text.common.range("1", "365")}
      maw={260}
      allowDecimal={false}
      value={shownNumber(value)}
      onChange={(days) => onChange(numberOf(days))}
      error={errorAt("")}
    />
  );
}

export function LocationFields({ value, onChange, errorAt }: FieldsProps<SettingValue<"locations">>) {
  const { locations, settings } = text.policies;
  return (
    <Radio.Group
      aria-label={settings.locations}
      value={value}
      error={errorAt("")}
      onChange={(chosen) => onChange(chosen === "cloud-only" ? "cloud-only" : "local-and-cloud")}
    >
      <Group>
        <Radio value="local-and-cloud" label={locations["local-and-cloud"]} />
        <Radio value="cloud-only" label={locations["cloud-only"]} />
      </Group>
    </Radio.Group>
  );
}

export function WebRestoreField({ value, onChange, errorAt }: FieldsProps<SettingValue<"webRestore">>) {
  const { webRestore, settings } = text.policies;
  return (
    <Radio.Group
      aria-label={settings.webRestore}
      value={value ? "on" : "off"}
      error={errorAt("")}
      onChange={(chosen) => onChange(chosen === "on")}
    >
      <Group>
        <Radio value="on" label={webRestore.on} />
        <Radio value="off" label={webRestore.off} />
      </Group>
    </Radio.Group>
  );
}

export function AgentVersionFields({ value, onChange, errorAt }: FieldsProps<SettingValue<"agentVersion">>) {
  const { versions } = text.policies;
  const versionOf = (typed: string) => (typed === "" ? null : typed);
  return (
    <Stack gap="sm">
      <Checkbox
        label={versions.autoUpdate}
        checked={value.autoUpdate}
        onChange={(event) => onChange({ ...value, autoUpdate: event.currentTarget.checked })}
      />
      <Group align="flex-start">
        <TextInput
          label={versions.minimum}
          description={versions.minimumHint}
          value={value.minimum ?? ""}
          error={errorAt("minimum")}
          onChange={(event) => onChange({ ...value, minimum: versionOf(event.currentTarget.value) })}
        />
        <TextInput
          label={versions.pinned}
          description={versions.pinnedHint}
          value={value.pinned ?? ""}
          error={errorAt("pinned")}
          onChange={(event) => onChange({ ...value, pinned: versionOf(event.currentTarget.value) })}
        />
      </Group>
    </Stack>
  );
}

/** An empty field is no number; the service says what it may be. */
export const numberOf = (typed: number | string): number => (typed === "" ? Number.NaN : Number(typed));
/** A draft that was kept has null for it. */
export const shownNumber = (value: number | null): number | "" => (value === null || Number.isNaN(value) ? "" : value);
