/** What the service does unasked, and how often. */
import type { Domain } from "../domain/domain.ts";
import { closeVanished, dropStaged, endExpired } from "../domain/housekeeping.ts";
import { forgetCalls } from "../domain/repeats.ts";
import type { Job } from "./every.ts";

const MINUTE_MS = 60_000;

export const serviceJobs = (domain: Domain): readonly Job[] => [
  { name: "close-vanished", everyMs: MINUTE_MS, run: () => closeVanished(domain) },
  { name: "end-expired", everyMs: 5 * MINUTE_MS, run: () => endExpired(domain) },
  { name: "drop-staged", everyMs: 60 * MINUTE_MS, run: () => dropStaged(domain) },
  { name: "forget-calls", everyMs: 60 * MINUTE_MS, run: () => forgetCalls(domain) },
];
