/** What restores from the browser have beyond their row in Restores: their session, an archive to be packed, an order for a machine. */
import type { RestoreStatus } from "../../protocol/restore-status.ts";
import type { PageOf } from "./records.ts";
import type { RestoreRow } from "./rows.ts";

/** Rows that may still change; the others are chained. */
export const UNENDED_RESTORES: readonly RestoreStatus[] = ["ordered", "running", "ready"];

export const isUnended = ({ status }: Pick<RestoreRow, "status">): boolean => UNENDED_RESTORES.includes(status);

/** The note of an order that its machine has begun unasked. */
export const UNASKED = "unasked";

export interface WebRestoreRow {
  /** Id of its row in `restores`. */
  readonly restore: string;
  readonly kind: "session" | "archive" | "order";
  /** Whose it is: nobody else finds it. */
  readonly account: string;
  readonly machine: string;
  /** JSON: what was asked for (`domain/restores/wishes.ts`); null of a session. */
  readonly wish: string | null;
  /** Of all files of an archive; null until they are counted. */
  readonly bytesRequested: number | null;
  /** Begun so far. */
  readonly downloads: number;
  /** JSON: `problem` of protocol/messages/sessions.ts; the first 1,000. */
  readonly problems: string;
  readonly problemCount: number;
  /** When the process that counts an archive's files was last heard of. */
  readonly heardAt: number;
  /** Of an order: why the machine does not run it unasked (`ORDER_NOTES`), or that it does (`UNASKED`). */
  readonly note: string | null;
}

export interface WebRestores {
  insert(row: WebRestoreRow): Promise<void>;
  find(restore: string): Promise<WebRestoreRow | undefined>;
  change(restore: string, columns: Partial<Omit<WebRestoreRow, "restore" | "kind">>): Promise<void>;
  /** Orders of a machine, newest first; `open`: only those that have not ended. */
  listOrders(machine: string, page: PageOf, which: "all" | "open"): Promise<(WebRestoreRow & { id: string })[]>;
  /** Of a purged machine: what was wanted, and which files had trouble, is forgotten. */
  forgetOf(machine: string): Promise<void>;
}
