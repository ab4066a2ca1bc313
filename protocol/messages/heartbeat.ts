/** How an agent at work is, said to the service every few minutes, and what the service has for it: closed wishes only, nothing that an agent would run. */
import { z } from "zod";
import { count, instant, sizeBytes } from "./fields.ts";

/** `waiting`: something is due and something keeps it back; `idle`: nothing is due. */
export const AGENT_STATES = ["idle", "backing-up", "paused", "waiting"] as const;
export const agentState = z.enum(AGENT_STATES);
export type AgentState = z.infer<typeof agentState>;

/** As in the table of errors, or one word: `quota/exceeded`, `battery`. */
const code = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9-]*(?:\/[a-z0-9-]+)?$/, "a code like battery or quota/exceeded");

const localCopy = z.strictObject({
  /** The folder is there, with the copy in it. */
  isPresent: z.boolean(),
  lastUpdateAt: instant.nullable(),
  bytes: sizeBytes.nullable(),
});

export const heartbeatRequest = z.strictObject({
  agentVersion: z.string().min(1).max(50),
  state: agentState,
  /** What it waits for, such as `on-battery`; what the agent itself says to people stays there. */
  because: code.optional(),
  /** By the machine's clock; null: nothing begins by itself, or not before somebody resumes. */
  nextRunAt: instant.nullable(),
  pausedUntil: instant.nullable(),
  /** null: nothing is watched. */
  watchedFolders: count.nullable(),
  /** What somebody must see to, the weightiest first. */
  problems: z.array(code).max(10),
  /** Absent: it keeps none. */
  localCopy: localCopy.optional(),
});
export type HeartbeatRequest = z.infer<typeof heartbeatRequest>;

export const heartbeatAnswer = z.object({
  /** Of the configuration that holds; another one than the agent's is to be fetched. */
  policyTag: z.string(),
  /** Ordered restores of this machine that have not ended. */
  orders: count,
  /** The service's clock. */
  now: instant,
  /** Earlier than asked for is not more often noted. */
  nextHeartbeatSeconds: z.int().min(1).max(86_400),
});
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswer>;

/** As people see it at the console. */
export const agentView = heartbeatRequest.omit({ agentVersion: true }).extend({
  because: code.nullable(),
  localCopy: localCopy.nullable(),
  /** When it last said so, and since when it has been in this state. */
  heardAt: instant,
  since: instant,
});
export type AgentView = z.infer<typeof agentView>;
