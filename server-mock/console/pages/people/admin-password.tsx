import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { AdminView } from "../../../../protocol/messages/roles.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { notify } from "../../parts/notify.tsx";
import { PasswordPair, usePasswordPair } from "../../parts/password-pair.tsx";

const { admins: says } = text.people;

/** For somebody who has forgotten it: ends all log-ins that were made with the old one. */
export function AdminPassword({ admin, onClose }: { readonly admin: AdminView; readonly onClose: () => void }) {
  const pair = usePasswordPair();
  const change = useAct("changeAdmin", {
    onDone: () => {
      notify(says.passwordChanged);
      onClose();
    },
  });
  const send = () =>
    change.mutate(
      { params: { admin: admin.id }, body: { password: pair.password }, ifMatch: admin.version },
      { onError: (error) => error.field === "password" && pair.refuse(`${error.message} ${error.hint}`) },
    );
  const { error } = change;
  return (
    <Modal opened onClose={onClose} title={says.passwordTitle(visibleText(admin.email))}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (pair.check()) send();
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {says.passwordBody}
          </Text>
          {error && error.field !== "password" && <ErrorBox error={error} />}
          <PasswordPair pair={pair} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={change.isPending}>
              {text.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
