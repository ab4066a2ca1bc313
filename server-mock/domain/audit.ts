/** Audit rows: who did what to whom, from where. Secrets never enter one. */
import type { RecordStores } from "../records/records.ts";
import type { Domain } from "./domain.ts";

export interface AuditedAct {
  readonly organization: string | null;
  /** An e-mail address, or who acts otherwise. */
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail?: string;
  readonly address?: string | undefined;
}

/** In the transaction of the act itself. */
export async function audit(domain: Domain, stores: RecordStores, act: AuditedAct): Promise<void> {
  await stores.audit.insert({ detail: "", ...act, address: act.address ?? null, at: domain.clock.now() });
}
