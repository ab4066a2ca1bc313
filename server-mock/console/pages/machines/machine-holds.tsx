/** Legal holds that reach a machine: its own, its user's, its organization's. */
import { Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import type { HoldView } from "../../../../protocol/messages/retention.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { useSession } from "../../session/session.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";

const { holds } = text.machines;

export function MachineHolds({ machine, name }: { readonly machine: string; readonly name: string }) {
  const { can } = useSession();
  const [isAdding, setIsAdding] = useState(false);
  const confirm = useConfirm();
  const answer = useRead("listHolds", { query: { machine } });
  const add = useAct("createHold");
  const remove = useAct("removeHold");
  const mayEdit = can("policies.edit");
  const end = async ({ id, reason }: HoldView) => {
    const asked = { title: holds.endTitle, body: <bdi>{holds.endBody(reason)}</bdi>, action: holds.end };
    if (!(await confirm({ ...asked, isDangerous: true }))) return;
    try {
      await remove.mutateAsync({ params: { hold: id } });
      notify(holds.ended);
    } catch (error) {
      notifyError(error);
    }
  };
  const button = mayEdit && (
    <Button size="xs" variant="default" onClick={() => setIsAdding(true)}>
      {holds.add}
    </Button>
  );
  if (answer.error !== null) return <ErrorBox error={answer.error} onRetry={() => void answer.refetch()} />;
  const hasSome = (answer.data?.items.length ?? 0) > 0;
  return (
    <Stack gap="sm">
      <DataTable
        label={holds.of(name)}
        isDense
        columns={mayEdit ? [...COLUMNS, endColumn((hold) => void end(hold))] : COLUMNS}
        rows={answer.data?.items}
        rowId={({ id }) => id}
        empty={<Empty title={holds.none} hint={holds.noneHint} action={button} />}
      />
      {hasSome && button && <Group>{button}</Group>}
      {isAdding && (
        <ReasonDialog
          title={holds.addTitle(name)}
          action={holds.add}
          onClose={() => setIsAdding(false)}
          onSend={async (reason) => {
            await add.mutateAsync({ body: { machine, reason } });
            notify(holds.added);
          }}
        />
      )}
    </Stack>
  );
}

const COLUMNS: readonly Column<HoldView>[] = [
  { id: "level", title: holds.columns.of, isMain: true, cell: ({ level }) => holds.levels[level] },
  { id: "reason", title: holds.columns.reason, cell: ({ reason }) => <NameText value={reason} /> },
  { id: "by", title: holds.columns.by, cell: ({ madeBy }) => <NameText value={madeBy} /> },
  { id: "since", title: holds.columns.since, cell: ({ madeAt }) => <RelativeTime at={madeAt} /> },
];

const endColumn = (onEnd: (hold: HoldView) => void): Column<HoldView> => ({
  id: "actions",
  title: holds.columns.actions,
  cell: (hold) => (
    <Button size="compact-xs" variant="default" onClick={() => onEnd(hold)}>
      {holds.end}
    </Button>
  ),
});
