/** How long backups are kept: a named policy or numbers of one's own, the grace for deleted files, and what that would keep. For organizations, groups and machines. */
import { Alert, Button, Group, NativeSelect, NumberInput, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { RetentionView } from "../../../../protocol/messages/retention.ts";
import { isShorter } from "../../../../protocol/retention-policies.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Facts } from "../../parts/facts.tsx";
import { FormNotes } from "../../parts/form-notes.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { notify } from "../../parts/notify.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import type { Picked } from "../../parts/pick-user.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { useSession } from "../../session/session.tsx";
import { holderOf, type PlacedRetention, type RetentionPlace, useRetention } from "./retention-place.ts";
import { RetentionPreview, useRetentionPreview } from "./retention-preview.tsx";
import {
  heldText,
  NUMBER_NAMES,
  numbersText,
  POLICY_NAMES,
  policyText,
  type RuleValues,
  ruleOf,
  valuesOf,
  wouldHold,
} from "./retention-rule.ts";

const { retention: texts } = text.policies;
const TYPED_MS = 300;

export function RetentionEditor({ place }: { readonly place: RetentionPlace }) {
  const retention = useRetention(place);
  const { view, error, refetch } = retention;
  if (view === undefined) return error ? <ErrorBox error={error} onRetry={() => void refetch()} /> : <PageSkeleton />;
  return <Editor key={holderOf(place)} place={place} view={view} save={retention.save} />;
}

interface EditorProps {
  readonly place: RetentionPlace;
  readonly view: RetentionView;
  readonly save: PlacedRetention["save"];
}

function Editor({ place, view, save }: EditorProps) {
  const { can } = useSession();
  const confirm = useConfirm();
  const { level } = place;
  const [chosen, setChosen] = useState<Picked | null>(null);
  const machine = level === "machine" ? { id: place.machine, name: place.name } : chosen;
  const form = useApiForm<RuleValues>({
    draft: `retention-${holderOf(place)}`,
    initial: valuesOf(view),
    fields: { policy: "numbers" },
  });
  const rule = ruleOf(form.values);
  const after = wouldHold(rule, view.inherited);
  const isLess = isShorter(view.effective, after);
  const [previewed] = useDebouncedValue(JSON.stringify(rule), TYPED_MS);
  const toPreview: typeof rule = JSON.parse(previewed); // The rule of a moment ago.
  const preview = useRetentionPreview(level, toPreview, machine);
  const submit = async () => {
    if (isLess && !(await confirm(shortenQuestion(view, after, machine, preview.data?.lost)))) return;
    await save(rule);
    notify(texts.saved);
  };
  const mayEdit = can("policies.edit");
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, lg: mayEdit ? 2 : 1 }} spacing="lg">
        <Paper withBorder p="md">
          <Effective view={view} />
        </Paper>
        {mayEdit && (
          <Paper withBorder p="md" component="form" noValidate onSubmit={form.sending(submit)}>
            <Stack gap="md">
              <Title order={2} size="h4">
                {text.policies.setHere}
              </Title>
              <FormNotes form={form} />
              <RuleFields form={form} view={view} />
              {isLess && (
                <Alert color="orange" title={texts.shorter} role="status">
                  <Text size="sm" c="var(--mantine-color-text)">
                    {texts.shorterHint}
                  </Text>
                </Alert>
              )}
              <Group>
                <Button type="submit" loading={form.isSending} {...(isLess ? { color: "red.9" } : {})}>
                  {isLess ? texts.shorten : text.common.save}
                </Button>
              </Group>
            </Stack>
          </Paper>
        )}
      </SimpleGrid>
      {can("machines.view") && (
        <RetentionPreview
          level={level}
          rule={toPreview}
          timeZone={view.effective.timeZone}
          machine={machine}
          {...(level === "machine" ? {} : { onMachine: setChosen })}
          group={level === "group" ? place.group : undefined}
        />
      )}
    </Stack>
  );
}

function shortenQuestion(
  { effective }: RetentionView,
  after: Pick<RetentionView["effective"], "numbers" | "graceDays">,
  machine: Picked | null,
  lost: number | undefined,
) {
  return {
    title: texts.shortenTitle,
    body: (
      <Stack gap="xs">
        <span>{texts.before(heldText(effective))}</span>
        <span>{texts.after(heldText(after))}</span>
        {machine && lost !== undefined && <strong>{texts.shortenLost(lost, visibleText(machine.name))}</strong>}
        <span>{texts.shorterHint}</span>
      </Stack>
    ),
    action: texts.shorten,
    isDangerous: true,
  };
}

function Effective({ view: { effective, isHeld } }: { readonly view: RetentionView }) {
  const { policy, numbers, policyFrom, graceDays, graceFrom, timeZone } = effective;
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {texts.effective}
      </Title>
      {isHeld && (
        <Alert color="orange" role="status">
          <Text size="sm" c="var(--mantine-color-text)">
            {texts.held}
          </Text>
        </Alert>
      )}
      <Facts
        rows={[
          [texts.policy, texts.said(policyText(policy), texts.levels[policyFrom])],
          [texts.keptWhat, numbersText(numbers)],
          [texts.grace, texts.said(String(graceDays), texts.levels[graceFrom])],
        ]}
      />
      <Text size="sm" c="dimmed">
        {texts.timeZone(timeZone)} {texts.graceWhat}
      </Text>
    </Stack>
  );
}

const inheritedText = ({ policy, policyFrom }: RetentionView["effective"]): string =>
  policyFrom === "default"
    ? texts.builtIn(policyText(policy))
    : texts.inherit(texts.levels[policyFrom], policyText(policy));

interface RuleFieldsProps {
  readonly form: ReturnType<typeof useApiForm<RuleValues>>;
  readonly view: RetentionView;
}

function RuleFields({ form, view: { inherited } }: RuleFieldsProps) {
  const { policy, numbers, graceDays } = form.values;
  const options = [
    { value: "", label: inheritedText(inherited) },
    ...POLICY_NAMES.map((value) => ({ value, label: texts.names[value] })),
    { value: "own", label: texts.own },
  ];
  const held = wouldHold(ruleOf(form.values), inherited);
  return (
    <>
      <NativeSelect
        label={texts.policy}
        description={texts.keeps(numbersText(held.numbers))}
        value={policy}
        data={options}
        onChange={(event) => {
          const next = POLICY_NAMES.find((name) => name === event.currentTarget.value);
          form.setFieldValue("policy", next ?? (event.currentTarget.value === "own" ? "own" : ""));
        }}
      />
      {policy === "own" && (
        <Stack gap={4}>
          <Text size="sm" c="dimmed">
            {texts.numbersHint}
          </Text>
          <SimpleGrid cols={{ base: 2, xs: 4 }}>
            {NUMBER_NAMES.map((name) => (
              <NumberInput
                key={name}
                label={texts.numbers[name]}
                min={0}
                max={100_000}
                clampBehavior="none"
                allowDecimal={false}
                value={numbers[name]}
                error={form.errors[`numbers.${name}`]}
                onChange={(typed) => form.setFieldValue("numbers", { ...numbers, [name]: Number(typed) })}
              />
            ))}
          </SimpleGrid>
        </Stack>
      )}
      <NumberInput
        label={texts.grace}
        description={texts.graceHint(inherited.graceDays, texts.levels[inherited.graceFrom])}
        maw={320}
        min={0}
        clampBehavior="none"
        allowDecimal={false}
        value={graceDays}
        error={form.errors.graceDays}
        onChange={(typed) => form.setFieldValue("graceDays", typed === "" ? "" : Number(typed))}
      />
    </>
  );
}
