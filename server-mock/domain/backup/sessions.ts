/** Backup sessions: one writer per vault, by fence and lease (docs/protocol.md §One backup). */
import { HoldfastError } from "../../../protocol/errors.ts";
import { LEASE_MS } from "../../../protocol/limits.ts";
import type { Counters, EndRequest, OpenRequest, OpenResponse } from "../../../protocol/messages/sessions.ts";
import type { RecordStores } from "../../records/records.ts";
import type { SessionRow, VaultRow } from "../../records/rows.ts";
import type { AgentCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { emitRun } from "../events/run-events.ts";
import { refuseClone } from "../machines/clones.ts";
import { chainBackup } from "../records/record-chain.ts";
import { keepCard } from "../space/cards.ts";
import { quotaView } from "./quota.ts";

const NO_COUNTERS: Counters = {
  files: 0,
  bytes: 0,
  filesEncoded: 0,
  bytesEncoded: 0,
  filesTransferred: 0,
  bytesTransferred: 0,
};

/** The same idempotency key again gives the same session, as long as it is open. */
export async function openSession(domain: Domain, caller: AgentCaller, request: OpenRequest): Promise<OpenResponse> {
  await refuseClone(domain, caller.machine, request.fingerprint);
  // In the vault's turn, because a commit in progress must not lose its fence between its checks and its end.
  return await domain.inTurn(`vault/${caller.vault.id}`, async () => {
    // A storage that has no room now will say so when packs come; a job writes the card then.
    await keepCard(domain, caller.vault.number).catch(() => undefined);
    return await domain.records.transaction(async (stores) => {
      const vault = await currentVault(stores, caller);
      const repeated = await stores.sessions.findByKey(vault.number, request.idempotencyKey);
      if (repeated !== undefined) {
        if (!isOpen(repeated, domain)) throw new HoldfastError("session/expired");
        return await describe(domain, stores, caller, { vault, session: repeated });
      }
      for (const older of await stores.sessions.listOpen({ vault: vault.number }))
        await closeUnheard(domain, stores, older, "fenced");
      const session = await begin(domain, stores, { vault, organization: caller.machine.organization }, request);
      await stores.machines.change(caller.machine.id, { agentVersion: request.agentVersion });
      return await describe(domain, stores, caller, { vault, session });
    });
  });
}

/** The caller's own session, still open. Throws `session/missing`, `session/expired`. */
export async function getOpenSession(
  domain: Domain,
  stores: RecordStores,
  caller: AgentCaller,
  asked: { session: string; fence?: number },
): Promise<SessionRow> {
  const session = await stores.sessions.find(asked.session);
  if (session === undefined || session.machine !== caller.machine.id) throw new HoldfastError("session/missing");
  const isFenced = asked.fence !== undefined && asked.fence !== session.fence;
  if (isFenced || !isOpen(session, domain)) throw new HoldfastError("session/expired");
  return session;
}

export async function renewLease(domain: Domain, stores: RecordStores, session: SessionRow): Promise<void> {
  await stores.sessions.change(session.id, { leaseUntil: domain.clock.now() + LEASE_MS });
}

export async function progress(
  domain: Domain,
  caller: AgentCaller,
  report: { session: string; fence: number; counters: Counters },
): Promise<{ leaseSeconds: number }> {
  await domain.records.transaction(async (stores) => {
    const session = await getOpenSession(domain, stores, caller, report);
    await renewLease(domain, stores, session);
    await stores.backups.change(session.backup, report.counters);
  });
  return { leaseSeconds: LEASE_MS / 1000 };
}

/** The run has nothing to commit: failed, or cancelled. */
export async function endSession(
  domain: Domain,
  caller: AgentCaller,
  ended: EndRequest & { session: string },
): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const found = await stores.sessions.find(ended.session);
    if (found?.state === "ended" && found.machine === caller.machine.id) return; // A repeat.
    const session = await getOpenSession(domain, stores, caller, ended);
    await stores.sessions.change(session.id, { state: "ended" });
    const state = ended.code === "backup/cancelled" ? "cancelled" : "failed";
    await stores.backups.change(session.backup, {
      ...ended.counters,
      endedAt: domain.clock.now(),
      state,
      result: ended.code,
      message: ended.message,
      problemCount: ended.problemCount,
      problems: JSON.stringify(ended.problems),
    });
    await chainBackup(domain, stores, session.backup);
    if (state === "failed") await rememberFailure(domain, stores, session, ended.code);
    const { code, message, counters, problemCount } = ended;
    await emitRun(domain, stores, session, { ...counters, state, code, message, problemCount });
  });
}

/** Closes a session that its agent left without a word. Its packs stay staged. */
export async function closeUnheard(
  domain: Domain,
  stores: RecordStores,
  session: SessionRow,
  state: "fenced" | "expired",
): Promise<void> {
  const { code, message } = new HoldfastError("agent/vanished");
  await stores.sessions.change(session.id, { state });
  await stores.backups.change(session.backup, {
    endedAt: domain.clock.now(),
    state: "failed",
    result: code,
    message,
  });
  await chainBackup(domain, stores, session.backup);
  await rememberFailure(domain, stores, session, code);
  await emitRun(domain, stores, session, { state: "failed", code, message });
}

/** What lists and alerts show until a backup succeeds. */
async function rememberFailure(
  { clock }: Domain,
  stores: RecordStores,
  { machine }: SessionRow,
  code: string,
): Promise<void> {
  await stores.machines.change(machine, { lastFailureAt: clock.now(), lastFailureCode: code });
}

/** As it is now: what authentication read may have been overtaken. */
export async function currentVault(stores: RecordStores, { vault }: AgentCaller): Promise<VaultRow> {
  const current = await stores.vaults.findByNumber(vault.number);
  if (current === undefined) throw new HoldfastError("machine/missing");
  return current;
}

const isOpen = (session: SessionRow, { clock }: Domain): boolean =>
  session.state === "open" && session.leaseUntil > clock.now();

async function begin(
  domain: Domain,
  stores: RecordStores,
  { vault, organization }: { vault: VaultRow; organization: string },
  request: OpenRequest,
): Promise<SessionRow> {
  const now = domain.clock.now();
  const session: SessionRow = {
    id: domain.newId(),
    vault: vault.number,
    machine: vault.machine,
    fence: vault.fence + 1,
    idempotencyKey: request.idempotencyKey,
    state: "open",
    leaseUntil: now + LEASE_MS,
    backup: domain.newId(),
    intent: null,
    openedAt: now,
  };
  await stores.backups.insert({
    ...NO_COUNTERS,
    id: session.backup,
    organization,
    machine: vault.machine,
    type: request.type,
    startedAt: now,
    endedAt: null,
    state: "running",
    result: null,
    message: null,
    problemCount: 0,
    problems: "[]",
    snapshot: null,
    flags: null,
  });
  await stores.sessions.insert(session);
  await stores.vaults.change(vault.number, { fence: session.fence });
  return session;
}

async function describe(
  domain: Domain,
  stores: RecordStores,
  { machine }: AgentCaller,
  { vault, session }: { vault: VaultRow; session: SessionRow },
): Promise<OpenResponse> {
  return {
    session: session.id,
    fence: session.fence,
    leaseSeconds: Math.max(0, Math.floor((session.leaseUntil - domain.clock.now()) / 1000)),
    sequence: vault.sequence + 1,
    previous: vault.head,
    staged: await stores.packs.countStaged(vault.number),
    quota: await quotaView(stores, machine),
    losses: (await stores.spaces.find(vault.number)).losses,
  };
}
