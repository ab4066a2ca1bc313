/** Change User Password: twice, and temporary where users log in at a subdomain. */
import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { asApiError } from "../../../api/api-error.ts";
import { text } from "../../../messages/messages.ts";
import { ErrorBox } from "../../../parts/error-box.tsx";
import { notify } from "../../../parts/notify.tsx";
import { PasswordPair, usePasswordPair } from "../../../parts/password-pair.tsx";
import { useChangeUser } from "./use-change-user.ts";

const { acts } = text.users;

export interface PasswordDialogProps {
  readonly user: UserDetails;
  /** Without a subdomain nobody could ever log in to choose another one. */
  readonly hasSubdomain: boolean;
  readonly onClose: () => void;
}

export function PasswordDialog({ user, hasSubdomain, onClose }: PasswordDialogProps) {
  const change = useChangeUser(user);
  const pair = usePasswordPair();
  const [isTemporary, setIsTemporary] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [isSending, setIsSending] = useState(false);
  const save = async () => {
    setFailure(undefined);
    setIsSending(true);
    try {
      await change({ password: pair.password, ...(isTemporary ? { temporary: true } : {}) });
      notify(acts.passwordChanged);
      onClose();
    } catch (thrown) {
      const error = asApiError(thrown);
      if (error.field === "password") pair.refuse(`${error.message} ${error.hint}`);
      else setFailure(error);
    } finally {
      setIsSending(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={acts.password}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (pair.check()) void save();
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {acts.passwordHint}
          </Text>
          {failure !== undefined && <ErrorBox error={failure} />}
          <PasswordPair pair={pair} />
          {hasSubdomain && (
            <Checkbox
              label={acts.temporary}
              description={acts.temporaryHint}
              checked={isTemporary}
              onChange={(event) => setIsTemporary(event.currentTarget.checked)}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={isSending}>
              {text.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
