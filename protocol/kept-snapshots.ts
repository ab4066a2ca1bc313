/**
 * Retention, decided by nothing but snapshots and numbers: which to keep, and why. The service counts its own receive time in the organization's time
 * zone; what a machine claims is not looked at. Periods without a snapshot don't count, so a machine that is silent loses nothing.
 */
import type { KeptReason, RetentionNumbers } from "./messages/retention.ts";

export interface SnapshotToKeep {
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly isIncomplete: boolean;
  readonly isPinned: boolean;
}

export interface Retention {
  readonly numbers: RetentionNumbers;
  readonly graceDays: number;
  /** IANA name. */
  readonly timeZone: string;
}

const DAY_MS = 24 * 3600 * 1000;

type Period = "hourly" | "daily" | "weekly" | "monthly" | "quarterly" | "yearly";

/** Sequence → why it is kept. Those that are absent may go. */
export function keptSnapshots(
  snapshots: readonly SnapshotToKeep[],
  { numbers, graceDays, timeZone }: Retention,
): Map<number, KeptReason[]> {
  const newestFirst = snapshots.toSorted((a, b) => b.receivedAt - a.receivedAt || b.sequence - a.sequence);
  const kept = new Map<number, KeptReason[]>();
  const keep = ({ sequence }: SnapshotToKeep, reason: KeptReason): void => {
    const reasons = kept.get(sequence) ?? [];
    if (!reasons.includes(reason)) kept.set(sequence, [...reasons, reason]);
  };
  const newest = newestFirst[0];
  if (newest === undefined) return kept;
  keep(newest, "newest");
  const complete = newestFirst.filter(({ isIncomplete }) => !isIncomplete);
  // The newest may be incomplete; what is whole must not go because of it.
  if (complete[0] !== undefined) keep(complete[0], "newest");
  for (const snapshot of newestFirst) {
    if (snapshot.isPinned) keep(snapshot, "pinned");
    // From the newest, not from today: days without backups must not use up the grace.
    if (snapshot.receivedAt >= newest.receivedAt - graceDays * DAY_MS && graceDays > 0) keep(snapshot, "grace");
  }
  for (const snapshot of (complete.length > 0 ? complete : newestFirst).slice(0, numbers.last)) keep(snapshot, "last");
  for (const period of PERIODS)
    for (const snapshot of representatives(newestFirst, numbers[period], (at) => periodOf(at, period, timeZone)))
      keep(snapshot, period);
  return kept;
}

const PERIODS: readonly Period[] = ["hourly", "daily", "weekly", "monthly", "quarterly", "yearly"];

/** Of each of the newest `count` periods that have any the newest complete snapshot, or else the newest. */
function representatives(
  newestFirst: readonly SnapshotToKeep[],
  count: number,
  periodAt: (receivedAt: number) => string,
): Iterable<SnapshotToKeep> {
  const chosen = new Map<string, SnapshotToKeep>();
  if (count === 0) return [];
  for (const snapshot of newestFirst) {
    const period = periodAt(snapshot.receivedAt);
    const before = chosen.get(period);
    if (before === undefined && chosen.size === count) break;
    if (before === undefined || (before.isIncomplete && !snapshot.isIncomplete)) chosen.set(period, snapshot);
  }
  return chosen.values();
}

function periodOf(receivedAt: number, period: Period, timeZone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(receivedAt).toZonedDateTimeISO(timeZone);
  switch (period) {
    case "hourly":
      // With the offset: in autumn an hour comes twice.
      return `${at.year}-${at.dayOfYear}-${at.hour}${at.offset}`;
    case "daily":
      return `${at.year}-${at.dayOfYear}`;
    case "weekly":
      return `${at.yearOfWeek}-${at.weekOfYear}`;
    case "monthly":
      return `${at.year}-${at.month}`;
    case "quarterly":
      return `${at.year}-${Math.ceil(at.month / 3)}`;
    case "yearly":
      return String(at.year);
  }
}
