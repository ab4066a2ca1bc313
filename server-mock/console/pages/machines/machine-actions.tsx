/** The action bar of the Machine Details panel. What somebody may not do is not there. */
import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import type { MachineDetails } from "../../../../protocol/messages/machine-acts.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { MoveDialog } from "./move-dialog.tsx";
import { ReplaceDialog } from "./replace-dialog.tsx";
import { useMachineDeletion } from "./use-machine-deletion.ts";

const { acts } = text.machines;

export function MachineActions({ machine }: { readonly machine: MachineDetails }) {
  const { isUser, actor, can } = useSession();
  const { id, name } = machine;
  const isHere = machine.deletedAt === null;
  // Whoever acts in a user's name does not see what is in the backups.
  const mayOpen = (isUser && actor === null) || can("restores.create");
  return (
    <Group gap="xs" role="group" aria-label={acts.bar}>
      {isHere && mayOpen && (
        <>
          <To label={acts.restore} href={paths.restoreMachine(id)} isMain />
          <To label={acts.view} href={paths.machineFiles(id)} />
        </>
      )}
      <To label={acts.log} href={paths.backups({ machine: id })} />
      {isHere && <To label={acts.configuration} href={paths.machineConfiguration(id)} />}
      {isHere && <To label={acts.retention} href={paths.machineRetention(id)} />}
      {isHere && can("machines.edit") && <Changes machine={machine} />}
      {can("machines.delete") && <Deletion key={name} machine={machine} />}
    </Group>
  );
}

function To({
  label,
  href,
  isMain = false,
}: {
  readonly label: string;
  readonly href: string;
  readonly isMain?: boolean;
}) {
  return (
    <Button size="xs" variant={isMain ? "filled" : "default"} component={Link} href={href}>
      {label}
    </Button>
  );
}

function Changes({ machine }: { readonly machine: MachineDetails }) {
  const { id, name, state, version } = machine;
  const { can, actor } = useSession();
  const confirm = useConfirm();
  const [open, setOpen] = useState<"move" | "replace">();
  const change = useAct("changeMachine");
  const move = useAct("moveMachine");
  const isSuspended = state === "suspended";
  const setState = async () => {
    const asked = { title: text.machines.suspendTitle(name), body: text.machines.suspendBody, action: acts.suspend };
    if (!isSuspended && !(await confirm(asked))) return;
    try {
      await change.mutateAsync({
        params: { machine: id },
        ifMatch: version,
        body: { state: isSuspended ? "active" : "suspended" },
      });
      notify(isSuspended ? text.machines.resumed(name) : text.machines.suspendedDone(name));
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <>
      <Act label={isSuspended ? acts.resume : acts.suspend} onClick={() => void setState()} />
      <Act label={acts.move} onClick={() => setOpen("move")} />
      {can("restores.create") && actor === null && <Act label={acts.replace} onClick={() => setOpen("replace")} />}
      {open === "move" && (
        <MoveDialog
          title={text.machines.moveTitle(name)}
          onClose={() => setOpen(undefined)}
          onMove={async ({ id: user, name: email }) => {
            await move.mutateAsync({ params: { machine: id }, ifMatch: version, body: { user } });
            setOpen(undefined);
            notify(text.machines.moved(name, email));
          }}
        />
      )}
      {open === "replace" && <ReplaceDialog machine={machine} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Deletion({ machine }: { readonly machine: MachineDetails }) {
  const [, navigate] = useLocation();
  const deletion = useMachineDeletion(machine);
  if (machine.deletedAt === null)
    return <Act label={acts.delete} isDangerous onClick={() => void deletion.remove().catch(notifyError)} />;
  return (
    <>
      <Act label={acts.undelete} onClick={() => void deletion.bringBack().catch(notifyError)} />
      <Act
        label={acts.purge}
        isDangerous
        onClick={() =>
          void deletion
            .purge()
            .then((isGone) => {
              if (isGone) navigate(paths.machines());
            })
            .catch(notifyError)
        }
      />
    </>
  );
}

interface ActProps {
  readonly label: string;
  readonly isDangerous?: boolean;
  readonly onClick: () => void;
}

function Act({ label, isDangerous = false, onClick }: ActProps) {
  return (
    <Button size="xs" variant="default" onClick={onClick} {...(isDangerous ? { c: "var(--mantine-color-error)" } : {})}>
      {label}
    </Button>
  );
}
