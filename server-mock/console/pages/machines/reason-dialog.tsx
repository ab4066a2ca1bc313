/** Asks why: others will read it. */
import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { text } from "../../messages/messages.ts";
import { FormNotes } from "../../parts/form-notes.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";

export interface ReasonDialogProps {
  readonly title: string;
  readonly action: string;
  readonly onClose: () => void;
  /** Throws `ApiError`, which is shown. */
  readonly onSend: (reason: string) => Promise<unknown>;
}

export function ReasonDialog({ title, action, onClose, onSend }: ReasonDialogProps) {
  const form = useApiForm({
    initial: { reason: "" },
    validate: { reason: (reason: string) => (reason.trim() === "" ? text.machines.history.reasonNeeded : null) },
  });
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        onSubmit={form.sending(async ({ reason }) => {
          await onSend(reason.trim());
          onClose();
        })}
      >
        <Stack gap="md">
          <FormNotes form={form} />
          <Textarea
            label={text.machines.history.reason}
            data-autofocus
            autosize
            minRows={2}
            maxLength={500}
            {...form.getInputProps("reason")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={form.isSending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
