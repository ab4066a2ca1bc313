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

/** Of a window of machines, by id. */
export interface StatusCounts {
  readonly counts: Readonly<Partial<Record<MachineStatus | "deleted", number>>>;
  /** Where the next window begins; undefined: that was the last. */
  readonly next: string | undefined;
}

export interface Watch {
  /** Machines of the group that were never backed up and are older than `before`; by id. */
  listNever(page: PageOf, filter: OverdueFilter): Promise<MachineRow[]>;
  /** Machines of the group whose last successful backup is older than `before`; by its time. */
  listLate(page: PageOf<Pick<MachineRow, "id" | "lastUpdateAt">>, filter: OverdueFilter): Promise<MachineRow[]>;
  /** Counts the next `limit` machines. A machine's status: deleted, suspended, never backed up, failing, offline, late, on time: the first that holds. */
  countByStatus(page: PageOf, filter: { scope: Scope; cutoffs: Cutoffs }): Promise<StatusCounts>;
  /** Those that are not deleted; absent ones are left out. */
  findMachines(ids: readonly string[]): Promise<MachineRow[]>;
  /** Of the whole service. */
  sumUsed(): Promise<number>;
  countRunning(scope: Scope): Promise<number>;
  /** The newest run of a machine. */
  findLastRun(machine: string): Promise<BackupRow | undefined>;
  /** The first run of a machine from the id `from` on that failed or was incomplete. */
  findFirstFailure(machine: string, from: string): Promise<BackupRow | undefined>;
}
