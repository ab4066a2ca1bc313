import { z } from "zod";
import { RUN_FLAGS } from "../brakes.ts";
import { PROBLEMS_MAX } from "../limits.ts";
import { base64, count, id16, id32, rowId, sizeBytes } from "./fields.ts";
import { quotaView } from "./machines.ts";

export const backupType = z.enum(["Manual", "Automatic", "Scheduled", "Continuous", "Local"]);
export type BackupType = z.infer<typeof backupType>;

/** The columns of a backup record. */
export const counters = z.strictObject({
  files: count,
  bytes: sizeBytes,
  filesEncoded: count,
  bytesEncoded: sizeBytes,
  filesTransferred: count,
  bytesTransferred: sizeBytes,
});
export type Counters = z.infer<typeof counters>;

/** One file's trouble. Paths reach the service only as far as the machine's owner sends them: here, escaped text. */
export const problem = z.strictObject({
  path: z.string().max(4096),
  code: z.string().max(60),
  message: z.string().max(1000),
});
export type Problem = z.infer<typeof problem>;

export const openRequest = z.strictObject({
  type: backupType,
  idempotencyKey: z.uuid(),
  agentVersion: z.string().max(50),
  /** Of the computer that calls, as at registration; absent: it can't tell. */
  fingerprint: id32.optional(),
});
export type OpenRequest = z.infer<typeof openRequest>;

export const openResponse = z.object({
  session: rowId,
  fence: z.int(),
  leaseSeconds: z.int(),
  /** What the next snapshot record must carry. */
  sequence: z.int(),
  previous: id32,
  /** Packs that an earlier session had acknowledged and not committed; they belong to this session now. */
  staged: z.object({ packs: count, bytes: sizeBytes }),
  quota: quotaView,
  /** How often stored chunks of the vault were found lost: when it has grown, the agent asks for all ids and sends what it still has. */
  losses: count.default(0),
});
export type OpenResponse = z.infer<typeof openResponse>;

export const packResponse = z.object({ bytes: sizeBytes, known: z.boolean() });
export type PackResponse = z.infer<typeof packResponse>;

export const progressRequest = z.strictObject({ fence: z.int(), counters });
export const progressResponse = z.object({ leaseSeconds: z.int() });

export const runFlag = z.enum(RUN_FLAGS);

/** What flags were found by (protocol/brakes.ts). */
export const runChanges = z.strictObject({
  filesBefore: count,
  filesGone: count,
  filesReplaced: count,
  storedPercent: count.nullable(),
  storedPercentBefore: count.nullable(),
});

export const commitRequest = z.strictObject({
  fence: z.int(),
  record: base64(1024 * 1024),
  counters,
  problems: z.array(problem).max(PROBLEMS_MAX),
  problemCount: count,
  /** Of a run that is committed although something is missing: why, from the error table. */
  code: z.string().max(60).optional(),
  /** When chunks are missing, staged packs whose pages and lists refer to them are dropped: the agent will ask what is there. */
  dropUnmet: z.boolean().optional(),
  /** Something that looks like damage, in order of the list; then nothing of the vault expires until somebody has looked. */
  flags: z.array(runFlag).max(RUN_FLAGS.length).optional(),
  /** With flags. */
  changes: runChanges.optional(),
});
export type CommitRequest = z.infer<typeof commitRequest>;

export const commitResponse = z.object({ receipt: base64(149, 149), sequence: z.int(), machine: id16 });
export type CommitResponse = z.infer<typeof commitResponse>;

export const endRequest = z.strictObject({
  fence: z.int(),
  code: z.string().max(60),
  message: z.string().max(1000),
  counters,
  problems: z.array(problem).max(PROBLEMS_MAX),
  problemCount: count,
});
export type EndRequest = z.infer<typeof endRequest>;
