/** What a planner must know of the runs before: one row for the service, one for the local copy, whatever started them. */
import type { BackupType } from "../../protocol/messages/sessions.ts";

/** Runs to one of these say nothing about the other. */
export type Destination = "cloud" | "local";

export const destinationOf = (type: BackupType): Destination => (type === "Local" ? "local" : "cloud");

/** `succeeded`: a snapshot was made, also an incomplete one. `cancelled`: somebody at the machine said so. */
export type Outcome = "succeeded" | "failed" | "cancelled";

/** Times are milliseconds since 1970. */
export interface EndedRun {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: Outcome;
}

/** Of the last run, and what is worth remembering of those before it. */
export interface PastRuns extends EndedRun {
  /** In a row, up to the last run; cancelled ones neither count nor end the row. */
  readonly failures: number;
  readonly succeeded: { readonly startedAt: number; readonly endedAt: number } | null;
}

/** What is known after one more run. */
export function afterRun(past: PastRuns | undefined, { startedAt, endedAt, outcome }: EndedRun): PastRuns {
  const before = past?.failures ?? 0;
  const failures = { succeeded: 0, failed: before + 1, cancelled: before }[outcome];
  const succeeded = outcome === "succeeded" ? { startedAt, endedAt } : (past?.succeeded ?? null);
  return { startedAt, endedAt, outcome, failures, succeeded };
}

const MINUTE = 60_000;
export const RETRY_FIRST_MS = MINUTE;
export const RETRY_MAX_MS = 60 * MINUTE;
/** Of the wait, up or down: a fleet that lost its service does not come back in one second. */
const RETRY_JITTER = 0.2;
export const CANCEL_HOLD_MS = 60 * MINUTE;

/** How long after its end no run begins of which the time is not fixed. `seed` is 0 to 1, steady for a machine. */
export function restMs({ failures, outcome }: PastRuns, seed: number): number {
  if (outcome === "cancelled") return CANCEL_HOLD_MS;
  return failures === 0 ? 0 : retryMs(failures, seed);
}

/** The wait after so many failures in a row. */
export function retryMs(failures: number, seed: number): number {
  const wait = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures - 1, 20));
  // Another draw for each attempt from the one seed: golden ratio steps spread evenly.
  const draw = (seed + failures * 0.618_033_988_749_895) % 1;
  return Math.round(wait * (1 - RETRY_JITTER + 2 * RETRY_JITTER * draw));
}

/** How far two clocks may be apart without either being wrong. */
export const CLOCK_SLACK_MS = 5 * MINUTE;

/**
 * The same runs told by the present clock. `sinceEndMs`, if the run ended in this process, is what a clock that nobody sets has counted since then:
 * with it, a clock that was set back makes no run look younger than it is. Without it, a run of the future is one of which the time is not known:
 * `undefined`, as if there had been none.
 */
export function toldByClock(past: PastRuns | undefined, nowMs: number, sinceEndMs?: number): PastRuns | undefined {
  if (!past) return undefined;
  if (sinceEndMs === undefined && past.endedAt > nowMs + CLOCK_SLACK_MS) return undefined;
  const apart = nowMs - (sinceEndMs ?? 0) - past.endedAt;
  const by = apart < -CLOCK_SLACK_MS ? apart : 0;
  const [startedAt, endedAt] = [past.startedAt + by, past.endedAt + by];
  const told = past.succeeded && {
    startedAt: past.succeeded.startedAt + by,
    endedAt: past.succeeded.endedAt + by,
  };
  // A success that lies behind a later run was dated by another clock: when it was is not known.
  const isDated = past.outcome === "succeeded" || !told || told.endedAt <= startedAt + CLOCK_SLACK_MS;
  return { ...past, startedAt, endedAt, succeeded: isDated ? told : null };
}
