/**
 * Whether a backup that nobody asked for begins now, and when the next one does. Pure: what it must know it is told.
 *
 * Whatever the clocks do, two runs to the same place begin at least `REST_MS` apart, and after a failure only a time that a schedule names is earlier
 * than the growing wait. A time is due until a run has begun after it: what was missed is caught up by one run, and times that come together make one.
 */
import { type Destination, destinationOf, toldByClock } from "./past-runs.ts";
import type { Plan, PlanFacts, PlanWait } from "./plan-facts.ts";
import { type Due, scheduleDue } from "./schedule-due.ts";

export type { NextRun, Plan, PlanFacts, PlanWait, Reason, Start, Wait } from "./plan-facts.ts";

/** Between the end of one run and the start of the next to the same place. */
export const REST_MS = 60_000;
/** A machine that wakes finds its network first. */
export const WAKE_MS = 60_000;
/** Nobody waits longer without looking at the clock, which may have been set. */
export const LOOK_AGAIN_MS = 15 * 60_000;

export function plan(facts: PlanFacts): Plan {
  const { nowMs } = facts;
  const dues = facts.schedules.flatMap((schedule) => {
    const to = destinationOf(schedule.type);
    const due = scheduleDue(schedule, toldByClock(facts.past[to], nowMs, facts.sinceEndMs?.[to]), facts);
    return due ? [afterRest(due, to, facts)] : [];
  });
  dues.sort((a, b) => a.at - b.at); // Of those that are due at the same time, the one that was named first.
  const [first] = dues;
  if (!first) return { kind: "wait", until: nowMs + LOOK_AGAIN_MS, because: [{ kind: "nothing-scheduled" }] };

  const ready = dues.find(({ at, because }) => at <= nowMs && because.length === 0);
  if (ready) {
    const { type, folder, reason } = ready;
    return { kind: "start", type, reason, ...(folder === undefined ? {} : { folder }) };
  }
  const { type, at, sense, because } = first;
  const until = Math.min(Math.max(at, nowMs + 1), nowMs + LOOK_AGAIN_MS);
  return { kind: "wait", until, because, next: { type, at, sense } };
}

/** What holds for all of them. */
function afterRest(due: Due, to: Destination, facts: PlanFacts): Due {
  const { nowMs, wokeAtMs } = facts;
  const waits: PlanWait[] = [];
  const restLeft = restLeftMs(to, facts);
  if (restLeft > 0) waits.push({ kind: "rest", at: nowMs + restLeft });
  const sinceWake = wokeAtMs === undefined ? WAKE_MS : nowMs - wokeAtMs;
  if (sinceWake >= 0 && sinceWake < WAKE_MS) waits.push({ kind: "waking", at: nowMs + WAKE_MS - sinceWake });
  if (waits.length === 0) return due;
  const at = waits.reduce((latest, wait) => ("at" in wait ? Math.max(latest, wait.at) : latest), due.at);
  return { ...due, at, because: [...due.because, ...waits] };
}

function restLeftMs(to: Destination, { past, sinceEndMs, nowMs }: PlanFacts): number {
  const since = sinceEndMs?.[to] ?? nowMs - (past[to]?.endedAt ?? Number.NEGATIVE_INFINITY);
  // A run of the future was noted by a clock that has been set back since.
  return since < 0 ? 0 : REST_MS - since;
}
