/** Chains for a database from before there were any. */
import type { Domain } from "../domain.ts";
import { audit } from "./audit.ts";
import { chainAudit, chainBackup, chainRestore } from "./record-chain.ts";

const ADOPTED_AT_ONCE = 500;

/** Its rows are taken as they are, and the audit says so: whoever empties the chains to hide an edit leaves this behind. */
export async function adoptRecords(domain: Domain): Promise<void> {
  if ((await domain.records.chains.list({ limit: 1 })).length > 0) return;
  let total = 0;
  for (let added = 1; added > 0; total += added)
    added = await domain.records.transaction(async (stores) => {
      const { backups, restores, audit: rows } = await stores.chains.listUnchained(ADOPTED_AT_ONCE);
      for (const { id } of backups) await chainBackup(domain, stores, id);
      for (const { id } of restores) await chainRestore(domain, stores, id);
      for (const row of rows) await chainAudit(domain, stores, row);
      return backups.length + restores.length + rows.length;
    });
  if (total === 0) return;
  const act = { organization: null, actor: "holdfast-server", action: "records/adopt", subject: `${total} records` };
  await domain.records.transaction((stores) => audit(domain, stores, act));
}
