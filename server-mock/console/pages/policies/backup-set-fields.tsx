/** Backup sets: a name, folders, and what of them is included or left out by path, name, type, size and age. */
import {
  Accordion,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NumberInput,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { text } from "../../messages/messages.ts";
import type { FieldsProps } from "./setting.tsx";
import type { SettingValue } from "./setting-lines.ts";

type BackupSet = SettingValue<"backupSets">[number];
type Rules = BackupSet["include"];
const { sets: texts } = text.policies;
const MB = 1_000_000;
const NO_RULES: Rules = {
  paths: [],
  names: [],
  types: [],
  largerThanBytes: null,
  smallerThanBytes: null,
  olderThanDays: null,
  newerThanDays: null,
};

export function BackupSetFields({ value, onChange, errorAt }: FieldsProps<BackupSet[]>) {
  const change = (index: number, part: Partial<BackupSet>) =>
    onChange(value.map((set, place) => (place === index ? { ...set, ...part } : set)));
  return (
    <Stack gap="md">
      {value.map((set, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sets have nothing else that stays while they are edited.
        <Fieldset key={index} legend={texts.legend(index + 1)}>
          <SetFields
            set={set}
            onChange={(part) => change(index, part)}
            onRemove={() => onChange(value.filter((_, place) => place !== index))}
            errorAt={(place) => errorAt(`${index}.${place}`)}
          />
        </Fieldset>
      ))}
      <Group>
        <Button
          size="xs"
          variant="default"
          onClick={() =>
            onChange([
              ...value,
              { name: texts.newName, exclusionary: false, roots: [], include: NO_RULES, exclude: NO_RULES },
            ])
          }
        >
          {texts.add}
        </Button>
      </Group>
    </Stack>
  );
}

interface SetFieldsProps {
  readonly set: BackupSet;
  readonly onChange: (part: Partial<BackupSet>) => void;
  readonly onRemove: () => void;
  readonly errorAt: (place: string) => string | undefined;
}

function SetFields({ set, onChange, onRemove, errorAt }: SetFieldsProps) {
  return (
    <Stack gap="sm">
      <Group align="flex-end" justify="space-between">
        <TextInput
          label={texts.name}
          value={set.name}
          error={errorAt("name")}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
          miw={240}
        />
        <Button size="xs" variant="default" aria-label={texts.remove(set.name)} onClick={onRemove}>
          {text.common.remove}
        </Button>
      </Group>
      <Lines
        label={texts.roots}
        hint={texts.rootsHint}
        value={set.roots}
        error={errorAt("roots")}
        onChange={(roots) => onChange({ roots })}
      />
      <Checkbox
        label={texts.exclusionary}
        description={texts.exclusionaryHint}
        checked={set.exclusionary}
        onChange={(event) => onChange({ exclusionary: event.currentTarget.checked })}
      />
      <Accordion multiple variant="contained" order={3} chevronPosition="left">
        {(["exclude", "include"] as const).map((part) => (
          <Accordion.Item key={part} value={part}>
            <Accordion.Control>
              {texts[part]} ({texts.rules(countOf(set[part]))})
            </Accordion.Control>
            <Accordion.Panel>
              <RuleFields
                hint={part === "include" ? texts.includeHint : texts.excludeHint}
                rules={set[part]}
                errorAt={(place) => errorAt(`${part}.${place}`)}
                onChange={(rules) => onChange(part === "include" ? { include: rules } : { exclude: rules })}
              />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {/* What is folded away must not hide what is wrong there. */}
      {(["exclude", "include"] as const).map(
        (part) =>
          errorAt(part) !== undefined && (
            <Text key={part} size="sm" c="var(--mantine-color-error)">
              {texts[part]}: {errorAt(part)}
            </Text>
          ),
      )}
    </Stack>
  );
}

interface RuleFieldsProps {
  readonly hint: string;
  readonly rules: Rules;
  readonly onChange: (rules: Rules) => void;
  readonly errorAt: (place: string) => string | undefined;
}

function RuleFields({ hint, rules, onChange, errorAt }: RuleFieldsProps) {
  const lists = [
    ["paths", texts.paths, texts.pathsHint],
    ["names", texts.names, texts.namesHint],
    ["types", texts.types, texts.typesHint],
  ] as const;
  const sizes = [
    ["largerThanBytes", texts.larger],
    ["smallerThanBytes", texts.smaller],
  ] as const;
  const ages = [
    ["olderThanDays", texts.older],
    ["newerThanDays", texts.newer],
  ] as const;
  return (
    <Stack gap="sm">
      <span>{hint}</span>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {lists.map(([key, label, what]) => (
          <Lines
            key={key}
            label={label}
            hint={what}
            value={rules[key]}
            error={errorAt(key)}
            onChange={(lines) => onChange({ ...rules, [key]: lines })}
          />
        ))}
      </SimpleGrid>
      <Group>
        {sizes.map(([key, label]) => (
          <NumberInput
            key={key}
            label={label}
            allowNegative={false}
            value={rules[key] === null ? "" : rules[key] / MB}
            error={errorAt(key)}
            onChange={(typed) => onChange({ ...rules, [key]: typed === "" ? null : Math.round(Number(typed) * MB) })}
          />
        ))}
        {ages.map(([key, label]) => (
          <NumberInput
            key={key}
            label={label}
            allowNegative={false}
            allowDecimal={false}
            max={36_500}
            value={rules[key] ?? ""}
            error={errorAt(key)}
            onChange={(typed) => onChange({ ...rules, [key]: typed === "" ? null : Number(typed) })}
          />
        ))}
      </Group>
    </Stack>
  );
}

interface LinesProps {
  readonly label: string;
  readonly hint: string;
  readonly value: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (lines: string[]) => void;
}

/** One a line; empty lines go when it is sent. */
const Lines = ({ label, hint, value, error, onChange }: LinesProps) => (
  <Textarea
    label={label}
    description={hint}
    autosize
    minRows={2}
    maxRows={8}
    value={value.join("\n")}
    error={error}
    onChange={(event) => onChange(event.currentTarget.value === "" ? [] : event.currentTarget.value.split("\n"))}
  />
);

const countOf = ({ paths, names, types, ...limits }: Rules): number =>
  [...paths, ...names, ...types].filter((line) => line.trim() !== "").length +
  Object.values(limits).filter((limit) => limit !== null).length;
