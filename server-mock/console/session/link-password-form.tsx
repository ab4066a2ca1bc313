/** The page that a mail's link opens. Its secret stands behind `#`, which no browser sends and no log has. */
import { Alert, Button, Stack } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../api/hooks.ts";
import { text } from "../messages/messages.ts";
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
  const choose = useAct(route);
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
      </Stack>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (pair.check()) choose.mutate({ body: { secret, password: pair.password } });
      }}
    >
      <Stack>
        {choose.error && <ErrorBox error={choose.error} />}
        <PasswordPair pair={pair} />
        <Button type="submit" loading={choose.isPending}>
          {text.session.choosePassword}
        </Button>
      </Stack>
    </form>
  );
}
