/**
 * Programs that a machine's settings run before and after each backup: a snapshot of the file system, a database's dump. Those after it run
 * whenever those before were begun, also when these or the backup failed: somebody must take the snapshot away again.
 */
import type { Clock } from "../../base/clock.ts";
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
import type { BackupType } from "../../protocol/messages/sessions.ts";
import type { Hook, Hooks } from "../settings/work.ts";
import { type HookEnd, runHook, type Variables } from "./run-hook.ts";

export type RunResult = "success" | "incomplete" | "failed" | "cancelled";

export interface HookFacts {
  readonly type: BackupType;
  /** Absolute. */
  readonly roots: readonly string[];
  /** After the backup. */
  readonly result?: RunResult;
}

export interface HookHow {
  /** What hooks inherit; names that begin with HOLDFAST_ are left out. */
  readonly environment: Variables;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((ran: HookRan) => void) | undefined;
}

/** For a log. */
export interface HookRan extends HookEnd {
  readonly phase: HookPhase;
  readonly program: string;
}

export type HookPhase = "before" | "after";

/** In turn. Gives the failures that the backup goes on with; throws `hook/failed`, or the signal's reason. */
export async function runHooks(
  hooks: readonly Hook[],
  phase: HookPhase,
  facts: HookFacts,
  how: HookHow,
): Promise<HoldfastError[]> {
  const failures: HoldfastError[] = [];
  const environment = variablesOf(phase, facts, how.environment);
  for (const hook of hooks) {
    how.signal?.throwIfAborted();
    const [program = ""] = hook.command;
    const end = await runHook(hook, { ...how, environment });
    how.log?.({ ...end, phase, program });
    if (end.failure === undefined) continue;
    how.signal?.throwIfAborted();
    const failure = new HoldfastError("hook/failed", { program, reason: end.failure });
    if (phase === "before" && hook.onFailure === "stop") throw failure;
    failures.push(failure);
  }
  return failures;
}

/** What `run` must call once, when the backup is sure to begin: it runs the hooks before it. */
export type Prepare = (signal: AbortSignal) => Promise<readonly HoldfastError[]>;

export interface WithHooksOptions extends HookFacts, Omit<HookHow, "signal"> {
  readonly hooks: Hooks;
}

/** Gives what `run` gives, and the failures of the hooks after it. */
export async function withHooks<Report extends { readonly result: "success" | "incomplete" }>(
  { hooks, ...options }: WithHooksOptions,
  run: (prepare: Prepare) => Promise<Report>,
): Promise<{ readonly report: Report; readonly failures: readonly HoldfastError[] }> {
  let isPrepared = false;
  const finish = async (result: RunResult) =>
    isPrepared ? await runHooks(hooks.after, "after", { ...options, result }, options) : [];
  let report: Report;
  try {
    report = await run(async (signal) => {
      isPrepared = true;
      return await runHooks(hooks.before, "before", options, { ...options, signal });
    });
  } catch (error) {
    // The backup's own failure is what is told; those of hooks are in the log.
    await finish(asHoldfastError(error).code === "backup/cancelled" ? "cancelled" : "failed");
    throw error;
  }
  return { report, failures: await finish(report.result) };
}

function variablesOf(phase: HookPhase, { type, roots, result }: HookFacts, inherited: Variables): Variables {
  const others = Object.entries(inherited).filter(([name]) => !name.toUpperCase().startsWith("HOLDFAST_"));
  return {
    PATH: USUAL_PATH,
    ...Object.fromEntries(others),
    HOLDFAST_PHASE: phase,
    HOLDFAST_TYPE: type,
    HOLDFAST_ROOTS: roots.join("\n"),
    ...(result === undefined ? {} : { HOLDFAST_RESULT: result }),
  };
}

const USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
