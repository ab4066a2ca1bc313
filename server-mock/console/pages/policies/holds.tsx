/** Legal holds: what is held, since when and why; new ones, and their end. */
import { Button, Group, Modal, Paper, Radio, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import type { HoldView } from "../../../../protocol/messages/retention.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { FormNotes } from "../../parts/form-notes.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { type Picked, PickMachine, PickUser } from "../../parts/pick-user.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { useSession } from "../../session/session.tsx";

const { holds: texts } = text.policies;
const HOLDS_MAX = 500;

export function Holds() {
  const { can } = useSession();
  const [isAdding, setIsAdding] = useState(false);
  const answer = useRead("listHolds", { query: { limit: HOLDS_MAX } });
  const mayEdit = can("policies.edit");
  const action: Column<HoldView> = {
    id: "action",
    title: texts.columns.action,
    cell: (hold) => <EndHold hold={hold} />,
  };
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {texts.title}
          </Title>
          {mayEdit && (
            <Button size="xs" variant="default" onClick={() => setIsAdding(true)}>
              {texts.add}
            </Button>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {texts.hint}
        </Text>
        {answer.error && <ErrorBox error={answer.error} onRetry={() => void answer.refetch()} />}
        <DataTable
          label={texts.title}
          columns={mayEdit ? [...COLUMNS, action] : COLUMNS}
          rows={answer.data?.items}
          rowId={({ id }) => id}
          empty={<Empty title={texts.none} />}
        />
      </Stack>
      {isAdding && <AddHold onClose={() => setIsAdding(false)} />}
    </Paper>
  );
}

const COLUMNS: readonly Column<HoldView>[] = [
  {
    id: "what",
    title: texts.columns.what,
    isMain: true,
    cell: ({ level, name }) => (
      <>
        {texts.levels[level]}: <NameText value={name} />
      </>
    ),
  },
  { id: "reason", title: texts.columns.reason, cell: ({ reason }) => <NameText value={reason} /> },
  { id: "by", title: texts.columns.by, cell: ({ madeBy }) => <NameText value={madeBy} /> },
  { id: "since", title: texts.columns.since, cell: ({ madeAt }) => <RelativeTime at={madeAt} /> },
];

function EndHold({ hold }: { readonly hold: HoldView }) {
  const confirm = useConfirm();
  const name = visibleText(hold.name);
  const remove = useAct("removeHold", { onDone: () => notify(texts.ended(name)) });
  const ask = async () => {
    const question = { title: texts.endTitle(name), body: texts.endBody, action: texts.end, isDangerous: true };
    if (await confirm(question)) remove.mutate({ params: { hold: hold.id } }, { onError: notifyError });
  };
  return (
    <Button size="xs" variant="default" aria-label={texts.endOf(name)} onClick={() => void ask()}>
      {texts.end}
    </Button>
  );
}

interface HoldValues extends Record<string, unknown> {
  readonly level: HoldView["level"];
  readonly held: Picked | null;
  readonly reason: string;
}

const LEVELS = ["machine", "user", "organization"] as const;

function AddHold({ onClose }: { readonly onClose: () => void }) {
  const { account, can } = useSession();
  const create = useAct("createHold", {
    onDone: ({ name }) => {
      notify(texts.made(visibleText(name)));
      onClose();
    },
  });
  const form = useApiForm<HoldValues>({
    initial: { level: can("machines.view") ? "machine" : "organization", held: null, reason: "" },
    validate: {
      held: (held, { level }) => (level !== "organization" && held === null ? texts.whoNeeded : null),
      reason: (reason) => (reason.trim() === "" ? texts.reasonNeeded : null),
    },
  });
  const { level, held } = form.values;
  const pick = {
    value: held,
    error: typeof form.errors.held === "string" ? form.errors.held : undefined,
    onChange: (picked: Picked | null) => form.setFieldValue("held", picked),
  };
  return (
    <Modal opened onClose={onClose} title={texts.add}>
      <form
        noValidate
        onSubmit={form.sending(async ({ reason }) => {
          const id = level === "organization" ? (account.organization ?? "") : (held?.id ?? "");
          await create.mutateAsync({ body: { [level]: id, reason } });
        })}
      >
        <Stack gap="md">
          <FormNotes form={form} />
          <Radio.Group
            label={texts.level}
            value={level}
            onChange={(value) =>
              form.setValues({ level: LEVELS.find((each) => each === value) ?? "machine", held: null })
            }
          >
            <Stack gap="xs" mt={6}>
              {LEVELS.map((each) => (
                <Radio key={each} value={each} label={texts.levels[each]} />
              ))}
            </Stack>
          </Radio.Group>
          {level === "user" && <PickUser {...pick} />}
          {level === "machine" && <PickMachine {...pick} />}
          <TextInput label={texts.reason} required {...form.getInputProps("reason")} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={form.isSending}>
              {texts.add}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
