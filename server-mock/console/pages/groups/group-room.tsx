/** What a group uses of what it has, and the form that changes it. */
import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { GroupDetails } from "../../../../protocol/messages/groups.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { FormNotes } from "../../parts/form-notes.tsx";
import { inGigabytes } from "../../parts/gigabytes.ts";
import { notify } from "../../parts/notify.tsx";
import { Theirs, useSeenVersion } from "../../parts/seen-version.tsx";
import { UsageBar } from "../../parts/usage-bar.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { useSession } from "../../session/session.tsx";
import { RoomFields } from "./room-fields.tsx";
import { poolsToSend, type RoomValues, roomsOf } from "./room-values.ts";
import { countedPools, storageLines } from "./storage-text.ts";

export function GroupRoom({ group }: { readonly group: GroupDetails }) {
  const { can } = useSession();
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <Title order={2} size="h4">
          {text.groups.room}
        </Title>
        <GroupUse group={group} />
        {can("groups.edit") && <RoomForm key={group.id} group={group} />}
      </Stack>
    </Paper>
  );
}

/** Black below, orange reached, red exceeded. */
function GroupUse({ group }: { readonly group: GroupDetails }) {
  const pools = countedPools(group);
  return (
    <Stack gap="sm">
      {pools.map((pool) => {
        const { kind, mode, usedBytes, limitBytes, availableBytes } = pool;
        const limit = mode === "limited" || mode === "assigned" ? limitBytes : mode === "none" ? 0 : null;
        const available = availableBytes === null ? text.common.unlimited : formatBytes(availableBytes);
        const label = pools.length === 1 ? text.groups.storage : text.groups.roomOf(text.groups.kinds[kind]);
        return (
          <div key={kind}>
            <Text size="sm" fw={600}>
              {label}: {text.groups.modes[mode]}
            </Text>
            {limit === null ? (
              <Text size="sm">{text.groups.usedAvailable(formatBytes(usedBytes), available)}</Text>
            ) : (
              <UsageBar label={label} used={usedBytes} limit={limit} />
            )}
          </div>
        );
      })}
      {(["desktop", "server"] as const).map((kind) => {
        const allowed = group.allowed.pools.find((each) => each.kind === kind)?.devices;
        const pool = group.pools.find((each) => each.kind === kind);
        if (!allowed || !pool) return null;
        const label = text.groups.licences(text.groups.kinds[kind]);
        return (
          <div key={kind}>
            <Text size="sm" fw={600}>
              {label}
            </Text>
            <UsageBar label={label} used={allowed.minimum} limit={pool.devices}>
              {`${text.groups.licencesUsed(allowed.minimum, pool.devices)}, ${text.groups.licencesFree(pool.devicesFree)}`}
            </UsageBar>
          </div>
        );
      })}
    </Stack>
  );
}

function RoomForm({ group }: { readonly group: GroupDetails }) {
  const seen = useSeenVersion(group);
  const change = useAct("changeGroup", { onDone: () => notify(text.groups.saved) });
  const form = useApiForm<{ pools: readonly RoomValues[] }>({
    draft: `group-room-${group.id}`,
    initial: { pools: roomsOf(group.pools) },
  });
  return (
    <form
      noValidate
      onSubmit={form.sending(({ pools }) =>
        seen
          .guard((ifMatch) =>
            change.mutateAsync({
              params: { group: group.id },
              body: { pools: poolsToSend(pools, group.counted) },
              ifMatch,
            }),
          )
          .catch((error: unknown) => Promise.reject(inGigabytes(error))),
      )}
    >
      <Stack gap="md">
        <FormNotes form={form} />
        <Theirs seen={seen} current={group} fields={THEIRS} />
        <RoomFields
          rooms={form.values.pools}
          counted={group.counted}
          allowed={group.allowed.pools}
          errors={form.errors}
          onChange={(pools) => form.setValues({ pools })}
        />
        <Group>
          <Button type="submit" loading={form.isSending}>
            {text.common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const devicesOf = (kind: "desktop" | "server") => (group: GroupDetails) =>
  String(group.pools.find((pool) => pool.kind === kind)?.devices ?? text.common.unlimited);

const THEIRS = [
  [text.groups.name, ({ name }: GroupDetails) => name],
  [text.groups.storage, (group: GroupDetails) => storageLines(group).join(", ")],
  [text.groups.licences(text.groups.kinds.desktop), devicesOf("desktop")],
  [text.groups.licences(text.groups.kinds.server), devicesOf("server")],
] as const;
