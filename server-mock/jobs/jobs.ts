/** What the service does unasked, and how often. */

import { answerResets } from "../domain/access/reset-requests.ts";
import { clearAfterCrash } from "../domain/backup/clear-after-crash.ts";
import { closeVanished, dropStaged, endExpired } from "../domain/backup/housekeeping.ts";
import type { Domain } from "../domain/domain.ts";
import { purgeExpired } from "../domain/machines/purge-machines.ts";
import { forgetReplacements } from "../domain/machines/replace-machines.ts";
import { purgeUsers } from "../domain/people/user-acts.ts";
import { forgetCalls } from "../domain/repeats.ts";
import { noteUsage, thinUsage } from "../domain/usage/note-usage.ts";
import type { Job } from "./every.ts";
import { type NotedJob, noted } from "./noted.ts";
import { noticeJobs } from "./notice-jobs.ts";
import { spaceJobs } from "./space-jobs.ts";

const MINUTE_MS = 60_000;

/** Where several processes work each turn is one's of them. */
export const serviceJobs = (domain: Domain): readonly Job[] =>
  [...jobsOf(domain), ...spaceJobs(domain)]
    .map((job) => noted(domain, job))
    .map((job) => ({ ...job, run: (signal) => domain.processes.once(job, () => job.run(signal)) }));

const jobsOf = (domain: Domain): readonly NotedJob[] => [
  { name: "close-vanished", everyMs: MINUTE_MS, run: () => closeVanished(domain) },
  { name: "end-expired", everyMs: 5 * MINUTE_MS, run: () => endExpired(domain) },
  { name: "drop-staged", everyMs: 60 * MINUTE_MS, run: () => dropStaged(domain) },
  { name: "purge-machines", everyMs: 60 * MINUTE_MS, run: () => purgeExpired(domain) },
  { name: "answer-resets", everyMs: MINUTE_MS / 6, run: () => answerResets(domain) },
  { name: "purge-users", everyMs: 60 * MINUTE_MS, run: () => purgeUsers(domain) },
  { name: "forget-replacements", everyMs: 60 * MINUTE_MS, run: () => forgetReplacements(domain) },
  { name: "forget-attempts", everyMs: 10 * MINUTE_MS, run: () => domain.lockouts.trim() },
  ...noticeJobs(domain),
  { name: "note-usage", everyMs: 60 * MINUTE_MS, run: (signal) => noteUsage(domain, signal) },
  { name: "thin-usage", everyMs: 24 * 60 * MINUTE_MS, run: (signal) => thinUsage(domain, signal) },
  { name: "forget-calls", everyMs: 60 * MINUTE_MS, run: () => forgetCalls(domain) },
  // A process that works alone clears up when it starts.
  ...(domain.processes.isShared
    ? [{ name: "clear-after-crash", everyMs: MINUTE_MS / 2, run: () => clearAfterCrash(domain) }]
    : []),
];
