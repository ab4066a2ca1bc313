/** One setting: what it is, who says it, and its fields while it is set here. */
import { Badge, Button, Checkbox, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { EffectiveSettings, PolicySettings } from "../../../../protocol/messages/policies.ts";
import { text } from "../../messages/messages.ts";
import { visibleText } from "../../parts/name-text.tsx";
import type { PolicyForm } from "./policy-editor.tsx";
import { type SettingName, type SettingValue, settingLines } from "./setting-lines.ts";

export interface FieldsProps<Value> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  /** Of a place below the value, `0.roots`; also of what is below that. */
  readonly errorAt: (place: string) => string | undefined;
}

export interface SettingProps<Name extends SettingName> {
  readonly name: Name;
  readonly form: PolicyForm;
  readonly inherited: EffectiveSettings;
  readonly mayEdit: boolean;
  readonly render: (props: FieldsProps<SettingValue<Name>>) => ReactNode;
}

export function Setting<Name extends SettingName>({ name, form, inherited, mayEdit, render }: SettingProps<Name>) {
  const texts = text.policies;
  const title = texts.settings[name];
  const { settings } = form.values;
  const said = saidIn<Name>(settings, name);
  const above = inherited[name];
  const write = (next: { readonly value: SettingValue<Name>; readonly locked: boolean } | undefined) => {
    const { [name]: _, ...others } = settings;
    const changed: PolicySettings = next === undefined ? others : { ...others, [name]: next };
    form.setValues({ settings: changed });
  };
  const errorAt = (place: string) => errorIn(form.errors, place === "" ? at(name) : `${at(name)}.${place}`);
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div>
            <Group gap="xs">
              <Title order={2} size="h4">
                {title}
              </Title>
              <Badge variant={said === undefined ? "default" : "filled"} color="teal.9">
                {said === undefined ? originOf(above.level) : texts.setHere}
              </Badge>
              {(said?.locked ?? above.locked) && <Badge>{texts.locked}</Badge>}
            </Group>
            <Text size="sm" c="dimmed">
              {texts.hints[name]}
            </Text>
          </div>
          {mayEdit &&
            (said === undefined ? (
              <Button
                size="xs"
                variant="default"
                aria-label={texts.say(title)}
                onClick={() => write({ value: above.value, locked: above.locked })}
              >
                {texts.sayShort}
              </Button>
            ) : (
              <Button size="xs" variant="default" aria-label={texts.unsay(title)} onClick={() => write(undefined)}>
                {texts.unsayShort}
              </Button>
            ))}
        </Group>
        {said === undefined || !mayEdit ? (
          <Lines lines={settingLines(name, (said ?? above).value)} />
        ) : (
          <>
            {render({ value: said.value, onChange: (value) => write({ ...said, value }), errorAt })}
            {MANY_FIELDS.includes(name) && typeof form.errors[at(name)] === "string" && (
              <Text size="sm" c="var(--mantine-color-error)">
                {form.errors[at(name)]}
              </Text>
            )}
            <Checkbox
              label={texts.lock}
              aria-label={texts.lockOf(title)}
              description={texts.lockHint}
              checked={said.locked}
              onChange={(event) => write({ ...said, locked: event.currentTarget.checked })}
            />
            <Text size="sm" c="dimmed" component="div">
              {texts.wouldBe} {visibleText(settingLines(name, above.value).join("; "))} ({originOf(above.level)})
            </Text>
          </>
        )}
      </Stack>
    </Paper>
  );
}

const at = (name: SettingName): string => `settings.${name}.value`;

/** The setting of this very name has this name's value. */
const saidIn = <Name extends SettingName>(
  settings: PolicySettings,
  name: Name,
): { readonly value: SettingValue<Name>; readonly locked: boolean } | undefined => settings[name] as never;

const originOf = (level: keyof typeof text.policies.origin): string =>
  level === "default" ? text.policies.builtIn : text.policies.inheritedFrom(text.policies.origin[level]);

type Errors = PolicyForm["errors"];

function errorIn(errors: Errors, place: string): string | undefined {
  const found = Object.entries(errors).find(([key]) => key === place || key.startsWith(`${place}.`))?.[1];
  return typeof found === "string" ? found : undefined;
}

/** Whose fields show errors of their own places only. */
const MANY_FIELDS: readonly SettingName[] = ["backupSets", "schedules", "bandwidth", "agentVersion"];

function Lines({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 1) return <Text size="sm">{visibleText(lines[0] ?? "")}</Text>;
  return (
    <List size="sm">
      {lines.map((line) => (
        <List.Item key={line}>{visibleText(line)}</List.Item>
      ))}
    </List>
  );
}
