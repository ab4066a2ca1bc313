/** What a planner is told, and what it answers. Times are milliseconds since 1970. */
import type { Schedule } from "../../protocol/messages/policies.ts";
import type { BackupType } from "../../protocol/messages/sessions.ts";
import type { Destination, PastRuns } from "./past-runs.ts";

export interface PlanFacts {
  readonly schedules: readonly Schedule[];
  /** Since when they hold: what they would have named before was not missed. */
  readonly schedulesSinceMs: number;
  readonly nowMs: number;
  /** IANA. */
  readonly timeZone: string;
  /** 0 to 1, steady for a machine. */
  readonly seed: number;
  readonly past: { readonly [Where in Destination]?: PastRuns | undefined };
  /** Since the last run there ended in this process, by a clock that nobody sets; absent when it ended in an earlier one. */
  readonly sinceEndMs?: { readonly [Where in Destination]?: number | undefined };
  /** Changes that no backup to the service has: the first of them, and the newest. */
  readonly pending?: { readonly sinceMs: number; readonly lastMs: number } | undefined;
  readonly readings: { readonly cpuPercent: number | null; readonly idleMinutes: number | null };
  /** When the machine woke. */
  readonly wokeAtMs?: number | undefined;
}

export type Plan = Start | Wait;

export interface Start {
  readonly kind: "start";
  readonly type: BackupType;
  /** Of a Local one. */
  readonly folder?: string;
  readonly reason: Reason;
}

export interface Wait {
  readonly kind: "wait";
  /** Think again then, at the latest; sooner when changes, settings, readings or the clock do. */
  readonly until: number;
  readonly because: readonly PlanWait[];
  /** For people. Absent: nothing begins by itself. */
  readonly next?: NextRun;
}

export interface NextRun {
  readonly type: BackupType;
  readonly at: number;
  /** Of a type that waits for more than a time: earlier it doesn't come, or later. */
  readonly sense: "at" | "not-before" | "at-the-latest";
}

/** Why one begins. */
export type Reason =
  | { readonly kind: "due"; readonly at: number }
  | { readonly kind: "caught-up"; readonly missedAt: number }
  | { readonly kind: "tried-again"; readonly failures: number }
  | { readonly kind: "idle"; readonly idleMinutes: number | null; readonly cpuPercent: number }
  | { readonly kind: "changes"; readonly sinceMs: number; readonly isQuiet: boolean }
  | { readonly kind: "first" }
  /** Nothing is known to have changed; a watcher may miss something, and people wish to see that backups are alive. */
  | { readonly kind: "a-day-has-passed" };

/** What is waited for. */
export type PlanWait =
  | { readonly kind: "nothing-scheduled" }
  | { readonly kind: "time"; readonly type: BackupType; readonly at: number }
  | { readonly kind: "hours-since-last"; readonly hours: number; readonly at: number }
  | { readonly kind: "idle"; readonly idleMinutes: number; readonly wantedMinutes: number }
  | { readonly kind: "cpu"; readonly cpuPercent: number | null; readonly belowPercent: number }
  | { readonly kind: "no-changes" }
  | { readonly kind: "quiet"; readonly quietSeconds: number }
  | { readonly kind: "after-failure"; readonly failures: number; readonly at: number }
  | { readonly kind: "after-cancel"; readonly at: number }
  | { readonly kind: "rest"; readonly at: number }
  | { readonly kind: "waking"; readonly at: number };
