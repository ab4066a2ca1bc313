/** A webhook's secret, the only time that it is shown. */
import { Button, Modal, Stack, Text } from "@mantine/core";
import { text } from "../../messages/messages.ts";
import { CopyText } from "../../parts/copy-text.tsx";

/** Closed by the button alone: a slip of the mouse would lose it. */
export function WebhookSecret({
  secret,
  onKept,
}: {
  readonly secret: string | undefined;
  readonly onKept: () => void;
}) {
  const { secretTitle, secretHint, secret: label, kept } = text.admin.webhooks;
  return (
    <Modal
      opened={secret !== undefined}
      onClose={onKept}
      title={secretTitle}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text size="sm">{secretHint}</Text>
        <CopyText value={secret ?? ""} label={label} />
        <Button onClick={onKept}>{kept}</Button>
      </Stack>
    </Modal>
  );
}
