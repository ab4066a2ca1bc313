/** The page that a mail's link opens. Its secret stands behind `#`, which no browser sends and no log has. */
import { Alert, Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../api/hooks.ts";
import { text } from "../messages/messages.ts";
import { CopyText } from "../parts/copy-text.tsx";
import { ErrorBox } from "../parts/error-box.tsx";
import { PasswordPair, usePasswordPair } from "../parts/password-pair.tsx";

export function LinkPasswordForm({
  route,
  onLogIn,
}: {
  readonly route: "activate" | "resetPassword";
  readonly onLogIn: () => void;
}) {
  const [secret] = useState(() => location.hash.slice(1));
  const pair = usePasswordPair();
  const choose = useAct(route, { rereads: false });
  if (secret === "")
    return (
      <Alert color="red" role="alert">
        {text.session.linkMissing}
      </Alert>
    );
  if (choose.data !== undefined)
    return (
      <Stack>
        <Alert color="teal" role="status">
          {text.session.passwordSet(choose.data.login)}
        </Alert>
        <Button onClick={onLogIn}>{text.session.logIn}</Button>
        {route === "activate" && (
          <Stack gap="xs">
            <Text size="sm">{text.session.installNow}</Text>
            <CopyText
              label={text.session.installCommand}
              value={`holdfast register --service ${location.origin} --email ${choose.data.login}`}
            />
          </Stack>
        )}
      </Stack>
    );
  const send = () =>
    choose.mutate(
      { body: { secret, password: pair.password } },
      { onError: (error) => error.field === "password" && pair.refuse(`${error.message} ${error.hint}`) },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (pair.check()) send();
      }}
    >
      <Stack>
        <Text size="sm">{text.session.passwordRule}</Text>
        {choose.error && choose.error.field !== "password" && <ErrorBox error={choose.error} />}
        <PasswordPair pair={pair} />
        <Button type="submit" loading={choose.isPending}>
          {text.session.choosePassword}
        </Button>
      </Stack>
    </form>
  );
}
