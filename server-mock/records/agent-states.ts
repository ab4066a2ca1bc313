/** How machines' agents last said that they are. */
import type { AgentState } from "../../protocol/messages/heartbeat.ts";

export interface AgentStateRow {
  readonly machine: string;
  readonly state: AgentState;
  /** A code: why it waits or is paused. */
  readonly because: string | null;
  /** Since when it has been so, and when it last said so; by the service's clock. */
  readonly since: number;
  readonly heardAt: number;
  /** JSON: the rest of `heartbeatRequest` of protocol/messages/heartbeat.ts. */
  readonly said: string;
}

export interface AgentStates {
  find(machine: string): Promise<AgentStateRow | undefined>;
  /** In place of what it said before. */
  put(row: AgentStateRow): Promise<void>;
  removeOf(machine: string): Promise<void>;
}
