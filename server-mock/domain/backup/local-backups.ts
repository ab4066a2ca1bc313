/**
 * Runs to a machine's local copy: records of type Local. They say nothing of what is stored here, so they move neither Last Update nor its causes,
 * use no quota and name no snapshot.
 */
import type { LocalBackup, OwnWrap } from "../../../protocol/messages/local-copies.ts";
import type { AgentCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { emitRun } from "../events/run-events.ts";
import { chainBackup } from "../records/record-chain.ts";
import { wrapOf } from "../views.ts";
import { currentVault } from "./sessions.ts";

/** Longer ago than this is told as this: the machine's clock, or the machine, stood still. */
const AGO_MS_MAX = 366 * 24 * 3600 * 1000;

/** The same run again changes nothing. */
export async function addLocalBackup(domain: Domain, caller: AgentCaller, run: LocalBackup): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const vault = await currentVault(stores, caller);
    if ((await stores.sessions.findByKey(vault.number, run.run)) !== undefined) return;
    const now = domain.clock.now();
    const endedAt = now - Math.min(run.endedMsAgo, AGO_MS_MAX);
    const startedAt = endedAt - Math.min(run.durationMs, AGO_MS_MAX);
    const { machine } = caller;
    const backup = domain.newId();
    const { state, code = "bug/unexpected", message = null, counters, problems, problemCount } = run;
    const result = state === "success" ? "Success" : code;
    await stores.backups.insert({
      ...counters,
      ...{ id: backup, organization: machine.organization, machine: machine.id, type: "Local", startedAt, endedAt },
      ...{ state, result, message, problemCount, problems: JSON.stringify(problems), snapshot: null, flags: null },
    });
    // A session that has ended remembers the run's key, and fences nobody.
    await stores.sessions.insert({
      ...{ id: domain.newId(), vault: vault.number, machine: machine.id, fence: 0, idempotencyKey: run.run },
      ...{ state: "ended", leaseUntil: now, backup, intent: null, openedAt: now },
    });
    await chainBackup(domain, stores, backup);
    const { files, bytes, bytesTransferred } = counters;
    const ended = { files, bytes, bytesTransferred, state, code: result, message, problemCount };
    await emitRun(domain, stores, { machine: machine.id, backup }, ended);
  });
}

/** As it is now: a machine may have waited while a passphrase was changed. It opens nothing by itself (format §2.1). */
export async function ownWrap({ records }: Domain, caller: AgentCaller): Promise<OwnWrap> {
  const vault = await currentVault(records, caller);
  return { epoch: vault.epoch, wrap: wrapOf(vault) };
}
