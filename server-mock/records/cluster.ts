/** Store of the processes that share the rows. Part of `RecordStores`. */
import type * as rows from "./cluster-rows.ts";

/** Fact: which keys the installation seals to. */
export const KEYS_FACT = "keys";
/** Fact: rows of another database are on their way into this one, which nobody may use before they have all come. */
export const HALF_MOVED = "half-moved";

export interface Cluster {
  /** Adds the process, or renews its sign of life. */
  beat(node: rows.NodeRow): Promise<void>;
  find(node: string): Promise<rows.NodeRow | undefined>;
  listNodes(): Promise<rows.NodeRow[]>;
  leave(node: string): Promise<void>;
  /** The fact as it is known from now on: what was there before wins. */
  fact(name: string, value: string): Promise<string>;
  findFact(name: string): Promise<string | undefined>;
  /** True when nobody began the job after `before`; it is begun now, then. */
  beginTurn(turn: rows.JobTurnRow, before: number): Promise<boolean>;
}

/** What only one process at a time may do, by name. Gone with the process that holds it, however it ends. */
export interface Locks {
  /** Waits for its turn. Throws `service/busy` when that takes too long, `storage/failed` when nobody can tell whose turn it is. */
  hold<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Does nothing when another process is at it. Answers whether the work was done. */
  tryHold(name: string, work: () => Promise<void>): Promise<boolean>;
  close(): Promise<void>;
}
