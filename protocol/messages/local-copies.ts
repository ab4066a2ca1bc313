/** What a machine tells the service of its local copy, and asks for it. Neither bytes nor names of files of it ever reach the service. */
import { z } from "zod";
import { PROBLEMS_MAX } from "../limits.ts";
import { count, rowId } from "./fields.ts";
import { wrap } from "./machines.ts";
import { counters, problem } from "./sessions.ts";

/** A run to the local copy that has ended, perhaps while the service was away: times are spans, because only the service's clock counts. */
export const localBackup = z.strictObject({
  /** By the machine, at random: the same run again changes nothing. */
  run: rowId,
  endedMsAgo: count,
  durationMs: count,
  state: z.enum(["success", "incomplete", "failed", "cancelled"]),
  /** Unless it was a success: why, from the error table. */
  code: z.string().max(60).optional(),
  message: z.string().max(1000).optional(),
  counters,
  problems: z.array(problem).max(PROBLEMS_MAX),
  problemCount: count,
});
export type LocalBackup = z.infer<typeof localBackup>;

/** What opens the vault beside the key itself, for the local copy to be opened without the service: nothing in it opens anything by itself. */
export const ownWrap = z.object({ epoch: z.int().min(1), wrap });
export type OwnWrap = z.infer<typeof ownWrap>;
