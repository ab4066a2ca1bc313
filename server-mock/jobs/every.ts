/** Runs a job at once and then again and again, never twice at a time, until the signal ends it. */
import type { Clock } from "../../base/clock.ts";

export interface Job {
  readonly name: string;
  readonly everyMs: number;
  /** `signal`: the service stops; what takes long ends then. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface JobWatcher {
  /** `error` is undefined after a success. */
  onTurn(job: string, turn: { readonly ms: number; readonly error?: unknown }): void;
}

/** Resolves when the signal has ended it and nothing of it runs any more. A failed turn is reported, and the next one comes. */
export async function runJob(
  job: Job,
  { clock, signal, watcher }: { clock: Clock; signal: AbortSignal; watcher: JobWatcher },
): Promise<void> {
  while (!signal.aborted) {
    const begun = clock.now();
    const turn = await job.run(signal).then(
      () => ({}),
      (error: unknown) => ({ error }),
    );
    watcher.onTurn(job.name, { ms: clock.now() - begun, ...turn });
    await clock.sleep(job.everyMs, signal).catch(() => undefined);
  }
}
