/** Who calls: what a token stands for, with the rows that every rule about the caller needs. */
import type { Capability } from "../../protocol/capabilities.ts";
import type { Scope } from "../records/records.ts";
import type { AccountRow, MachineRow, RestoreRow, TokenRow, VaultRow } from "../records/rows.ts";

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
  /** In whose name. */
  readonly account: AccountRow;
  /** Who really acts: an admin who logged in as the account; else undefined. */
  readonly actor: AccountRow | undefined;
  /** Whose rows the caller sees. */
  readonly scope: Scope;
  readonly capabilities: ReadonlySet<Capability>;
  readonly token: TokenRow;
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
