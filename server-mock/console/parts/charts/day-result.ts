/** What a day of runs is called: the worst of what was left standing. */
import type { RunDays } from "../../../../protocol/messages/overview.ts";

export type RunDay = RunDays["days"][number];
export type DayResult = "success" | "warnings" | "failed" | "cancelled" | "running" | "none";

/** A failure before or after a success is a warning: the day has its backup. */
export function dayResult(day: RunDay | undefined): DayResult {
  if (day === undefined) return "none";
  const isBackedUp = day.succeeded + day.incomplete > 0;
  if (isBackedUp) return day.incomplete > 0 || day.failed > 0 ? "warnings" : "success";
  if (day.failed > 0) return "failed";
  if (day.running > 0) return "running";
  return day.cancelled > 0 ? "cancelled" : "none";
}
