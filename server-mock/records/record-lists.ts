/** Lists of records over one machine or all that somebody may see, filtered and sorted. */
import type { BackupQuery, RestoreQuery } from "../../protocol/messages/records.ts";
import type { Scope } from "./records.ts";
import type { AuditRow, BackupRow, RestoreRow } from "./rows.ts";

export type BackupSort = BackupQuery["sort"];
export type RestoreSort = RestoreQuery["sort"];

/** Rows of one page, behind a row that has `value` where it is sorted by. */
export interface SortedPage<Sort extends string> {
  readonly sort: Sort;
  readonly descending: boolean;
  readonly limit: number;
  readonly after?: { readonly value: string | number; readonly id: string } | undefined;
}

/** All that are given must hold; instants in milliseconds, `since` belongs to the span, `until` does not. */
export interface RecordFilter {
  readonly scope: Scope;
  readonly machine?: string | undefined;
  readonly user?: string | undefined;
  readonly group?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface BackupFilter extends RecordFilter {
  readonly state?: BackupRow["state"] | undefined;
  readonly type?: BackupRow["type"] | undefined;
  readonly result?: string | undefined;
}

export interface RestoreFilter extends RecordFilter {
  readonly status?: RestoreRow["status"] | undefined;
  readonly source?: RestoreRow["source"] | undefined;
  readonly purpose?: string | undefined;
}

export interface AuditFilter {
  /** Acts upon users of these groups, or done by this log-in name. */
  readonly within?: { readonly groups: readonly string[]; readonly actor: string } | undefined;
  readonly organization?: string | undefined;
  readonly account?: string | undefined;
  readonly actor?: string | undefined;
  /** An action, or an area: `users` finds `users/create`. */
  readonly action?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** A row with what its list says of its machine, and the value that it is sorted by. */
export type Listed<Row> = Row & {
  readonly machineName: string;
  readonly userLogin: string;
  readonly sortedBy: string | number;
};

/** Runs that were begun in one span of time, and ended alike. */
export interface RunSlot {
  /** Spans since 1970. */
  readonly slot: number;
  readonly state: BackupRow["state"];
  readonly runs: number;
  readonly bytesTransferred: number;
}

export interface RecordLists {
  backups(filter: BackupFilter, page: SortedPage<BackupSort>): Promise<Listed<BackupRow>[]>;
  restores(filter: RestoreFilter, page: SortedPage<RestoreSort>): Promise<Listed<RestoreRow>[]>;
  /** Runs of a machine from the id `from` on, by quarters of an hour or whatever `slotMs` is and by how they ended; oldest first. */
  runSlots(machine: string, span: { readonly from: string; readonly slotMs: number }): Promise<RunSlot[]>;
  /** Newest first. */
  audit(filter: AuditFilter, page: { limit: number; after?: number | undefined }): Promise<AuditRow[]>;
}
