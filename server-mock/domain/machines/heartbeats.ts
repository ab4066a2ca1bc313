/** What agents say of themselves between backups, kept as the last of it; and what the service has for them. */
import type { z } from "zod";
import {
  type AgentView,
  agentView,
  type HeartbeatAnswer,
  type heartbeatRequest,
} from "../../../protocol/messages/heartbeat.ts";
import type { AgentStateRow } from "../../records/agent-states.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AgentCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { effectiveForMachine, tagOf } from "../policies/effective.ts";
import { instant } from "../views.ts";

/** Ten thousand machines are 33 calls a second. */
const USUAL_SECONDS = 300;
/** What says nothing new is written down again after this, and something new no sooner than this after the last. */
const SAME_MS = 60_000;
const NEWS_MS = 5_000;
/** More of them are as many for an agent. */
const ORDERS_MAX = 100;

export async function heartbeat(
  { records, clock }: Domain,
  { machine }: AgentCaller,
  said: z.output<typeof heartbeatRequest>,
): Promise<HeartbeatAnswer> {
  const now = clock.now();
  const noting = await noteState(records, machine.id, said, now);
  // A restored or updated agent says its version before its first backup does.
  if (machine.agentVersion !== said.agentVersion && noting === "noted")
    await records.machines.change(machine.id, { agentVersion: said.agentVersion });
  const orders = await records.webRestores.listOrders(machine.id, { limit: ORDERS_MAX }, "open");
  return {
    policyTag: tagOf(await effectiveForMachine(records, machine)),
    orders: orders.length,
    now: instant(now),
    nextHeartbeatSeconds: noting === "too-soon" ? NEWS_MS / 1000 : USUAL_SECONDS,
  };
}

/** A flood of heartbeats costs reading, not writing. */
async function noteState(
  { agentStates }: RecordStores,
  machine: string,
  { state, because: code, agentVersion: _, ...rest }: z.output<typeof heartbeatRequest>,
  now: number,
): Promise<"noted" | "known" | "too-soon"> {
  const because = code ?? null;
  const before = await agentStates.find(machine);
  const said = JSON.stringify(rest);
  const isSame = before?.state === state && before.because === because;
  // A clock that was set back must not keep anything from being noted.
  const age = before === undefined ? Number.POSITIVE_INFINITY : Math.abs(now - before.heardAt);
  if (isSame && before.said === said && age < SAME_MS) return "known";
  if (age < NEWS_MS) return "too-soon";
  await agentStates.put({ machine, state, because, said, since: isSame ? before.since : now, heardAt: now });
  return "noted";
}

/** null: no agent has been at work there. */
export function viewAgent(row: AgentStateRow | undefined): AgentView | null {
  if (row === undefined) return null;
  const { state, because, heardAt, since, said } = row;
  const times = { heardAt: instant(heardAt), since: instant(since) };
  return agentView.parse({ localCopy: null, ...JSON.parse(said), state, because, ...times });
}
