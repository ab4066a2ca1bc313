/**
 * Turns that also hold between processes. Only what belongs to a whole vault goes to the database: of one pack the promise of its room says who
 * works on it, so that hundreds of uploads need no lock each.
 */
import type { Locks } from "../records/cluster.ts";
import type { OneAtATime } from "./one-at-a-time.ts";

export const acrossProcesses =
  (inTurn: OneAtATime, locks: Locks): OneAtATime =>
  (key, work) =>
    // Within this process first: then at most one of it asks for the lock.
    inTurn(key, () => (key.startsWith("pack/") ? work() : locks.hold(key, work)));
