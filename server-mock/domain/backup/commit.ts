/**
 * Commit: the only moment that counts. The record is accepted when it continues the chain, is signed by the machine's registered key and
 * everything its pages refer to is here; then record file, and one transaction, are durable before the receipt is given.
 *
 *   repeat? → session → record → chunks → record file → transaction → receipt
 */
import { Readable } from "node:stream";
import { setImmediate as pause } from "node:timers/promises";
import { HoldfastError } from "../../../protocol/errors.ts";
import { MISSING_IDS_MAX } from "../../../protocol/limits.ts";
import type { CommitRequest, CommitResponse } from "../../../protocol/messages/sessions.ts";
import { encodeReceipt } from "../../../protocol/receipt.ts";
import { decodeSnapshotRecord, isSigned, recordHash, type SnapshotRecord } from "../../../protocol/snapshot-record.ts";
import { recordName } from "../../blobs/blobs.ts";
import type { RecordStores, StagedPack } from "../../records/records.ts";
import type { SessionRow, VaultRow } from "../../records/rows.ts";
import type { AgentCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { emitRun } from "../events/run-events.ts";
import { chainBackup } from "../records/record-chain.ts";
import { encodeFlags } from "../records/run-flags.ts";
import { keepReceipt } from "../space/cards.ts";
import { watchChurn } from "../space/churn.ts";
import { subjectOf } from "../space/prune.ts";
import { Revival } from "../space/revive.ts";
import { dropPack } from "./housekeeping.ts";
import { currentVault, getOpenSession, renewLease } from "./sessions.ts";

const IDS_PER_CHECK = 4000;
/** Missing ids are counted up to here; more is the same trouble. */
const MISSING_COUNTED_MAX = 100_000;

interface Candidate {
  readonly bytes: Buffer;
  readonly record: SnapshotRecord;
  readonly hash: Buffer;
  /** Of the record's file. */
  readonly name: string;
}

export async function commit(
  domain: Domain,
  caller: AgentCaller,
  request: CommitRequest & { session: string },
): Promise<CommitResponse> {
  const candidate = parseRecord(caller, Buffer.from(request.record, "base64"));
  return await domain.inTurn(`vault/${caller.vault.id}`, async () => {
    const repeated = await findReceipt(domain.records, caller, candidate);
    if (repeated !== undefined) return repeated;
    const session = await getOpenSession(domain, domain.records, caller, request);
    checkRecord(candidate, await currentVault(domain.records, caller));
    for (;;) {
      const checked = await checkChunks(domain, caller.vault, candidate.record.root, request.dropUnmet ?? false);
      const receipt = await finish(domain, caller, { candidate, session, request, ...checked });
      if (receipt !== undefined) return receipt;
    }
  });
}

function parseRecord(caller: AgentCaller, bytes: Buffer): Candidate {
  const record = decodeSnapshotRecord(bytes);
  const hash = recordHash(bytes);
  const name = recordName(caller.vault.id, record.sequence, hash.toString("hex"));
  return { bytes, record, hash, name };
}

/** The same record again gives the same receipt, whatever became of the session. */
async function findReceipt(
  stores: RecordStores,
  { vault, machine }: AgentCaller,
  { record, hash }: Candidate,
): Promise<CommitResponse | undefined> {
  const snapshot = await stores.snapshots.find(vault.number, record.sequence);
  if (snapshot?.record !== hash.toString("hex")) return undefined;
  const receipt = Buffer.from(snapshot.receipt).toString("base64");
  return { receipt, sequence: snapshot.sequence, machine: machine.id };
}

/** Throws `snapshot/malformed`, `snapshot/conflict`. */
function checkRecord({ record, bytes }: Candidate, vault: VaultRow): void {
  const refuse = (reason: string) => new HoldfastError("snapshot/malformed", { reason });
  if (record.vault.toString("hex") !== vault.id) throw refuse("it is of another vault");
  if (record.machine.toString("hex") !== vault.machine) throw refuse("it is of another machine");
  if (record.epoch !== vault.epoch) throw refuse("its epoch is not the vault's");
  if (!record.signer.equals(vault.signer) || !record.signerProof.equals(vault.signerProof))
    throw refuse("its machine key is not the registered one");
  if (!isSigned(bytes, record)) throw refuse("its signature is wrong");
  if (record.sequence !== vault.sequence + 1 || record.previous.toString("hex") !== vault.head)
    throw new HoldfastError("snapshot/conflict", { sequence: vault.sequence + 1, previous: vault.head });
}

/**
 * Every link of every staged page and list, and the root, must be here. Runs outside the transaction because it may take long: nothing of a
 * vault is removed while it has an open session but here, so what was found stays. Answers how many staged packs it has looked at, and what a
 * collection had condemned and must be taken up again.
 */
async function checkChunks(
  domain: Domain,
  vault: VaultRow,
  root: Buffer,
  mayDrop: boolean,
): Promise<Pick<Checked, "checkedPacks" | "revived">> {
  const { records } = domain;
  const staged = await records.packs.listStaged({ vault: vault.number });
  const { missing, unmet, revival } = await findUnmet(domain, vault, staged);
  for (const id of await records.chunks.listMissing(vault.number, [root])) missing.add(Buffer.from(id).toString("hex"));
  for (const id of await revival.add([root])) missing.add(Buffer.from(id).toString("hex"));
  if (missing.size === 0) return { checkedPacks: staged.length, revived: revival.ids };
  if (mayDrop) await dropUnmet(domain, vault, unmet);
  throw new HoldfastError("chunk/missing", { count: missing.size, missing: [...missing].slice(0, MISSING_IDS_MAX) });
}

/** What staged pages and lists refer to and is not here, and the packs that they lie in. */
async function findUnmet(
  { records }: Domain,
  vault: VaultRow,
  staged: readonly StagedPack[],
): Promise<{ missing: Set<string>; unmet: StagedPack[]; revival: Revival }> {
  const missing = new Set<string>();
  const unmet = new Set<StagedPack>();
  const { collectedAt } = await records.spaces.find(vault.number);
  const revival = new Revival(records, vault.number, { mayBeCondemned: collectedAt !== null });
  for (const pack of staged)
    for (const table of await records.chunks.listLinks(pack.number))
      for (const ids of slicesOf(table)) {
        if (missing.size >= MISSING_COUNTED_MAX) continue;
        const absent = await records.chunks.listMissing(vault.number, ids);
        absent.push(...(await revival.add(ids)));
        for (const id of absent) missing.add(Buffer.from(id).toString("hex"));
        if (absent.length > 0) unmet.add(pack);
        await pause();
      }
  return { missing, unmet: [...unmet], revival };
}

/**
 * What they refer to may never come: a changed file need not consist of the lost chunks any more. They would stand in the way of every commit; the
 * agent asks what is here, and sends what it still needs.
 */
async function dropUnmet(domain: Domain, vault: VaultRow, first: readonly StagedPack[]): Promise<void> {
  for (let unmet = first; unmet.length > 0; ) {
    for (const pack of unmet) await dropPack(domain, vault, pack, { evenWhileOpen: true });
    // Pages above them have lost something now.
    unmet = (await findUnmet(domain, vault, await domain.records.packs.listStaged({ vault: vault.number }))).unmet;
  }
}

/** A page's link table in parts, so that a page of many links is not looked up at one go. */
function* slicesOf(table: Uint8Array): Generator<Uint8Array[]> {
  for (let from = 0; from < table.length; from += 32 * IDS_PER_CHECK) {
    const until = Math.min(table.length, from + 32 * IDS_PER_CHECK);
    const ids: Uint8Array[] = [];
    for (let at = from; at < until; at += 32) ids.push(table.subarray(at, at + 32));
    yield ids;
  }
}

interface Checked {
  readonly candidate: Candidate;
  readonly session: SessionRow;
  readonly request: CommitRequest;
  readonly checkedPacks: number;
  readonly revived: readonly Uint8Array[];
}

/** undefined: packs came in since the check, look again. */
async function finish(domain: Domain, caller: AgentCaller, checked: Checked): Promise<CommitResponse | undefined> {
  const { records, blobs } = domain;
  const { candidate, session, request } = checked;
  // The intent names the file, so that a crash between file and transaction leaves no record that nobody was promised.
  await records.transaction(async (stores) => {
    await renewLease(domain, stores, session);
    await stores.sessions.change(session.id, { intent: candidate.name });
  });
  try {
    const { name, bytes, hash } = candidate;
    await blobs.put({ name, source: Readable.from([bytes]), sizeBytes: bytes.length, digest: hash });
    const receipt = await records.transaction((stores) => record(domain, stores, caller, checked));
    if (receipt === undefined) return undefined;
    const { sequence } = candidate.record;
    // The next pass of retention looks, too.
    if (request.flags?.length) await freezeIfAlarming(domain, caller.vault.number).catch(() => undefined);
    // Its rows have it; a storage that fails now must not undo what is done.
    await keepReceipt(domain, caller.vault.id, { sequence, record: hash.toString("hex"), receipt }).catch(
      () => undefined,
    );
    return { receipt: receipt.toString("base64"), sequence: candidate.record.sequence, machine: caller.machine.id };
  } catch (error) {
    await withdraw(domain, caller, checked).catch(() => undefined); // The next start does it.
    throw error;
  }
}

async function freezeIfAlarming(domain: Domain, vault: number): Promise<void> {
  const subject = await subjectOf(domain.records, vault);
  if (subject) await watchChurn(domain, subject);
}

/** The transaction. What it checks again may have changed since; the rest can't. */
async function record(
  domain: Domain,
  stores: RecordStores,
  caller: AgentCaller,
  { candidate, session: { id, fence }, request, checkedPacks, revived }: Checked,
): Promise<Buffer | undefined> {
  const session = await getOpenSession(domain, stores, caller, { session: id, fence });
  const vault = await currentVault(stores, caller);
  if (vault.fence !== session.fence) throw new HoldfastError("session/expired");
  // Without the intent the record's file may be gone: another process took this one for dead.
  if (session.intent !== candidate.name) throw new HoldfastError("service/busy", { what: "the same backups" });
  checkRecord(candidate, vault);
  if ((await stores.packs.countStaged(vault.number)).packs !== checkedPacks) return undefined;

  const { record, hash } = candidate;
  const { sequence } = record;
  const receivedAt = domain.clock.now();
  const named = { vault: record.vault, machine: record.machine, sequence, record: hash, receivedAt };
  const receipt = encodeReceipt(named, (message) => domain.keys.receipts.sign(message));
  await stores.packs.makeLive(vault.number);
  if (revived.length > 0) await stores.reach.revive(vault.number, revived);
  await stores.spaces.change(vault.number, { isDue: 1 });
  await stores.snapshots.insert({
    vault: vault.number,
    sequence,
    record: hash.toString("hex"),
    root: record.root,
    receivedAt,
    claimedAt: record.claimedAt,
    incomplete: record.incomplete ? 1 : 0,
    files: request.counters.files,
    bytes: request.counters.bytes,
    receipt,
  });
  await stores.vaults.change(vault.number, { sequence, head: hash.toString("hex") });
  await stores.sessions.change(session.id, { state: "committed", intent: null });
  const ended = outcome(record, request);
  await stores.backups.change(session.backup, {
    ...request.counters,
    ...ended,
    endedAt: receivedAt,
    problemCount: request.problemCount,
    problems: JSON.stringify(request.problems),
    snapshot: sequence,
    flags: encodeFlags(request),
  });
  await chainBackup(domain, stores, session.backup);
  const code = ended.result;
  const said = record.incomplete
    ? { lastFailureAt: receivedAt, lastFailureCode: code }
    : { lastUpdateAt: receivedAt, lastFailureAt: null, lastFailureCode: null };
  await stores.machines.change(caller.machine.id, { ...said, lastSeenAt: receivedAt });
  await stores.accounts.recount(caller.machine.account);
  const { counters, problemCount } = request;
  const { state, message } = ended;
  await emitRun(domain, stores, session, { ...counters, state, code, message, problemCount });
  return receipt;
}

function outcome({ incomplete }: SnapshotRecord, { code, problems, problemCount }: CommitRequest) {
  if (!incomplete) return { state: "success", result: "Success", message: null } as const;
  const result = code ?? problems[0]?.code ?? "file/unreadable";
  return { state: "incomplete", result, message: `${problemCount} problems; what could be read is kept.` } as const;
}

/** The transaction failed: unless it took hold after all, the record's file goes. */
async function withdraw(
  { records, blobs, processes }: Domain,
  caller: AgentCaller,
  { candidate, session }: Checked,
): Promise<void> {
  if ((await findReceipt(records, caller, candidate)) !== undefined) return;
  // The vault's turn may be lost by now, so it is left to whoever clears up in a turn of its own.
  if (processes.isShared) return;
  await blobs.remove(candidate.name);
  await records.sessions.change(session.id, { intent: null });
}
