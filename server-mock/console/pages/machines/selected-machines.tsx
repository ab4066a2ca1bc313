/** What can be done with the machines that are selected in the list. */
import { Alert, Button, Group, List, Text } from "@mantine/core";
import { useState } from "react";
import type { MachineItem } from "../../../../protocol/messages/lists.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { notify } from "../../parts/notify.tsx";
import { useSession } from "../../session/session.tsx";
import { type SeveralAct, useActOnSeveral } from "./act-on-several.ts";
import { MoveDialog } from "./move-dialog.tsx";

const { acts } = text.machines;

export interface SelectedMachinesProps {
  readonly machines: readonly MachineItem[];
  readonly onDone: () => void;
}

export function SelectedMachines({ machines, onDone }: SelectedMachinesProps) {
  const { can } = useSession();
  const confirm = useConfirm();
  const several = useActOnSeveral();
  const [isMoving, setIsMoving] = useState(false);
  const deleted = machines.filter(({ deletedAt }) => deletedAt !== null);
  const here = machines.filter(({ deletedAt }) => deletedAt === null);
  const active = here.filter(({ state }) => state === "active");
  const suspended = here.filter(({ state }) => state === "suspended");

  const run = async (rows: readonly MachineItem[], act: SeveralAct) => {
    const changed = await several.run(rows, act);
    if (changed.length > 0)
      notify(
        acts.done[act.kind](changed.length),
        act.kind === "delete" ? { undo: () => void several.run(changed, { kind: "undelete" }) } : {},
      );
    if (changed.length === rows.length) onDone();
  };
  const runSure = async (rows: readonly MachineItem[], kind: "delete" | "suspend") => {
    const [title, body, action] =
      kind === "delete"
        ? [text.machines.deleteSeveral(rows.length), text.machines.deleteBody, acts.delete]
        : [text.machines.suspendSeveral(rows.length), text.machines.suspendBody, acts.suspend];
    if (await confirm({ title, body: <NamesAnd rows={rows} body={body} />, action, isDangerous: kind === "delete" }))
      await run(rows, { kind });
  };
  const isBusy = several.progress !== undefined;
  const button = (label: string, rows: readonly MachineItem[], act: () => void) =>
    rows.length > 0 && (
      <Button key={label} size="xs" variant="default" disabled={isBusy} onClick={act}>
        {label}
      </Button>
    );
  return (
    <Group gap="xs" role="group" aria-label={acts.several} w="100%">
      <Text size="sm" role="status">
        {several.progress === undefined
          ? text.common.selected(machines.length)
          : acts.working(several.progress.done, several.progress.of)}
      </Text>
      {can("machines.edit") && [
        button(acts.suspend, active, () => void runSure(active, "suspend")),
        button(acts.resume, suspended, () => void run(suspended, { kind: "resume" })),
        button(acts.move, here, () => setIsMoving(true)),
      ]}
      {can("machines.delete") && [
        button(acts.delete, here, () => void runSure(here, "delete")),
        button(acts.undelete, deleted, () => void run(deleted, { kind: "undelete" })),
      ]}
      {several.refused.length > 0 && (
        <Alert
          color="red"
          w="100%"
          role="alert"
          title={acts.refused(several.refused.length)}
          withCloseButton
          closeButtonLabel={text.common.close}
          onClose={several.forget}
        >
          <List size="sm">
            {several.refused.map(({ machine, message }) => (
              <List.Item key={machine.id}>
                <bdi>{acts.refusedOne(machine.name, message)}</bdi>
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {isMoving && (
        <MoveDialog
          title={text.machines.moveSeveral(here.length)}
          organization={here[0]?.organization.id}
          onClose={() => setIsMoving(false)}
          onMove={async ({ id }) => {
            setIsMoving(false);
            await run(here, { kind: "move", user: id });
          }}
        />
      )}
    </Group>
  );
}

const NAMED_MAX = 10;

function NamesAnd({ rows, body }: { readonly rows: readonly MachineItem[]; readonly body: string }) {
  return (
    <>
      <List size="sm" mb="sm">
        {rows.slice(0, NAMED_MAX).map(({ id, name, user }) => (
          <List.Item key={id}>
            <bdi>{name}</bdi> (<bdi>{user.email}</bdi>)
          </List.Item>
        ))}
        {rows.length > NAMED_MAX && <List.Item>{text.machines.space.rest(rows.length - NAMED_MAX)}</List.Item>}
      </List>
      {body}
    </>
  );
}
