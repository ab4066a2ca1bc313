/** How long ago, for people: `< a minute ago`, `30 minutes ago`, `5 days ago`. */

const MINUTE_MS = 60_000;

const UNITS = [
  ["day", 24 * 60 * MINUTE_MS],
  ["hour", 60 * MINUTE_MS],
  ["minute", MINUTE_MS],
] as const;

/** Whole units, the largest that fits. What is to come counts as now: clocks differ. */
export function timeSince(at: number, now: number): string {
  const [unit, unitMs] = UNITS.find(([, ms]) => now - at >= ms) ?? [];
  if (unitMs === undefined) return "< a minute ago";
  const count = Math.floor((now - at) / unitMs);
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}
