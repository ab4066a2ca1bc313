/**
 * A backup that looks like damage: what its agent has flagged, and a jump of changes that the service sees by itself (the agent may be old, or
 * somebody else's by now). Nothing of such a vault expires until somebody has looked, so that what was there before stays.
 */
import { isMassChange, massChangeSentence } from "../../../protocol/brakes.ts";
import type { BackupRow } from "../../records/rows.ts";
import { openAlert } from "../alerts/alerts.ts";
import type { Domain } from "../domain.ts";
import { flagsSaid } from "../records/run-flags.ts";
import type { PruneSubject } from "./prune.ts";

const BACKUPS_LOOKED_AT = 50;

/** Looks at the backups since the last time. */
export async function watchChurn(domain: Domain, { vault, machine }: PruneSubject): Promise<void> {
  const { records, clock } = domain;
  const { watchedSequence, frozenAt } = await records.spaces.find(vault.number);
  if (vault.sequence <= watchedSequence) return;
  const backups = await records.backups.list(machine.id, { limit: BACKUPS_LOOKED_AT });
  // The first one is all new.
  const fresh = backups.filter(({ snapshot }) => snapshot !== null && snapshot > Math.max(watchedSequence, 1));
  const [alarming] = fresh.flatMap((row) => alarmOf(row) ?? []);
  const isNew = alarming !== undefined && frozenAt === null;
  const frozenReason = alarming ?? null;
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

/** In words. */
function alarmOf(row: BackupRow): string | undefined {
  const said = flagsSaid(row).map(({ says }) => says);
  if (said.length === 0 && isMassChange(row)) said.push(massChangeSentence(row));
  return said.length === 0 ? undefined : `Snapshot ${row.snapshot}: ${said.join(" ")}`;
}
