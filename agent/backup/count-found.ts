/** Counts what a walk finds, a little at a time, so that it can go on beside other work. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Found } from "../disk/found.ts";
import type { Gate } from "./gate.ts";

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

const STEPS_PER_TURN = 256;

export async function countFound(found: Iterable<Found>, signal: AbortSignal, gate?: Gate): Promise<Amount> {
  const total = { files: 0, bytes: 0 };
  let steps = 0;
  for (const { type, sizeBytes } of found) {
    if (type === "file") {
      total.files++;
      total.bytes += sizeBytes;
    }
    if (++steps % STEPS_PER_TURN !== 0) continue;
    await nextTurn();
    signal.throwIfAborted();
    await gate?.pass(signal);
  }
  return total;
}
