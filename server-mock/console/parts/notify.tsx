/** A short word that something was done, with its undo where there is one. */
import { Button, Group, Text } from "@mantine/core";
import { asApiError } from "../api/api-error.ts";
import { text } from "../messages/messages.ts";
import { toasts } from "./toasts.tsx";

const SHOWN_MS = 6_000;
/** Long enough to read, think, and reach the button. */
const UNDO_MS = 15_000;

let count = 0;

export function notify(message: string, { undo }: { readonly undo?: () => void } = {}): void {
  count += 1;
  const id = `toast-${count}`;
  const takeBack = async () => {
    (await toasts()).hide(id);
    undo?.();
  };
  void show({
    id,
    color: "teal",
    autoClose: undo === undefined ? SHOWN_MS : UNDO_MS,
    role: "status",
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        {undo && (
          <Button size="compact-sm" variant="default" onClick={() => void takeBack()}>
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
  void show({ color: "red", title: message, message: hint, autoClose: false, role: "alert" });
}

type Toast = Parameters<Awaited<ReturnType<typeof toasts>>["show"]>[0];

async function show(toast: Toast): Promise<void> {
  (await toasts()).show({ ...toast, closeButtonProps: { "aria-label": text.common.close } });
}
