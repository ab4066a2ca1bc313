/** One's own second factor: set up, recovery codes, given up. */
import { Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { EnrolSecondFactor, RecoveryCodes } from "../../parts/enrol-second-factor.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Panel } from "../../parts/panel.tsx";
import { useSession } from "../../session/session.tsx";

const says = text.account.factor;

export function SecondFactor() {
  const { actor } = useSession();
  const { data, error, refetch } = useRead("getSecondFactor");
  return (
    <Panel title={says.title}>
      {error && data === undefined && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {data && (
        <Stack align="flex-start">
          <Badge variant="dot" color={data.isActive ? "teal" : "orange"} size="lg">
            {data.isActive ? says.on : says.off}
          </Badge>
          <Text size="sm">{data.isActive ? says.onHint : says.offHint}</Text>
          {data.isActive && <Text size="sm">{says.left(data.recoveryCodesLeft)}</Text>}
          {data.isActive && data.isRequired && (
            <Text size="sm" c="dimmed">
              {says.required}
            </Text>
          )}
          {actor === null && (data.isActive ? <ActsOnActive /> : <SetUp />)}
        </Stack>
      )}
    </Panel>
  );
}

function SetUp() {
  const client = useQueryClient();
  const [isBegun, setIsBegun] = useState(false);
  if (!isBegun) return <Button onClick={() => setIsBegun(true)}>{says.setUp}</Button>;
  return (
    <EnrolSecondFactor
      onDone={() => {
        notify(says.done);
        void client.invalidateQueries();
      }}
    />
  );
}

function ActsOnActive() {
  const confirm = useConfirm();
  const renew = useAct("renewRecoveryCodes");
  const remove = useAct("removeSecondFactor", { onDone: () => notify(says.removed) });
  const askAndRenew = async () => {
    if (await confirm({ title: says.renewTitle, body: says.renewBody, action: says.renew }))
      renew.mutate({}, { onError: notifyError });
  };
  const askAndRemove = async () => {
    const question = { title: says.removeTitle, body: says.removeBody, action: says.remove, isDangerous: true };
    if (await confirm(question)) remove.mutate({}, { onError: notifyError });
  };
  return (
    <Group>
      <Button variant="default" loading={renew.isPending} onClick={() => void askAndRenew()}>
        {says.renew}
      </Button>
      <Button variant="default" loading={remove.isPending} onClick={() => void askAndRemove()}>
        {says.remove}
      </Button>
      <Modal
        opened={renew.data !== undefined}
        onClose={renew.reset}
        title={says.renew}
        closeOnClickOutside={false}
        closeOnEscape={false}
        withCloseButton={false}
      >
        <RecoveryCodes codes={renew.data?.recoveryCodes ?? []} onDone={renew.reset} />
      </Modal>
    </Group>
  );
}
