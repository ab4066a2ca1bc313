/** All snapshots of a machine, newest first: kept, pruned, gone; those that were pruned can be brought back for a while. */
import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { AdminSnapshotView } from "../../../../protocol/messages/retention.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Pages } from "../../parts/pages.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";

const { history } = text.machines;

export interface MachineSnapshotsProps {
  readonly machine: string;
  readonly name: string;
  readonly isDeleted: boolean;
}

interface Asked {
  readonly kind: "pin" | "unprune";
  readonly sequence: number;
}

export function MachineSnapshots({ machine, name, isDeleted }: MachineSnapshotsProps) {
  const { isUser, actor, can } = useSession();
  const list = useList({ keys: [] });
  const answer = useRead("listAllSnapshots", { params: { machine }, query: list.query }, { keepShown: true });
  const [asked, setAsked] = useState<Asked>();
  const acts = useSnapshotActs(machine);
  const mayRestore = !isDeleted && ((isUser && actor === null) || can("restores.create"));
  const mayEdit = !isDeleted && can("machines.edit");
  if (answer.error !== null) return <ErrorBox error={answer.error} onRetry={() => void answer.refetch()} />;
  const actions: Column<AdminSnapshotView> = {
    id: "actions",
    title: history.columns.actions,
    cell: ({ sequence, state, pin }) => (
      <Group gap="xs" wrap="nowrap">
        {state === "kept" && mayRestore && (
          <Anchor component={Link} href={paths.restoreMachine(machine, { snapshot: String(sequence) })} size="xs">
            {history.restore}
          </Anchor>
        )}
        {mayEdit && state === "kept" && pin === null && (
          <Act label={history.pin} onClick={() => setAsked({ kind: "pin", sequence })} />
        )}
        {mayEdit && pin !== null && <Act label={history.unpin} onClick={() => void acts.unpin(sequence)} />}
        {mayEdit && state === "pruned" && (
          <Act label={history.unprune} onClick={() => setAsked({ kind: "unprune", sequence })} />
        )}
      </Group>
    ),
  };
  return (
    <Stack gap="sm">
      <DataTable
        label={history.of(name)}
        isDense
        columns={mayRestore || mayEdit ? [...COLUMNS, actions] : COLUMNS}
        rows={answer.data?.items}
        rowId={({ sequence }) => String(sequence)}
        empty={<Empty title={history.none} hint={history.noneHint} />}
      />
      <Group justify="flex-end">
        <Pages list={list} next={answer.data?.next ?? null} />
      </Group>
      {asked !== undefined && (
        <ReasonDialog
          title={asked.kind === "pin" ? history.pinTitle(asked.sequence) : history.unpruneTitle(asked.sequence)}
          action={asked.kind === "pin" ? history.pin : history.unprune}
          onClose={() => setAsked(undefined)}
          onSend={(reason) => acts[asked.kind](asked.sequence, reason)}
        />
      )}
    </Stack>
  );
}

const Act = ({ label, onClick }: { readonly label: string; readonly onClick: () => void }) => (
  <Button size="compact-xs" variant="default" onClick={onClick}>
    {label}
  </Button>
);

/** Pins and what is brought back throw `ApiError`, for their dialog. */
function useSnapshotActs(machine: string) {
  const confirm = useConfirm();
  const pin = useAct("pinSnapshot");
  const unpin = useAct("unpinSnapshot");
  const unprune = useAct("unpruneSnapshot");
  return {
    async pin(sequence: number, reason: string) {
      await pin.mutateAsync({ params: { machine, sequence }, body: { reason } });
      notify(history.pinned(sequence));
    },
    async unprune(sequence: number, reason: string) {
      await unprune.mutateAsync({ params: { machine, sequence }, body: { reason } });
      notify(history.unpruned(sequence));
    },
    async unpin(sequence: number) {
      const question = { title: history.unpinTitle(sequence), body: history.unpinBody, action: history.unpin };
      if (!(await confirm(question))) return;
      try {
        await unpin.mutateAsync({ params: { machine, sequence } });
        notify(history.unpinned(sequence));
      } catch (error) {
        notifyError(error);
      }
    },
  };
}

const COLUMNS: readonly Column<AdminSnapshotView>[] = [
  { id: "sequence", title: history.columns.sequence, isMain: true, cell: ({ sequence }) => sequence },
  {
    id: "received",
    title: history.columns.received,
    cell: ({ receivedAt, incomplete }) => (
      <>
        <RelativeTime at={receivedAt} />
        {incomplete && (
          <Text span inherit c="dimmed">
            {" "}
            ({history.incomplete})
          </Text>
        )}
      </>
    ),
  },
  { id: "files", title: history.columns.files, isNumber: true, cell: ({ files }) => files.toLocaleString("en") },
  { id: "size", title: history.columns.size, isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
  {
    id: "state",
    title: history.columns.state,
    cell: ({ state, restorableUntil }) => (
      <>
        {history.states[state]}
        {restorableUntil !== null && (
          <Text span inherit c="dimmed">
            {" "}
            ({history.until} <RelativeTime at={restorableUntil} />)
          </Text>
        )}
      </>
    ),
  },
  { id: "pin", title: history.columns.pin, cell: ({ pin }) => pin !== null && <NameText value={pin} /> },
];
