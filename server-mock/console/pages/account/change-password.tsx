import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { notify } from "../../parts/notify.tsx";
import { Panel } from "../../parts/panel.tsx";
import { PasswordPair, usePasswordPair } from "../../parts/password-pair.tsx";

const says = text.account.password;

/** The old one, the new one twice; all other log-ins end. */
export function ChangePassword() {
  const [password, setPassword] = useState("");
  const pair = usePasswordPair();
  const change = useAct("changeOwnPassword", {
    onDone: () => {
      setPassword("");
      pair.setPassword("");
      pair.setAgain("");
      notify(says.changed);
    },
  });
  const { error } = change;
  const send = () =>
    change.mutate(
      { body: { password, newPassword: pair.password } },
      { onError: (refused) => refused.field === "newPassword" && pair.refuse(`${refused.message} ${refused.hint}`) },
    );
  return (
    <Panel title={says.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (pair.check()) send();
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {says.hint}
          </Text>
          {error && error.field === undefined && <ErrorBox error={error} />}
          <PasswordInput
            label={says.current}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            error={error?.field === "password" ? `${error.message} ${error.hint}` : undefined}
            aria-invalid={error?.field === "password"}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": text.common.show }}
          />
          <PasswordPair pair={pair} autoFocus={false} />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {says.change}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
