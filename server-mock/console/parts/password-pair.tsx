/** A new password, twice. */
import { PasswordInput } from "@mantine/core";
import { useState } from "react";
import { text } from "../messages/messages.ts";

export interface PasswordPairState {
  readonly password: string;
  readonly again: string;
  readonly error: { readonly field: "password" | "again"; readonly message: string } | undefined;
  setPassword(value: string): void;
  setAgain(value: string): void;
  /** False: says why beside the field. */
  check(): boolean;
  /** From the service: too short, too common. */
  refuse(message: string): void;
}

export function usePasswordPair(): PasswordPairState {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [error, setError] = useState<PasswordPairState["error"]>();
  return {
    password,
    again,
    error,
    setPassword,
    setAgain,
    check() {
      const found: PasswordPairState["error"] =
        password === ""
          ? { field: "password", message: text.session.passwordNeeded }
          : password === again
            ? undefined
            : { field: "again", message: text.session.passwordsDiffer };
      setError(found);
      return found === undefined;
    },
    refuse: (message) => setError({ field: "password", message }),
  };
}

export function PasswordPair({
  pair,
  autoFocus = true,
}: {
  readonly pair: PasswordPairState;
  readonly autoFocus?: boolean;
}) {
  const errorOf = (field: "password" | "again") => (pair.error?.field === field ? pair.error.message : undefined);
  return (
    <>
      <PasswordInput
        label={text.session.newPassword}
        autoComplete="new-password"
        required
        withAsterisk={false}
        autoFocus={autoFocus}
        value={pair.password}
        onChange={(event) => pair.setPassword(event.currentTarget.value)}
        error={errorOf("password")}
        aria-invalid={errorOf("password") !== undefined}
        visibilityToggleButtonProps={{ "aria-label": text.common.show }}
      />
      <PasswordInput
        label={text.session.newPasswordAgain}
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={pair.again}
        onChange={(event) => pair.setAgain(event.currentTarget.value)}
        error={errorOf("again")}
        aria-invalid={errorOf("again") !== undefined}
        visibilityToggleButtonProps={{ "aria-label": text.common.show }}
      />
    </>
  );
}
