/** The service wants the password again: asked for here, whatever page one is on, and then the act is done as if nothing had been. */
import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { asApiError } from "../api/api-error.ts";
import { call, onProveAgain } from "../api/client.ts";
import { text } from "../messages/messages.ts";
import { ErrorBox } from "../parts/error-box.tsx";

export function StepUpDialog() {
  const [isOpen, setIsOpen] = useState(false);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [needsCode, setNeedsCode] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isSending, setIsSending] = useState(false);
  const waiting = useRef<((isProven: boolean) => void)[]>([]);
  useEffect(() => {
    onProveAgain(
      () =>
        new Promise((resolve) => {
          waiting.current.push(resolve);
          setIsOpen(true);
        }),
    );
  }, []);
  const end = (isProven: boolean) => {
    for (const resolve of waiting.current.splice(0)) resolve(isProven);
    setIsOpen(false);
    setPassword("");
    setCode("");
    setNeedsCode(false);
    setError(undefined);
  };
  const send = async () => {
    setIsSending(true);
    try {
      await call("prove", { body: { password, ...(code === "" ? {} : { code }) } });
      end(true);
    } catch (thrown) {
      const known = asApiError(thrown);
      if (known.code === "login/second-factor-needed") setNeedsCode(true);
      else setError(known);
    } finally {
      setIsSending(false);
    }
  };
  return (
    <Modal opened={isOpen} onClose={() => end(false)} title={text.session.proveTitle} zIndex={1000}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Stack>
          <Text size="sm">{text.session.proveHint}</Text>
          {error !== undefined && <ErrorBox error={error} />}
          <PasswordInput
            label={text.session.password}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": text.common.show }}
          />
          {needsCode && (
            <TextInput
              label={text.session.code}
              required
              withAsterisk={false}
              autoFocus
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => end(false)}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={isSending}>
              {text.session.proceed}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
