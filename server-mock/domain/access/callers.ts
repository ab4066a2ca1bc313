/** Who calls: what a token stands for, with the rows that every rule about the caller needs. */
import type { Capability } from "../../../protocol/capabilities.ts";
import type { Scope } from "../../records/records.ts";
import type { AccountRow, MachineRow, RestoreRow, TokenRow, VaultRow } from "../../records/rows.ts";

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

/** Ids for the log: who calls, and in whose name. */
export function describeCaller(caller: Caller | Anyone): Readonly<Record<string, string>> {
  switch (caller.audience) {
    case "none":
      return {};
    case "agent":
    case "restore":
      return { machine: caller.machine.id, organization: caller.machine.organization };
    case "console": {
      const { account, actor } = caller;
      const { id, organization } = account;
      return { account: id, ...(organization === null ? {} : { organization }), ...(actor && { actor: actor.id }) };
    }
  }
}
