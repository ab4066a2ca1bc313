/** Who calls: what a token stands for, with the rows that every rule about the caller needs. */
import type { AccountRow, MachineRow, RestoreRow, VaultRow } from "../records/rows.ts";

export interface Anyone {
  readonly audience: "none";
}

export interface AgentCaller {
  readonly audience: "agent";
  readonly machine: MachineRow;
  readonly vault: VaultRow;
}

export interface ConsoleCaller {
  readonly audience: "console";
  readonly account: AccountRow;
  /** SHA-256 of the token. */
  readonly token: Buffer;
}

export interface RestoreCaller {
  readonly audience: "restore";
  readonly restore: RestoreRow;
  readonly machine: MachineRow;
  readonly vault: VaultRow;
}

export type Caller = AgentCaller | ConsoleCaller | RestoreCaller;

/** For the types of the handlers. */
export type ServiceCallers = { none: Anyone; agent: AgentCaller; console: ConsoleCaller; restore: RestoreCaller };
