import { Alert, Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../api/hooks.ts";
import { text } from "../messages/messages.ts";
import { ErrorBox } from "../parts/error-box.tsx";

export function ForgotPasswordForm({
  organization,
  onLogIn,
}: {
  readonly organization?: string;
  readonly onLogIn: () => void;
}) {
  const [login, setLogin] = useState("");
  const wish = useAct("requestPasswordReset", { rereads: false });
  if (wish.isSuccess)
    return (
      <Stack>
        <Alert color="teal" role="status">
          {text.session.linkSent}
        </Alert>
        <Button variant="default" onClick={onLogIn}>
          {text.session.backToLogIn}
        </Button>
      </Stack>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        wish.mutate({ body: { login, ...(organization === undefined ? {} : { organization }) } });
      }}
    >
      <Stack>
        <Text size="sm">{text.session.forgotHint}</Text>
        {wish.error && <ErrorBox error={wish.error} />}
        <TextInput
          label={text.session.login}
          required
          withAsterisk={false}
          autoFocus
          autoComplete="username"
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <Button type="submit" loading={wish.isPending}>
          {text.session.sendLink}
        </Button>
        <Anchor component="button" type="button" size="sm" onClick={onLogIn}>
          {text.session.backToLogIn}
        </Anchor>
      </Stack>
    </form>
  );
}
