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

export interface OverdueFilter {
  readonly group: string;
  /** Milliseconds since 1970. */
  readonly before: number;
}

export interface Watch {
  /** Machines of the group that were never backed up and are older than `before`; by id. */
  listNever(page: PageOf, filter: OverdueFilter): Promise<MachineRow[]>;
  /** Machines of the group whose last successful backup is older than `before`; by its time. */
  listLate(page: PageOf<Pick<MachineRow, "id" | "lastUpdateAt">>, filter: OverdueFilter): Promise<MachineRow[]>;
  /** A machine's status: suspended, never backed up, failing, offline, late, on time: the first that holds. */
  countByStatus(scope: Scope, cutoffs: Cutoffs): Promise<Record<MachineStatus, number>>;
  /** Of the whole service. */
  sumUsed(): Promise<number>;
  countRunning(scope: Scope): Promise<number>;
  /** The newest run of a machine. */
  findLastRun(machine: string): Promise<BackupRow | undefined>;
}
