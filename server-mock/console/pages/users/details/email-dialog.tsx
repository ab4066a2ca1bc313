/** Change User Email: what the user logs in with. */
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { text } from "../../../messages/messages.ts";
import { FormNotes } from "../../../parts/form-notes.tsx";
import { notify } from "../../../parts/notify.tsx";
import { useApiForm } from "../../../parts/use-api-form.ts";
import { useChangeUser } from "./use-change-user.ts";

const { acts } = text.users;

export function EmailDialog({ user, onClose }: { readonly user: UserDetails; readonly onClose: () => void }) {
  const change = useChangeUser(user);
  const form = useApiForm({
    initial: { email: "" },
    validate: { email: (typed) => (typed.trim() === "" ? text.users.new.emailNeeded : null) },
  });
  return (
    <Modal opened onClose={onClose} title={acts.email}>
      <form
        noValidate
        onSubmit={form.sending(async ({ email }) => {
          await change({ email: email.trim() });
          notify(acts.emailChanged(email.trim()));
          onClose();
        })}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {acts.emailHint}
          </Text>
          <FormNotes form={form} />
          <TextInput
            type="email"
            label={acts.newEmail}
            placeholder={user.email}
            data-autofocus
            {...form.getInputProps("email")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={form.isSending}>
              {text.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
