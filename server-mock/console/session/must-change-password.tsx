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
  const { error } = change;
  const send = () =>
    change.mutate(
      { body: { password, newPassword: pair.password } },
      { onError: (refused) => refused.field === "newPassword" && pair.refuse(`${refused.message} ${refused.hint}`) },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (pair.check()) send();
      }}
    >
      <Stack>
        <Text size="sm">{text.session.mustChangeHint}</Text>
        {error && error.field === undefined && <ErrorBox error={error} />}
        <PasswordInput
          label={text.session.oldPassword}
          autoComplete="current-password"
          required
          withAsterisk={false}
          autoFocus
          value={password}
          error={error?.field === "password" ? `${error.message} ${error.hint}` : undefined}
          aria-invalid={error?.field === "password"}
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
