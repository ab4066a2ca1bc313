/** Why a machine that is online makes no backup, in its agent's own words. */
import type { AgentStateRow } from "../../records/agent-states.ts";
import { viewAgent } from "../machines/heartbeats.ts";
import { moment } from "../mail/queue-mail.ts";

/** What was said longer ago says nothing about today. */
const FRESH_MS = 24 * 3_600_000;

/** What an agent may wait for, and how people are told. */
const WAITS: Readonly<Record<string, string>> = {
  "on-battery": "it runs on battery",
  "battery-low": "its battery is low",
  metered: "its network is metered",
  "network-not-listed": "its network is none of those that it may use",
  "network-never": "its network is one that it never uses",
  load: "it has other work to do",
  "outside-hours": "backups may not run at this time of day",
};

export function agentCause(
  agent: AgentStateRow | undefined,
  now: number,
): { cause: "paused" | "waiting"; message: string } | undefined {
  if (agent === undefined || agent.heardAt < now - FRESH_MS) return undefined;
  const since = moment(agent.since);
  if (agent.state === "paused") {
    const until = viewAgent(agent)?.pausedUntil ?? null;
    const end = until === null ? "until somebody resumes them" : `until ${moment(Date.parse(until))}`;
    return { cause: "paused", message: `Its backups were paused at the machine ${since}, ${end}.` };
  }
  if (agent.state !== "waiting") return undefined;
  const why = agent.because === null ? undefined : (WAITS[agent.because] ?? agent.because);
  return { cause: "waiting", message: `It is online and waits since ${since}${why === undefined ? "" : `: ${why}`}.` };
}
