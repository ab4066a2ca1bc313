/** Runs a job at once and then again and again, never twice at a time, until the signal ends it. */
import type { Clock } from "../../base/clock.ts";

export interface Job {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

/** Resolves when the signal has ended it and nothing of it runs any more. A failed turn is reported, and the next one comes. */
export async function runJob(
  job: Job,
  { clock, signal, onError }: { clock: Clock; signal: AbortSignal; onError: (job: string, error: unknown) => void },
): Promise<void> {
  while (!signal.aborted) {
    await job.run().catch((error: unknown) => onError(job.name, error));
    await clock.sleep(job.everyMs, signal).catch(() => undefined);
  }
}
