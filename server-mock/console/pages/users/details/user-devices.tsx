/** `Desktop: 0 Used / 2 Available Edit`, a line for each type that the user can have. */
import { Group, Stack, TextInput } from "@mantine/core";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { text } from "../../../messages/messages.ts";
import { countRangeText } from "../../../parts/gigabytes.ts";
import { ChangeLink, InPlaceForm } from "../../../parts/in-place-form.tsx";
import { useInPlace } from "../../../parts/use-in-place.ts";
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
  const name = kinds[kind];
  const range = countRangeText(allowed);
  const edit = useInPlace({
    problemOf: (typed) => (/^\d{1,7}$/.test(typed.trim()) ? undefined : `${text.users.new.devicesNeeded} ${range}`),
    save: (typed) => change(kind === "desktop" ? { desktopDevices: Number(typed) } : { serverDevices: Number(typed) }),
  });
  if (edit.typed === undefined)
    return (
      <Group gap="xs">
        <span>{details.devicesLine(name, used, Math.max(0, limit - used))}</span>
        {mayChange && (
          <ChangeLink label={details.editDevices(name)} onClick={() => edit.open(String(limit))}>
            {text.common.edit}
          </ChangeLink>
        )}
      </Group>
    );
  return (
    <InPlaceForm edit={edit}>
      <TextInput
        aria-label={details.devicesField(name)}
        size="xs"
        w={190}
        autoFocus
        inputMode="numeric"
        value={edit.typed}
        error={edit.error}
        description={range}
        onChange={(event) => edit.type(event.currentTarget.value)}
      />
    </InPlaceForm>
  );
}
