/**
 * A jump of changes: malware that encrypts files looks like a backup in which most files are new. Nothing of such a vault expires until somebody has
 * looked, so that what was there before stays.
 */
import { openAlert } from "../alerts/alerts.ts";
import type { Domain } from "../domain.ts";
import type { PruneSubject } from "./prune.ts";

/** Of the files that were looked at. */
const CHANGED_SHARE = 0.5;
const FILES_MIN = 1000;
const BACKUPS_LOOKED_AT = 50;

/** Looks at the backups since the last time. */
export async function watchChurn(domain: Domain, { vault, machine }: PruneSubject): Promise<void> {
  const { records, clock } = domain;
  const { watchedSequence, frozenAt } = await records.spaces.find(vault.number);
  if (vault.sequence <= watchedSequence) return;
  const backups = await records.backups.list(machine.id, { limit: BACKUPS_LOOKED_AT });
  const jump = backups.find(
    ({ snapshot, files, filesEncoded }) =>
      // The first one is all new.
      snapshot !== null &&
      snapshot > Math.max(watchedSequence, 1) &&
      files >= FILES_MIN &&
      filesEncoded > files * CHANGED_SHARE,
  );
  const isNew = jump !== undefined && frozenAt === null;
  const frozenReason = `In snapshot ${jump?.snapshot} ${jump?.filesEncoded} of ${jump?.files} files were new or changed.`;
  await records.transaction(async (stores) => {
    const frozen = isNew ? { frozenAt: clock.now(), frozenReason } : {};
    await stores.spaces.change(vault.number, { watchedSequence: vault.sequence, ...frozen });
    if (!isNew) return;
    const { id, name, organization, userGroup, account } = machine;
    const about = { id, subject: name, organization, userGroup, account, machine: id };
    const message = `Nothing of ${name} expires until somebody has looked: ${frozenReason}`;
    await openAlert(domain, stores, { ...about, kind: "expiry.frozen", cause: "changes", message });
  });
}
