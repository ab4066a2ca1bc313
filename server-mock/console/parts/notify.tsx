/** A short word that something was done, with its undo where there is one. */
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { asApiError } from "../api/api-error.ts";
import { text } from "../messages/messages.ts";

const SHOWN_MS = 6_000;
/** Long enough to read, think, and reach the button. */
const UNDO_MS = 15_000;

export function notify(message: string, { undo }: { readonly undo?: () => void } = {}): void {
  const id = notifications.show({
    color: "teal",
    autoClose: undo === undefined ? SHOWN_MS : UNDO_MS,
    closeButtonProps: { "aria-label": text.common.close },
    role: "status",
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        {undo && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {text.common.undo}
          </Button>
        )}
      </Group>
    ),
  });
}

/** For acts without a form of their own to show it in. */
export function notifyError(error: unknown): void {
  const { message, hint } = asApiError(error);
  notifications.show({
    color: "red",
    title: message,
    message: hint,
    autoClose: false,
    role: "alert",
    closeButtonProps: { "aria-label": text.common.close },
  });
}
