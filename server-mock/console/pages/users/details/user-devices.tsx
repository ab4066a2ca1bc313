/** `Desktop: 0 Used / 2 Available Edit`, a line for each type that the user can have. */
import { Button, Group, Stack, TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { asApiError } from "../../../api/api-error.ts";
import { text } from "../../../messages/messages.ts";
import { countRangeText } from "../../../parts/gigabytes.ts";
import { useChangeUser } from "./use-change-user.ts";

const { details, kinds } = text.users;

type Kind = "desktop" | "server";

export function UserDevices({ user, mayChange }: { readonly user: UserDetails; readonly mayChange: boolean }) {
  const shown: readonly Kind[] = user.kind === null ? ["desktop", "server"] : [user.kind];
  return (
    <Stack gap={4}>
      {shown.map((kind) => (
        <KindLine key={kind} kind={kind} user={user} mayChange={mayChange} />
      ))}
    </Stack>
  );
}

interface KindLineProps {
  readonly kind: Kind;
  readonly user: UserDetails;
  readonly mayChange: boolean;
}

function KindLine({ kind, user, mayChange }: KindLineProps) {
  const { used, limit } = user.devices[kind];
  const allowed = kind === "desktop" ? user.allowed.desktopDevices : user.allowed.serverDevices;
  const change = useChangeUser(user);
  const [typed, setTyped] = useState<string>();
  const [error, setError] = useState<string>();
  const [isSending, setIsSending] = useState(false);
  const name = kinds[kind];
  const range = countRangeText(allowed);
  if (typed === undefined)
    return (
      <Group gap="xs">
        <span>{details.devicesLine(name, used, Math.max(0, limit - used))}</span>
        {mayChange && (
          <UnstyledButton
            className="change-link"
            aria-label={details.editDevices(name)}
            onClick={() => setTyped(String(limit))}
          >
            {text.common.edit}
          </UnstyledButton>
        )}
      </Group>
    );
  const close = () => {
    setTyped(undefined);
    setError(undefined);
  };
  const save = async () => {
    if (!/^\d{1,7}$/.test(typed.trim())) return setError(`${text.users.new.devicesNeeded} ${range}`);
    const count = Number(typed);
    setIsSending(true);
    try {
      await change(kind === "desktop" ? { desktopDevices: count } : { serverDevices: count });
      close();
    } catch (thrown) {
      const { message, hint, status } = asApiError(thrown);
      setError(status === 412 ? `${text.common.conflict} ${text.common.conflictHint}` : `${message} ${hint}`);
    } finally {
      setIsSending(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <Group gap="xs" align="flex-start">
        <TextInput
          aria-label={details.devicesField(name)}
          size="xs"
          w={190}
          autoFocus
          inputMode="numeric"
          value={typed}
          error={error}
          description={range}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" loading={isSending}>
          {text.common.save}
        </Button>
        <Button size="xs" variant="default" onClick={close}>
          {text.common.cancel}
        </Button>
      </Group>
    </form>
  );
}
