/** Questions over all machines: who is overdue, how many are how. */
import type { MachineStatus } from "../../protocol/messages/alerts.ts";
import type { PageOf, Scope } from "./records.ts";
import type { BackupRow, MachineRow } from "./rows.ts";

/** From when on a machine is overdue: by group, and for all others. */
export interface Cutoffs {
  /** Milliseconds since 1970. */
  readonly otherwise: number;
  readonly byGroup: readonly { readonly at: number; readonly groups: readonly string[] }[];
}

export interface Watch {
  /** Machines of the group without a successful backup since `before`, that are older than that; by id. */
  listOverdue(page: PageOf, filter: { group: string; before: number }): Promise<MachineRow[]>;
  /** A machine's status: suspended, never backed up, failing, offline, late, on time: the first that holds. */
  countByStatus(scope: Scope, cutoffs: Cutoffs): Promise<Record<MachineStatus, number>>;
  /** Of the whole service. */
  sumUsed(): Promise<number>;
  countRunning(scope: Scope): Promise<number>;
  /** The newest run of a machine. */
  findLastRun(machine: string): Promise<BackupRow | undefined>;
}
