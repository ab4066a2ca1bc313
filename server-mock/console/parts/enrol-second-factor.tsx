/** A second factor, step by step: secret, first code, recovery codes. */
import { Anchor, Button, Code, List, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../api/hooks.ts";
import { text } from "../messages/messages.ts";
import { ErrorBox } from "./error-box.tsx";

export function EnrolSecondFactor({ onDone }: { readonly onDone: () => void }) {
  const [code, setCode] = useState("");
  const enrol = useAct("enrolSecondFactor", { rereads: false });
  // The gate would take this page away before the recovery codes were seen.
  const confirm = useAct("confirmSecondFactor", { rereads: false });
  if (confirm.data !== undefined) return <RecoveryCodes codes={confirm.data.recoveryCodes} onDone={onDone} />;
  if (enrol.data === undefined)
    return (
      <Stack align="flex-start">
        {enrol.error && <ErrorBox error={enrol.error} />}
        <Button loading={enrol.isPending} onClick={() => enrol.mutate({})}>
          {text.session.enrolStart}
        </Button>
      </Stack>
    );
  const { secret, uri } = enrol.data;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate({ body: { code } });
      }}
    >
      <Stack>
        <Text size="sm">{text.session.enrolSecret}</Text>
        <Code block>{secret}</Code>
        <Anchor href={uri} size="sm">
          {text.session.enrolLink}
        </Anchor>
        {confirm.error && <ErrorBox error={confirm.error} />}
        <TextInput
          label={text.session.enrolConfirm}
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" loading={confirm.isPending}>
          {text.session.confirm}
        </Button>
      </Stack>
    </form>
  );
}

/** Shown once. */
export function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  return (
    <Stack>
      <Text fw={600}>{text.session.recoveryTitle}</Text>
      <Text size="sm">{text.session.recoveryHint}</Text>
      <List listStyleType="none">
        {codes.map((code) => (
          <List.Item key={code}>
            <Code>{code}</Code>
          </List.Item>
        ))}
      </List>
      <Button onClick={onDone}>{text.session.recoveryKept}</Button>
    </Stack>
  );
}
