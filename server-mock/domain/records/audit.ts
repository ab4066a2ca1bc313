/** Audit rows: who did what to whom, from where. Secrets never enter one. */
import type { RecordStores } from "../../records/records.ts";
import type { Domain } from "../domain.ts";
import { chainAudit } from "./record-chain.ts";

/** Who acts: a person at the console, or the operator at the service's own machine. */
export interface AuditActor {
  /** A log-in name, or who acts otherwise. */
  readonly actor: string;
  readonly address?: string | undefined;
}

export interface AuditedAct extends AuditActor {
  readonly organization: string | null;
  readonly action: string;
  readonly subject: string;
  readonly detail?: string;
  /** Id of the account that it concerns: its person sees the row. */
  readonly account?: string | null;
}

/** In the transaction of the act itself. */
export async function audit(domain: Domain, stores: RecordStores, act: AuditedAct): Promise<void> {
  const { organization, actor, action, subject, detail = "", account = null, address = null } = act;
  const row = { organization, at: domain.clock.now(), actor, action, subject, detail, address, account };
  await chainAudit(domain, stores, { ...row, id: await stores.audit.insert(row) });
}
