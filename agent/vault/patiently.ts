/** Reads that failed because the service could not be reached are repeated; everything else is final at once. */
import type { Clock } from "../../base/clock.ts";
import { HoldfastError } from "../../protocol/errors.ts";

/** Waits between the attempts: about a minute in all, enough for a restart of the service. */
const WAITS_MS = [250, 1000, 4000, 15_000, 40_000] as const;

export async function patiently<Result>(
  clock: Clock,
  signal: AbortSignal | undefined,
  read: () => Promise<Result>,
): Promise<Result> {
  for (const waitMs of WAITS_MS) {
    signal?.throwIfAborted();
    try {
      return await read();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await clock.sleep(waitMs, signal);
  }
  return await read();
}

/** An answer that makes no sense won't make more sense later, and a disk that fails has failed. */
const isPassing = (error: unknown): boolean =>
  error instanceof HoldfastError && error.kind === "unavailable" && !FINAL.has(error.code);

const FINAL: ReadonlySet<string> = new Set(["service/protocol", "storage/failed", "key/unavailable"]);
