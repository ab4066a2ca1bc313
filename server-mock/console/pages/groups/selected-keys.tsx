/** What can be done with the keys that are ticked. */
import { Button, Group, Modal, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { ProductKeyView } from "../../../../protocol/messages/product-keys.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { type Picked, PickUser } from "../../parts/pick-user.tsx";
import { useSession } from "../../session/session.tsx";
import { keyActs } from "./key-acts.ts";

const { keys: texts } = text.groups;

export interface SelectedKeysProps {
  readonly keys: readonly ProductKeyView[];
  readonly onDone: () => void;
}

export function SelectedKeys({ keys, onDone }: SelectedKeysProps) {
  const { can } = useSession();
  const confirm = useConfirm();
  const [isAssigning, setIsAssigning] = useState(false);
  const assign = useAct("assignProductKeys");
  const change = useAct("changeProductKey");
  const revoke = useAct("revokeProductKey");
  const send = useAct("sendProductKeys");
  if (keys.length === 0) return null;
  const acts = keyActs(keys);
  const ids = keys.map(({ id }) => id);
  const isBusy = [assign, change, revoke, send].some(({ isPending }) => isPending);

  /** One after the other; the first refusal ends it and is told. */
  const doAll = async (act: () => Promise<string>) => {
    try {
      notify(await act());
      onDone();
    } catch (error) {
      notifyError(error);
    }
  };
  const setSuspended = (suspended: boolean) =>
    doAll(async () => {
      for (const { id, version } of keys)
        await change.mutateAsync({ params: { key: id }, body: { suspended }, ifMatch: version });
      return suspended ? texts.suspended(keys.length) : texts.resumed(keys.length);
    });
  const revokeAll = async () => {
    const names = keys.map(({ lastGroup }) => texts.lastGroup(lastGroup)).join(", ");
    const title = texts.revokeTitle(keys.length, texts.lastGroup(keys[0]?.lastGroup ?? ""));
    if (!(await confirm({ title, body: texts.revokeBody(names), action: texts.revoke, isDangerous: true }))) return;
    await doAll(async () => {
      for (const key of ids) await revoke.mutateAsync({ params: { key } });
      return texts.revoked(keys.length);
    });
  };
  const sendTo = async ({ id, email }: { readonly id: string; readonly email: string }) => {
    if (!(await confirm({ title: texts.sendTitle(email), body: texts.sendBody, action: texts.send }))) return;
    await doAll(async () => texts.sent((await send.mutateAsync({ params: { user: id } })).sent, email));
  };
  const takeBack = () =>
    doAll(async () => {
      await assign.mutateAsync({ body: { keys: ids, user: null } });
      return texts.takenBack(keys.length);
    });
  return (
    <Paper withBorder p="sm" role="region" aria-label={text.common.selected(keys.length)}>
      <Group gap="xs">
        <Text size="sm" fw={600} role="status">
          {text.common.selected(keys.length)}
        </Text>
        {can("keys.create") && (
          <>
            {acts.assign && can("users.view") && <Act label={texts.assign} onClick={() => setIsAssigning(true)} />}
            {acts.takeBack && <Act label={texts.takeBack} isBusy={isBusy} onClick={takeBack} />}
            {acts.suspend && <Act label={texts.suspend} isBusy={isBusy} onClick={() => setSuspended(true)} />}
            {acts.resume && <Act label={texts.resume} isBusy={isBusy} onClick={() => setSuspended(false)} />}
            {acts.sendTo && (
              <Act label={texts.send} isBusy={isBusy} onClick={() => acts.sendTo && sendTo(acts.sendTo)} />
            )}
          </>
        )}
        {can("keys.delete") && acts.revoke && <Act label={texts.revoke} isBusy={isBusy} onClick={revokeAll} />}
        {acts.isNothing && (
          <Text size="sm" c="dimmed">
            {texts.selectedNote}
          </Text>
        )}
      </Group>
      {isAssigning && (
        <AssignKeys
          count={keys.length}
          onClose={() => setIsAssigning(false)}
          onAssign={async (user) => {
            await assign.mutateAsync({ body: { keys: ids, user: user.id } });
            notify(texts.assigned(keys.length, user.name));
            setIsAssigning(false);
            onDone();
          }}
        />
      )}
    </Paper>
  );
}

interface ActProps {
  readonly label: string;
  readonly isBusy?: boolean;
  readonly onClick: () => unknown;
}

const Act = ({ label, isBusy = false, onClick }: ActProps) => (
  <Button size="xs" variant="default" disabled={isBusy} onClick={() => void onClick()}>
    {label}
  </Button>
);

interface AssignKeysProps {
  readonly count: number;
  readonly onClose: () => void;
  /** Throws `ApiError`. */
  readonly onAssign: (user: Picked) => Promise<void>;
}

function AssignKeys({ count, onClose, onAssign }: AssignKeysProps) {
  const [user, setUser] = useState<Picked | null>(null);
  const [problem, setProblem] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const [isSending, setIsSending] = useState(false);
  const submit = async () => {
    if (user === null) return setProblem(texts.userNeeded);
    setIsSending(true);
    await onAssign(user).catch(setFailure);
    setIsSending(false);
  };
  return (
    <Modal opened onClose={onClose} title={texts.assignTitle(count)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="md">
          {failure !== undefined && <ErrorBox error={failure} />}
          <PickUser
            label={texts.user}
            value={user}
            error={problem}
            onChange={(picked) => {
              setUser(picked);
              setProblem(undefined);
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={isSending}>
              {texts.assign}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
