/** Delete Machine with its undo, Undelete Machine, and the removal for good that wants the name typed. */
import type { MachineDetails } from "../../../../protocol/messages/machine-acts.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";

export interface MachineDeletion {
  remove(): Promise<void>;
  bringBack(): Promise<void>;
  /** True: it is gone for good. */
  purge(): Promise<boolean>;
}

export function useMachineDeletion({
  id,
  name,
  version,
}: Pick<MachineDetails, "id" | "name" | "version">): MachineDeletion {
  const confirm = useConfirm();
  const params = { machine: id };
  const remove = useAct("deleteMachine");
  const undelete = useAct("undeleteMachine");
  // What is shown of it can't be read again: it is gone.
  const purge = useAct("purgeMachine", { rereads: false });
  const bringBack = async () => {
    await undelete.mutateAsync({ params });
    notify(text.machines.undeleted(name));
  };
  return {
    bringBack,
    async remove() {
      const isWanted = await confirm({
        title: text.machines.deleteOne(name),
        body: text.machines.deleteBody,
        action: text.machines.acts.delete,
        isDangerous: true,
      });
      if (!isWanted) return;
      await remove.mutateAsync({ params, ifMatch: version });
      notify(text.machines.deletedDone(name), { undo: () => void bringBack().catch(notifyError) });
    },
    async purge() {
      const isWanted = await confirm({
        title: text.machines.purgeTitle(name),
        body: text.machines.purgeBody,
        action: text.machines.acts.purge,
        isDangerous: true,
        typed: name,
      });
      if (!isWanted) return false;
      await purge.mutateAsync({ params, body: { confirm: name } });
      notify(text.machines.purged(name));
      return true;
    },
  };
}
