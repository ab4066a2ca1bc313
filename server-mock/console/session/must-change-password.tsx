import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../api/hooks.ts";
import { text } from "../messages/messages.ts";
import { ErrorBox } from "../parts/error-box.tsx";
import { PasswordPair, usePasswordPair } from "../parts/password-pair.tsx";

/** After a log-in with a temporary password. */
export function MustChangePassword({ onDone }: { readonly onDone: () => void }) {
  const [password, setPassword] = useState("");
  const pair = usePasswordPair();
  const change = useAct("changeOwnPassword", { onDone });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (pair.check()) change.mutate({ body: { password, newPassword: pair.password } });
      }}
    >
      <Stack>
        <Text size="sm">{text.session.mustChangeHint}</Text>
        {change.error && <ErrorBox error={change.error} />}
        <PasswordInput
          label={text.session.oldPassword}
          autoComplete="current-password"
          required
          withAsterisk={false}
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": text.common.show }}
        />
        <PasswordPair pair={pair} autoFocus={false} />
        <Button type="submit" loading={change.isPending}>
          {text.session.choosePassword}
        </Button>
      </Stack>
    </form>
  );
}
