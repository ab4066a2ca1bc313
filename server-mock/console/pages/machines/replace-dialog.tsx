/** Replace Machine: what to run on the new hardware, with a code where nobody knows the user's password. */
import { Button, Modal, Stack, Text, Title } from "@mantine/core";
import type { MachineDetails } from "../../../../protocol/messages/machine-acts.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { CopyText } from "../../parts/copy-text.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { exactTime } from "../../parts/relative-time.tsx";
import { recoverCommand, replaceCommand } from "./replace-commands.ts";

export interface ReplaceDialogProps {
  readonly machine: MachineDetails;
  readonly onClose: () => void;
}

export function ReplaceDialog({ machine, onClose }: ReplaceDialogProps) {
  const { id, name, user } = machine;
  const make = useAct("createReplacement", { rereads: false });
  const service = location.origin;
  return (
    <Modal opened onClose={onClose} title={text.machines.replaceTitle(name)} size="lg">
      <Stack gap="md">
        <Text size="sm">{text.machines.replaceHint}</Text>
        <Title order={3} size="h6">
          {text.machines.replaceLogIn}
        </Title>
        <CopyText
          label={text.machines.replaceLogIn}
          value={recoverCommand({ service, machine: id, user: user.email })}
        />
        <Title order={3} size="h6">
          {text.machines.replaceCode}
        </Title>
        <Text size="sm">{text.machines.replaceCodeHint}</Text>
        {make.error !== null && <ErrorBox error={make.error} />}
        {make.data === undefined ? (
          <Button
            variant="default"
            loading={make.isPending}
            onClick={() => make.mutate({ params: { machine: id } })}
            style={{ alignSelf: "flex-start" }}
          >
            {text.machines.replaceMake}
          </Button>
        ) : (
          <>
            <CopyText label={text.machines.replaceCode} value={make.data.code} />
            <Text size="sm">
              {text.machines.replaceUntil} {exactTime(make.data.expiresAt)}. {text.machines.replaceOnce}
            </Text>
            <Text size="sm">{text.machines.replaceCommand}</Text>
            <CopyText label={text.machines.replaceCommand} value={replaceCommand({ service, code: make.data.code })} />
          </>
        )}
      </Stack>
    </Modal>
  );
}
