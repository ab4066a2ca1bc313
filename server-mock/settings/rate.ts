/** How often something may be done: `10/minute`. */
import type { Rate } from "../http/rate-limits.ts";
import { kind } from "./kinds.ts";

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ["second", 1000],
  ["minute", 60_000],
  ["hour", 3_600_000],
]);

/** `null`: no limit. */
export const rate = kind('a rate like 10/second, 600/minute or 20/hour, or "off"', (given): Rate | null | undefined => {
  if (given === "off") return null;
  const [, count, unit] = /^(\d{1,9})\s*\/\s*([a-z]+?)s?$/.exec(given) ?? [];
  const perMs = UNITS_MS.get(unit ?? "");
  return perMs === undefined || Number(count) === 0 ? undefined : { count: Number(count), perMs };
});
