/** What somebody should know about a machine before anything else: deleted, suspended, failing, braked, damaged. */
import { Alert, Button, Group, List, Stack, Text } from "@mantine/core";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { MachineDetails } from "../../../../protocol/messages/machine-acts.ts";
import type { DamageView, SpaceView } from "../../../../protocol/messages/space.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { exactTime, RelativeTime, useNow } from "../../parts/relative-time.tsx";
import { useSession } from "../../session/session.tsx";

const { brakes, damages } = text.machines;

export function MachineNotices({ machine }: { readonly machine: MachineDetails }) {
  const { can } = useSession();
  const { id, name, deletedAt } = machine;
  const params = { machine: id };
  const space = useRead("getSpace", { params }, { when: deletedAt === null });
  const found = useRead(
    "listDamages",
    { query: { machine: id, limit: 20 } },
    { when: deletedAt === null && can("machines.view") },
  );
  const open = (found.data?.items ?? []).filter(({ state }) => state === "open");
  return (
    <>
      <StateNotice machine={machine} />
      {space.data !== undefined && <Brakes name={name} space={space.data} />}
      {open.length > 0 && <Damages damages={open} />}
    </>
  );
}

function StateNotice({ machine }: { readonly machine: MachineDetails }) {
  const { deletedAt, undeletableUntil, state } = machine;
  const now = useNow();
  if (deletedAt !== null) {
    const isInTime = undeletableUntil !== null && Date.parse(undeletableUntil) > now;
    return (
      <Alert color="red" title={text.machines.deletedTitle}>
        {isInTime ? text.machines.deletedNotice(exactTime(undeletableUntil)) : text.machines.deletedGone}
      </Alert>
    );
  }
  if (state === "suspended")
    return (
      <Alert color="orange" title={text.machines.suspended}>
        {text.machines.suspendedNotice}
      </Alert>
    );
  if (hasFailed(machine))
    return (
      <Alert color="red" title={text.machines.failedNotice}>
        {machine.lastFailureCode !== null && (
          <>
            <code>{machine.lastFailureCode}</code>.{" "}
          </>
        )}
        {text.machines.failedHint}
      </Alert>
    );
  return null;
}

/** And no run has succeeded since. */
const hasFailed = ({ lastFailureAt, lastUpdateAt }: MachineDetails): boolean =>
  lastFailureAt !== null && (lastUpdateAt === null || lastFailureAt > lastUpdateAt);

function Brakes({ name, space }: { readonly name: string; readonly space: SpaceView }) {
  const { can } = useSession();
  const confirm = useConfirm();
  const change = useAct("changeSpace");
  const { machine, frozenAt, frozenReason, heldBytes } = space;
  const mayChange = can("machines.edit");
  const act = async (
    asked: Parameters<typeof confirm>[0],
    body: { isFrozen?: boolean; confirmBytes?: number },
    done: string,
  ) => {
    if (!(await confirm(asked))) return;
    try {
      await change.mutateAsync({ params: { machine }, body });
      notify(done);
    } catch (error) {
      notifyError(error);
    }
  };
  const thaw = { title: brakes.thawTitle(name), body: brakes.thawBody, action: brakes.thaw };
  return (
    <>
      {frozenAt !== null && (
        <Notice
          title={brakes.frozen}
          action={mayChange ? brakes.thaw : undefined}
          onAct={() => void act(thaw, { isFrozen: false }, brakes.thawed)}
        >
          {frozenReason !== null && (
            <>
              <bdi>{frozenReason}</bdi>{" "}
            </>
          )}
          ({brakes.frozenSince} <RelativeTime at={frozenAt} />) {brakes.frozenHint}
        </Notice>
      )}
      {heldBytes !== null && (
        <Notice
          title={brakes.held(formatBytes(heldBytes))}
          action={mayChange ? brakes.release : undefined}
          onAct={() =>
            void act(
              {
                title: brakes.releaseTitle(formatBytes(heldBytes)),
                body: brakes.releaseBody,
                action: brakes.release,
                isDangerous: true,
              },
              { confirmBytes: heldBytes },
              brakes.released,
            )
          }
        >
          {brakes.heldHint}
        </Notice>
      )}
    </>
  );
}

interface NoticeProps {
  readonly title: string;
  readonly children: React.ReactNode;
  /** undefined: not for this person. */
  readonly action: string | undefined;
  readonly onAct: () => void;
}

function Notice({ title, children, action, onAct }: NoticeProps) {
  return (
    <Alert color="orange" title={title}>
      <Group justify="space-between" align="flex-end" gap="sm">
        <Text size="sm" component="div" flex="1 1 20rem">
          {children}
        </Text>
        {action !== undefined && (
          <Button size="xs" variant="default" onClick={onAct}>
            {action}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

function Damages({ damages: found }: { readonly damages: readonly DamageView[] }) {
  return (
    <Alert color="red" title={damages.title}>
      <List size="sm">
        {found.map(({ id, kind, name, reason, chunks, snapshots, foundAt }) => (
          <List.Item key={id}>
            <Stack gap={2}>
              <span>
                {damages.kinds[kind]} <code>{name.slice(0, 12)}</code>: <bdi>{reason}</bdi> ({damages.found}{" "}
                <RelativeTime at={foundAt} />)
              </span>
              <span>
                {damages.body(chunks)} {snapshots.length > 0 && damages.snapshots(snapshots.length)}
              </span>
            </Stack>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
