/**
 * Runs one backup at a time. What is known to have changed is taken from the list when a run begins, and leaves the list only when the run has made a
 * snapshot: a run that fails loses no change, and one that comes during a run is the next one's.
 */
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
import type { BackupType } from "../../protocol/messages/sessions.ts";
import { Gate } from "../backup/gate.ts";
import type { Config } from "../config/effective.ts";
import { RUN_PROBLEMS_MAX, type RunningView, type RunView } from "../control/messages.ts";
import type { RateLimit } from "../remote/rate-limit.ts";
import type { DirtyPaths } from "../watch/dirty-paths.ts";
import type { DaemonMemory } from "./memory.ts";
import type { DaemonParts, RunOutcome } from "./parts.ts";
import { afterRun, type Destination, destinationOf, type PastRuns } from "./past-runs.ts";

/** A backup that somebody, or a plan, wants. */
export interface Wish {
  readonly type: BackupType;
  /** Everything is looked at. */
  readonly isFull: boolean;
}

export interface RunWish {
  readonly type: BackupType;
  /** In words, for the log and the list of runs. */
  readonly reason: string;
  readonly config: Config;
  /** Everything is looked at, and why. */
  readonly full?: "asked" | "day" | undefined;
}

type Begun = Pick<RunView, "type" | "to" | "startedAt">;

export interface RunnerOptions {
  readonly parts: DaemonParts;
  readonly memory: DaemonMemory;
  readonly dirty: DirtyPaths;
  readonly uploadLimit: RateLimit;
}

export class Runner {
  readonly gate = new Gate();
  readonly #options: RunnerOptions;
  readonly #listeners = new Set<(running: RunningView) => void>();
  #isEnding = false;
  readonly #endedMs: Partial<Record<Destination, number>> = {};
  #running: { view: RunningView; readonly stop: AbortController; readonly done: Promise<RunView> } | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    for (const to of ["cloud", "local"] as const) this.#noteCut(to);
  }

  /** By a clock that nobody sets; `undefined`: none has ended in this process. */
  sinceEndMs(to: Destination): number | undefined {
    const endedMs = this.#endedMs[to];
    return endedMs === undefined ? undefined : this.#options.parts.steadyMs() - endedMs;
  }

  get running(): RunningView | undefined {
    return this.#running?.view;
  }

  /** The running backup's end. */
  get done(): Promise<RunView> | undefined {
    return this.#running?.done;
  }

  past(to: Destination): PastRuns | undefined {
    // Written by `#remember` alone.
    return this.#options.memory.find(`past.${to}`) as PastRuns | undefined;
  }

  /** Never throws: a run that fails is a run, too. While one runs, that one's end. */
  start(wish: RunWish): Promise<RunView> {
    if (this.#running) return this.#running.done;
    const { parts } = this.#options;
    const startedAt = parts.clock.now();
    const stop = new AbortController();
    const begun = { type: wish.type, to: destinationOf(wish.type), startedAt };
    // A run whose process dies has failed: else each restart would begin another at once.
    this.#options.memory.put(`begun.${begun.to}`, begun);
    const view: RunningView = {
      ...begun,
      phase: "opening",
      files: 0,
      bytes: 0,
      filesDone: 0,
      bytesDone: 0,
      bytesSent: 0,
    };
    const done = this.#run(wish, stop.signal, begun).finally(() => {
      this.#running = undefined;
    });
    this.#running = { view, stop, done };
    return done;
  }

  /** What kept backups from the service is over: the next one need not wait for the end of a growing wait. */
  forgive(to: Destination): void {
    const past = this.past(to);
    if (past && past.outcome === "failed") this.#options.memory.put(`past.${to}`, { ...past, failures: 0 });
  }

  /** False: nothing runs. */
  cancel(): boolean {
    this.#running?.stop.abort(new HoldfastError("backup/cancelled"));
    return this.#running !== undefined;
  }

  /** The agent ends, and with it what runs; nobody wanted that backup to wait. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.cancel();
    while (this.#running) await this.done;
  }

  onProgress(listener: (running: RunningView) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  async #run(wish: RunWish, signal: AbortSignal, begun: Begun): Promise<RunView> {
    const { parts, dirty, uploadLimit } = this.#options;
    const { reason, config } = wish;
    try {
      // The local copy has no list of its own: it looks at everything.
      const taken = begun.to === "cloud" ? dirty.take() : undefined;
      const isPartial = taken !== undefined && taken.walk === undefined && wish.full === undefined;
      const looks = isPartial
        ? { changes: taken.changes.length }
        : { everything: taken?.walk?.reason ?? wish.full ?? begun.to };
      parts.log.write("info", "backup.start", { type: begun.type, to: begun.to, reason, ...looks });
      const outcome = await parts.backUp({
        type: begun.type,
        to: begun.to,
        changed: isPartial ? taken.changes : undefined,
        config,
        gate: this.gate,
        uploadLimit,
        signal,
        onProgress: (progress) => this.#tell({ ...begun, ...progress }),
      });
      if (taken) dirty.settle(taken.generation);
      if (begun.to === "cloud" && !outcome.isPartial) this.#options.memory.put("walkedAt", begun.startedAt);
      return this.#ended(begun, reason, outcome);
    } catch (cause) {
      return this.#failed(begun, reason, asHoldfastError(cause), cause);
    }
  }

  #tell(view: RunningView): void {
    if (this.#running) this.#running.view = view;
    for (const listener of this.#listeners) listener(view);
  }

  #ended(begun: Begun, reason: string, outcome: RunOutcome): RunView {
    const { result, code, snapshot, isPartial, counters, problems, problemCount } = outcome;
    return this.#remember({
      ...begun,
      endedAt: this.#options.parts.clock.now(),
      reason,
      result,
      counters,
      problems: problems.slice(0, RUN_PROBLEMS_MAX),
      problemCount,
      ...(code === undefined
        ? {}
        : { code, message: (problems.find((each) => each.code === code) ?? problems[0])?.message ?? code }),
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(isPartial === undefined ? {} : { isPartial }),
    });
  }

  #failed(begun: Begun, reason: string, { code, message, data, stack, kind }: HoldfastError, cause: unknown): RunView {
    if (kind === "bug")
      this.#options.parts.log.write("error", "bug", { stack: cause instanceof Error ? cause.stack : stack });
    const result = code === "backup/cancelled" ? "cancelled" : "failed";
    return this.#remember({
      ...begun,
      endedAt: this.#options.parts.clock.now(),
      reason,
      result,
      code,
      message,
      data: { ...data },
    });
  }

  /** The process that ran it ended without a word. */
  #noteCut(to: Destination): void {
    const begun = this.#options.memory.find(`begun.${to}`);
    if (begun === undefined) return;
    const { code, message } = new HoldfastError("command/interrupted");
    const endedAt = this.#options.parts.clock.now();
    const told = { ...(begun as Begun), endedAt, reason: "", result: "failed", code, message } as const; // Written by `start` alone.
    this.#remember(told);
    delete this.#endedMs[to];
  }

  #remember(run: RunView): RunView {
    const { memory, parts } = this.#options;
    const { to, result, startedAt, endedAt, code, snapshot, isPartial, counters, message } = run;
    const outcome = result === "failed" || result === "cancelled" ? result : "succeeded";
    memory.put(`begun.${to}`, undefined);
    this.#endedMs[to] = parts.steadyMs();
    if (!this.#isEnding || result !== "cancelled")
      memory.put(`past.${to}`, afterRun(this.past(to), { startedAt, endedAt, outcome }));
    memory.addRun(run);
    const level = { success: "info", incomplete: "warning", failed: "error", cancelled: "info" } as const;
    parts.log.write(level[result], "backup.end", {
      to,
      result,
      ...(code === undefined ? {} : { code, message }),
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(isPartial === undefined ? {} : { looked: isPartial ? "changes" : "everything" }),
      ...(counters === undefined ? {} : { files: counters.files, sentBytes: counters.bytesTransferred }),
      tookMs: endedAt - startedAt,
    });
    return run;
  }
}
