/** Named retention policies in numbers, and which of two keeps less: service and console count alike. */
import type { PolicyName, RetentionNumbers } from "./messages/retention.ts";

const NONE: RetentionNumbers = { last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, quarterly: 0, yearly: 0 };

/** Periods in part count, too, so there is one more of each than the name says. */
const NAMED: Readonly<Record<PolicyName, Partial<RetentionNumbers>>> = {
  "7-days": { daily: 8 },
  "14-days": { daily: 15 },
  "1-month": { daily: 32 },
  "2-months": { weekly: 10 },
  "3-months": { weekly: 14 },
  "6-months": { monthly: 7 },
  "1-year": { monthly: 13 },
  "2-years": { quarterly: 9 },
  "3-years": { quarterly: 13 },
  "4-years": { quarterly: 17 },
  "5-years": { quarterly: 21 },
  "6-years": { quarterly: 25 },
  "7-years": { quarterly: 29 },
};

export const numbersOf = (policy: PolicyName | RetentionNumbers): RetentionNumbers =>
  typeof policy === "string" ? { ...NONE, ...NAMED[policy] } : policy;

export interface Kept {
  readonly numbers: RetentionNumbers;
  readonly graceDays: number;
}

/** Whether some snapshot could go under `after` that stays under `before`. */
export function isShorter(before: Kept, after: Kept): boolean {
  const names = ["last", "hourly", "daily", "weekly", "monthly", "quarterly", "yearly"] as const;
  return after.graceDays < before.graceDays || names.some((name) => after.numbers[name] < before.numbers[name]);
}
