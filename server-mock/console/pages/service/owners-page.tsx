/** Top-level admins: they see and may do everything. */
import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { AdminView } from "../../../../protocol/messages/roles.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { FormNotes } from "../../parts/form-notes.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { shortDate } from "../../parts/relative-time.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { useList } from "../../parts/use-list.ts";
import { useSession } from "../../session/session.tsx";

const { owners: says } = text.service;
const { columns: titles } = says;

export function OwnersPage() {
  const { can, account } = useSession();
  const [isAdding, setIsAdding] = useState(false);
  const list = useList({ keys: [] });
  const answer = useRead("listOwners", { query: list.query }, { keepShown: true });
  const mayEdit = can("service.edit");
  const action: Column<AdminView> = {
    id: "action",
    title: titles.action,
    cell: (owner) => (owner.id === account.id ? says.you : <Acts owner={owner} />),
  };
  return (
    <Page title={says.list} actions={mayEdit && <Button onClick={() => setIsAdding(true)}>{says.add}</Button>}>
      <Text size="sm" c="dimmed">
        {says.hint}
      </Text>
      <ListView
        label={says.list}
        list={list}
        answer={answer}
        columns={mayEdit ? [...COLUMNS, action] : COLUMNS}
        rowId={({ id }) => id}
        empty={<Empty title={says.none} />}
      />
      <Modal opened={isAdding} onClose={() => setIsAdding(false)} title={says.add}>
        <NewOwner onDone={() => setIsAdding(false)} />
      </Modal>
    </Page>
  );
}

const COLUMNS: readonly Column<AdminView>[] = [
  { id: "email", title: titles.email, isMain: true, cell: ({ email }) => <NameText value={email} /> },
  { id: "name", title: titles.name, cell: ({ name }) => <NameText value={name} /> },
  {
    id: "state",
    title: titles.state,
    cell: ({ state }) => <StateBadge color={state === "active" ? "teal" : "orange"}>{says.states[state]}</StateBadge>,
  },
  {
    id: "secondFactor",
    title: titles.secondFactor,
    cell: ({ hasSecondFactor }) => (hasSecondFactor ? text.common.yes : text.common.no),
  },
  { id: "created", title: titles.created, cell: ({ createdAt }) => shortDate(createdAt) },
];

function Acts({ owner: { id, email, state, version } }: { readonly owner: AdminView }) {
  const confirm = useConfirm();
  const change = useAct("changeOwner");
  const remove = useAct("deleteOwner");
  const params = { owner: id };
  const shown = visibleText(email);
  const setState = (wanted: "active" | "suspended", said: string) =>
    change.mutateAsync({ params, body: { state: wanted }, ifMatch: version }).then(() => notify(said), notifyError);
  const suspend = async () => {
    const question = { title: says.suspendTitle(shown), body: says.suspendBody, action: says.suspend };
    if (await confirm({ ...question, isDangerous: true })) await setState("suspended", says.suspended(shown));
  };
  const askToDelete = async () => {
    const question = { title: says.deleteTitle(shown), body: says.deleteBody, action: text.common.delete };
    if (!(await confirm({ ...question, isDangerous: true, typed: shown }))) return;
    await remove.mutateAsync({ params }).then(() => notify(says.deleted(shown)), notifyError);
  };
  return (
    <Group gap={6} wrap="nowrap">
      {state === "active" ? (
        <Button size="compact-sm" variant="default" aria-label={says.suspendOf(shown)} onClick={() => void suspend()}>
          {says.suspend}
        </Button>
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={says.activateOf(shown)}
          onClick={() => void setState("active", says.activated(shown))}
        >
          {says.activate}
        </Button>
      )}
      <Button size="compact-sm" variant="default" aria-label={says.deleteOf(shown)} onClick={() => void askToDelete()}>
        {text.common.delete}
      </Button>
    </Group>
  );
}

function NewOwner({ onDone }: { readonly onDone: () => void }) {
  const create = useAct("createOwner");
  const form = useApiForm({
    initial: { email: "", name: "", password: "" },
    secret: ["password"],
  });
  return (
    <form
      noValidate
      onSubmit={form.sending(async (body) => {
        const { email } = await create.mutateAsync({ body: { ...body, email: body.email.trim() } });
        notify(says.created(email));
        onDone();
      })}
    >
      <Stack>
        <FormNotes form={form} />
        <TextInput
          label={says.email}
          description={says.emailHint}
          type="email"
          required
          data-autofocus
          {...form.getInputProps("email")}
        />
        <TextInput label={says.name} required {...form.getInputProps("name")} />
        <PasswordInput
          label={says.password}
          required
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": text.common.show }}
          {...form.getInputProps("password")}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {text.common.cancel}
          </Button>
          <Button type="submit" loading={form.isSending}>
            {says.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
