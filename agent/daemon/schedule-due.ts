/** When each kind of schedule is due, on its own: what the planner chooses from. */
import type { Schedule } from "../../protocol/messages/policies.ts";
import type { BackupType } from "../../protocol/messages/sessions.ts";
import { type DueBy, lastDue, nextDue, type TimedSchedule } from "./due-times.ts";
import { CLOCK_SLACK_MS, type PastRuns, restMs } from "./past-runs.ts";
import type { NextRun, PlanFacts, PlanWait, Reason } from "./plan-facts.ts";

export interface Due {
  readonly type: BackupType;
  /** Of a Local one. */
  readonly folder?: string;
  /** As far as can be told now. Up to now, and nothing waited for: it is due. */
  readonly at: number;
  readonly sense: NextRun["sense"];
  /** What it would be started for. */
  readonly reason: Reason;
  readonly because: readonly PlanWait[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A time that was named is kept by a run that begins so much later. */
export const LATE_MS = 30 * MINUTE;
const CPU_AGAIN_MS = MINUTE;

/** `past`: to where this schedule's backups go, told by the present clock. */
export function scheduleDue(schedule: Schedule, past: PastRuns | undefined, facts: PlanFacts): Due | undefined {
  switch (schedule.type) {
    case "Automatic":
      return automaticDue(schedule, past, facts);
    case "Continuous":
      return continuousDue(schedule.quietSeconds, past, facts);
    case "Scheduled":
      return timedDue(schedule, past, facts);
    case "Local": {
      const due = timedDue(schedule, past, facts);
      return due && { ...due, folder: schedule.folder };
    }
    case "Manual":
      return undefined;
  }
}

function timedDue(schedule: TimedSchedule, past: PastRuns | undefined, facts: PlanFacts): Due | undefined {
  const { nowMs } = facts;
  const by: DueBy = facts;
  const at = lastDue(schedule, nowMs, by);
  const base = { type: schedule.type, sense: "at" as const, because: [] };
  if (at !== undefined && at >= sinceOf(facts)) {
    const isLate = nowMs - at > LATE_MS;
    const isTried = past !== undefined && past.startedAt >= at;
    if (!isTried && (schedule.catchUp || !isLate))
      return { ...base, at, reason: isLate ? { kind: "caught-up", missedAt: at } : { kind: "due", at } };
    if (isTried && past.outcome === "failed" && (past.succeeded?.startedAt ?? 0) < at)
      return triedAgain(past, facts, nextDue(schedule, nowMs, by), schedule.type);
  }
  const next = nextDue(schedule, nowMs, by);
  if (next === undefined) return undefined;
  const because = [{ kind: "time", type: schedule.type, at: next } as const];
  return { ...base, at: next, reason: { kind: "due", at: next }, because };
}

/** The time that a schedule names next does not wait for the end of the growing wait. */
function triedAgain(past: PastRuns, facts: PlanFacts, next: number | undefined, type: BackupType): Due {
  const rested = past.endedAt + restMs(past, facts.seed);
  const at = Math.min(rested, next ?? rested);
  return {
    type,
    at,
    sense: "at",
    reason: { kind: "tried-again", failures: past.failures },
    because: rest(past, facts),
  };
}

function automaticDue(
  { cpuBelowPercent, idleMinutes: wantedMinutes, hoursSinceLast }: Extract<Schedule, { type: "Automatic" }>,
  past: PastRuns | undefined,
  facts: PlanFacts,
): Due {
  const { nowMs } = facts;
  const { cpuPercent, idleMinutes } = facts.readings;
  const because: PlanWait[] = rest(past, facts);
  let at = Math.max(nowMs, restedAt(past, facts));
  const waitFor = (wait: PlanWait, until: number) => {
    because.push(wait);
    at = Math.max(at, until);
  };
  const hoursAt = past?.succeeded ? past.succeeded.endedAt + hoursSinceLast * HOUR : nowMs;
  if (hoursAt > nowMs) waitFor({ kind: "hours-since-last", hours: hoursSinceLast, at: hoursAt }, hoursAt);
  // Where nobody can tell whether somebody is there, the processors alone decide: otherwise there would never be a backup.
  if (idleMinutes !== null && idleMinutes < wantedMinutes)
    waitFor({ kind: "idle", idleMinutes, wantedMinutes }, nowMs + Math.ceil((wantedMinutes - idleMinutes) * MINUTE));
  if (cpuPercent === null || cpuPercent >= cpuBelowPercent)
    waitFor({ kind: "cpu", cpuPercent, belowPercent: cpuBelowPercent }, nowMs + CPU_AGAIN_MS);
  const reason: Reason = { kind: "idle", idleMinutes, cpuPercent: cpuPercent ?? 0 };
  return { type: "Automatic", at, sense: "not-before", reason, because };
}

/** Under constant change a backup begins so long after the first: never more often than is quiet, and hourly unless the quiet time is longer. */
export function constantChangeMs(quietMs: number): number {
  return Math.max(quietMs, 15 * MINUTE, Math.min(10 * quietMs, HOUR));
}

function continuousDue(quietSeconds: number, past: PastRuns | undefined, facts: PlanFacts): Due {
  const { nowMs, pending } = facts;
  const rested = restedAt(past, facts);
  const base = { type: "Continuous" as const, because: rest(past, facts) };
  if (!past || (!past.succeeded && past.outcome !== "failed"))
    return { ...base, at: Math.max(nowMs, rested), sense: "at", reason: { kind: "first" } };

  const again: Reason | undefined =
    past.outcome === "failed" ? { kind: "tried-again", failures: past.failures } : undefined;
  if (pending) {
    const quietAt = pastOf(pending.lastMs, nowMs) + quietSeconds * 1000;
    const due = Math.min(quietAt, pastOf(pending.sinceMs, nowMs) + constantChangeMs(quietSeconds * 1000));
    const because: PlanWait[] = due > nowMs ? [...base.because, { kind: "quiet", quietSeconds }] : base.because;
    const changes: Reason = { kind: "changes", sinceMs: pending.sinceMs, isQuiet: quietAt <= nowMs };
    return { ...base, at: Math.max(due, rested), sense: "not-before", reason: again ?? changes, because };
  }
  if (again) return { ...base, at: Math.max(nowMs, rested), sense: "at", reason: again };
  const dayAt = (past.succeeded?.endedAt ?? nowMs) + DAY;
  return {
    ...base,
    at: Math.max(dayAt, rested),
    sense: "at-the-latest",
    reason: { kind: "a-day-has-passed" },
    because: dayAt > nowMs ? [...base.because, { kind: "no-changes" }] : base.because,
  };
}

/** When a run of which the time is not fixed may begin again. */
const restedAt = (past: PastRuns | undefined, { seed }: PlanFacts): number =>
  past ? past.endedAt + restMs(past, seed) : Number.NEGATIVE_INFINITY;

function rest(past: PastRuns | undefined, facts: PlanFacts): PlanWait[] {
  const at = restedAt(past, facts);
  if (!past || at <= facts.nowMs) return [];
  return [
    past.outcome === "cancelled"
      ? { kind: "after-cancel", at }
      : { kind: "after-failure", failures: past.failures, at },
  ];
}

/** Changes of the future were noted by a clock that has been set back since: long ago. */
const pastOf = (at: number, nowMs: number): number => (at > nowMs + CLOCK_SLACK_MS ? Number.NEGATIVE_INFINITY : at);

const sinceOf = ({ schedulesSinceMs, nowMs }: PlanFacts): number => pastOf(schedulesSinceMs, nowMs);
