/** Backups and Restores of a machine, newest first; a run that is going on shows how far it is. */
import type { MachineDetails } from "../../../../protocol/messages/machine-acts.ts";
import { useRead } from "../../api/hooks.ts";
import { useLive } from "../../api/use-live.ts";
import { text } from "../../messages/messages.ts";
import { Panel } from "../../parts/panel.tsx";
import { MachineBackups, MachineRestores } from "../../parts/records/machine-records.tsx";
import { RunningBackup } from "./running-backup.tsx";

export function MachineRecords({ machine: { id, name } }: { readonly machine: MachineDetails }) {
  return (
    <>
      <Panel title={text.machines.backups}>
        <MachineBackups machine={id} name={name} />
      </Panel>
      <Panel title={text.machines.restores}>
        <MachineRestores machine={id} name={name} />
      </Panel>
    </>
  );
}

const LIVE_MS = 2_000;

/** What runs now, asked for more often than lists are. Nothing while nothing runs. */
export function Running({ machine }: { readonly machine: string }) {
  const running = useLive({ backups: ["searchBackups", "getMachine", "machineDays"] });
  const query = { machine, state: "running", limit: 1 };
  const answer = useRead("searchBackups", { query }, { everyMs: (running ?? 0) > 0 && LIVE_MS });
  const [backup] = answer.data?.items ?? [];
  return backup === undefined ? null : <RunningBackup backup={backup} toldAt={answer.dataUpdatedAt} />;
}
