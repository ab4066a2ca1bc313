import { Anchor, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { type ApiError, asApiError } from "../api/api-error.ts";
import { call } from "../api/client.ts";
import { text } from "../messages/messages.ts";
import { ErrorBox } from "../parts/error-box.tsx";

export interface LogInFormProps {
  readonly organization?: string;
  readonly forgotHref: string;
  readonly onLoggedIn: () => void;
}

export function LogInForm({ organization, forgotHref, onLoggedIn }: LogInFormProps) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  /** A second step is asked for; the password was right. */
  const [ticket, setTicket] = useState<string>();
  const [error, setError] = useState<ApiError>();
  const [isSending, setIsSending] = useState(false);
  const send = async () => {
    setIsSending(true);
    setError(undefined);
    try {
      if (ticket !== undefined) await call("loginSecondFactor", { body: { ticket, code } });
      else
        await call("login", {
          body: {
            email,
            password,
            for: "console",
            cookie: true,
            ...(organization === undefined ? {} : { organization }),
          },
        });
      onLoggedIn();
    } catch (thrown) {
      const known = asApiError(thrown);
      if (known.code === "login/second-factor-needed" && typeof known.data.ticket === "string")
        setTicket(known.data.ticket);
      else {
        // The password is asked for again: the second step came too late.
        if (known.code === "login/ticket-expired") setTicket(undefined);
        setError(known);
      }
    } finally {
      setIsSending(false);
    }
  };
  const wrongCode = ticket !== undefined && error?.code === "login/wrong-code" ? error : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Stack gap="md">
        {error !== undefined && wrongCode === undefined && <ErrorBox error={error} />}
        {ticket === undefined ? (
          <>
            <TextInput
              label={text.session.login}
              name="email"
              autoComplete="username"
              required
              withAsterisk={false}
              autoFocus
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              label={text.session.password}
              name="password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ "aria-label": text.common.show }}
            />
          </>
        ) : (
          <TextInput
            label={text.session.code}
            name="code"
            autoComplete="one-time-code"
            inputMode="numeric"
            required
            withAsterisk={false}
            autoFocus
            value={code}
            error={wrongCode && `${wrongCode.message} ${wrongCode.hint}`}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        <Button type="submit" loading={isSending}>
          {text.session.logIn}
        </Button>
        <Anchor component={Link} href={forgotHref} size="sm">
          {text.session.forgot}
        </Anchor>
      </Stack>
    </form>
  );
}
