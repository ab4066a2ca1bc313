/** To whom machines go: a user, found by a part of the email or name. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { type Picked, PickUser } from "../../parts/pick-user.tsx";

export interface MoveDialogProps {
  readonly title: string;
  /** Of the machines, which don't leave it: for top-level admins, who see the users of all. */
  readonly organization?: string | undefined;
  readonly onClose: () => void;
  /** Throws `ApiError`, which is shown. */
  readonly onMove: (to: Picked) => Promise<unknown>;
}

export function MoveDialog({ title, organization, onClose, onMove }: MoveDialogProps) {
  const [owner, setOwner] = useState<Picked | null>(null);
  const [isMissing, setIsMissing] = useState(false);
  const [failure, setFailure] = useState<ApiError>();
  const [isSending, setIsSending] = useState(false);
  const send = async () => {
    setIsMissing(owner === null);
    if (owner === null) return;
    setIsSending(true);
    setFailure(undefined);
    try {
      await onMove(owner);
    } catch (thrown) {
      setFailure(asApiError(thrown));
      setIsSending(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Stack gap="md">
          <Text size="sm">{text.machines.moveHint}</Text>
          {failure && <ErrorBox error={failure} />}
          <PickUser
            label={text.machines.newOwner}
            organization={organization}
            value={owner}
            onChange={setOwner}
            error={isMissing ? text.machines.newOwnerNeeded : undefined}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={isSending}>
              {text.machines.moveDo}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
