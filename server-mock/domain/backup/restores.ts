/** Restore sessions: the only way to a vault's secret and bytes, for a person, for a while, audited. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type {
  LocateResponse,
  OpenRestoreResponse,
  ReleasedWrap,
  RestoreProgress,
} from "../../../protocol/messages/restores.ts";
import { type ByteRange, packName, recordName } from "../../blobs/blobs.ts";
import type { WritePiece } from "../../blobs/pour.ts";
import type { RecordStores } from "../../records/records.ts";
import type { MachineRow, RestoreRow, VaultRow } from "../../records/rows.ts";
import { actorOf, getMachine, requireCapability } from "../access/access.ts";
import type { ConsoleCaller, RestoreCaller } from "../access/callers.ts";
import { giveToken, RESTORE_MS } from "../access/tokens.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { effectiveForMachine } from "../policies/effective.ts";
import { audit } from "../records/audit.ts";
import { chainRestore } from "../records/record-chain.ts";
import { instant, wrapOf } from "../views.ts";

export interface RestoreOrder {
  readonly machine: string;
  readonly source: RestoreRow["source"];
  readonly purpose: string;
  readonly filesRequested?: number | undefined;
  /** Of a restore that was ordered on this machine: its row goes on. */
  readonly order?: string | undefined;
}

export async function openRestore(
  domain: Domain,
  caller: ConsoleCaller,
  order: RestoreOrder,
  address: string,
): Promise<OpenRestoreResponse> {
  const { clock } = domain;
  const { machine, vault } = await checkMayRestore(domain, caller, order);
  const wrap = await releaseWrap(domain, vault);
  const expiresAt = clock.now() + RESTORE_MS;
  const fresh = newRestore(domain, machine, { order, by: caller.account.login, expiresAt });
  const id = order.order ?? fresh.id;
  // The audit row stands before the secret leaves.
  const token = await domain.records.transaction(async (stores) => {
    if (order.order === undefined) await stores.restores.insert(fresh);
    else await takeOrder(stores, { id, machine: machine.id, expiresAt });
    const act = { ...actorOf(caller, address), organization: machine.organization, account: machine.account };
    const detail = `${releasedAs(wrap)}, for ${order.purpose}, from ${order.source}`;
    await audit(domain, stores, { ...act, action: "restores/open", subject: machine.name, detail });
    const { source, purpose } = order;
    const told = { restore: id, by: caller.account.login, source, purpose };
    await emit(domain, stores, { ...eventOf(machine), kind: "restore.requested", detail: told });
    const owner = { account: caller.account.id, machine: machine.id, restore: id };
    return await giveToken(domain, stores, { audience: "restore", ...owner, expiresAt });
  });
  return {
    restore: id,
    token,
    expiresAt: instant(expiresAt),
    machine: machine.id,
    vault: {
      id: vault.id,
      epoch: vault.epoch,
      readKey: Buffer.from(vault.readKey).toString("base64"),
      wrapVersion: vault.wrapVersion,
    },
    wrap,
  };
}

/** What these are for outlasts the right to restore. */
const OWN_ONLY: readonly string[] = ["recovery-kit", "change-key"];

/** Throws `machine/missing`, `role/not-allowed`, `restore/web-off`. */
export async function checkMayRestore(
  { records }: Domain,
  caller: ConsoleCaller,
  order: Pick<RestoreOrder, "machine" | "source"> & { readonly purpose?: string },
): Promise<{ machine: MachineRow; vault: VaultRow }> {
  const found = await getMachine(records, caller, order.machine);
  if (found.machine.account !== caller.account.id) {
    requireCapability(caller, "restores.create");
    if (OWN_ONLY.includes(order.purpose ?? ""))
      throw new HoldfastError("role/not-allowed", { action: "change keys of somebody else's machine" });
  }
  // Whoever acts in another's name sees names of machines, never what is in their backups.
  if (caller.actor !== undefined) throw new HoldfastError("role/not-allowed", { action: "restore in another's name" });
  if (order.source === "web" && !(await effectiveForMachine(records, found.machine)).webRestore.value)
    throw new HoldfastError("restore/web-off");
  return found;
}

/** Whoever was stopped may begin again. Throws `restore/missing` and `restore/order-begun`. */
async function takeOrder(
  stores: RecordStores,
  { id, machine, expiresAt }: { id: string; machine: string; expiresAt: number },
): Promise<void> {
  const order = await stores.webRestores.find(id);
  const row = await stores.restores.find(id);
  if (row === undefined || order?.kind !== "order" || row.machine !== machine)
    throw new HoldfastError("restore/missing");
  if (row.status !== "ordered" && row.status !== "running") throw new HoldfastError("restore/order-begun");
  await stores.restores.change(id, { status: "running", expiresAt });
  // Whatever its agent has begun unasked goes on by hand.
  await stores.webRestores.change(id, { note: null });
}

export const eventOf = ({ id, organization, account }: MachineRow) => ({ organization, machine: id, account });

/** The vault secret, as far as the service has it; whoever calls has seen that this person may read the vault, and audits it. */
export async function releaseWrap({ keys }: Domain, vault: VaultRow): Promise<ReleasedWrap> {
  const wrap = wrapOf(vault);
  if (wrap.kind !== "default") return wrap;
  return { kind: "released", secret: (await keys.openWrap(wrap, vault)).toString("base64") };
}

/** For the audit. */
export function releasedAs({ kind }: ReleasedWrap): string {
  switch (kind) {
    case "released":
      return "default key released";
    case "corporate":
      return "recovery key needed";
    default:
      return "passphrase needed";
  }
}

export function newRestore(
  domain: Domain,
  machine: MachineRow,
  { order, by, expiresAt }: { order: Omit<RestoreOrder, "machine">; by: string; expiresAt: number },
): RestoreRow {
  return {
    id: domain.newId(),
    organization: machine.organization,
    machine: machine.id,
    requestedBy: by,
    source: order.source,
    purpose: order.purpose,
    requestedAt: domain.clock.now(),
    finishedAt: null,
    expiresAt,
    filesRequested: order.filesRequested ?? null,
    filesRetrieved: 0,
    bytes: 0,
    status: "running",
    code: null,
  };
}

/** Each pack once, chunks in the order asked; null for what is not in a committed pack, or no longer in its file. */
export async function locate(
  { records, blobs }: Domain,
  caller: RestoreCaller,
  ids: readonly string[],
): Promise<LocateResponse> {
  const wanted = [...new Set(ids)].map((id) => Buffer.from(id, "hex"));
  const places = await records.chunks.locate(caller.vault.number, wanted);
  const packIds = new Map(places.map(({ pack, packId }) => [pack, Buffer.from(packId).toString("hex")]));
  const sizes = new Map<number, number>();
  for (const [pack, id] of packIds) sizes.set(pack, (await blobs.find(packName(caller.vault.id, id)))?.sizeBytes ?? 0);
  const packs: LocateResponse["packs"] = [];
  const indexOf = new Map<number, number>();
  const found = new Map<string, [number, number, number, number]>();
  for (const place of places) {
    if (place.offset + place.length > (sizes.get(place.pack) ?? 0)) continue;
    const index = indexOf.get(place.pack) ?? packs.length;
    if (!indexOf.has(place.pack)) {
      indexOf.set(place.pack, index);
      packs.push({ id: packIds.get(place.pack) ?? "", sessions: encapsulatedKeys(place.sessions) });
    }
    found.set(Buffer.from(place.id).toString("hex"), [index, place.offset, place.length, place.session]);
  }
  return { packs, chunks: ids.map((id) => found.get(id) ?? null) };
}

function encapsulatedKeys(sessions: Uint8Array): string[] {
  const bytes = Buffer.from(sessions);
  return Array.from({ length: bytes.length / 32 }, (_, index) =>
    bytes.subarray(index * 32, index * 32 + 32).toString("base64"),
  );
}

export async function progressRestore(
  domain: Domain,
  caller: Pick<RestoreCaller, "restore" | "machine">,
  report: RestoreProgress,
): Promise<void> {
  const { filesRequested, filesRetrieved, bytes, status, code } = report;
  const finishedAt = status === "running" ? null : domain.clock.now();
  const columns = { filesRequested, filesRetrieved, bytes, status, code: code ?? null, finishedAt };
  await domain.records.transaction(async (stores) => {
    // What has ended is told and chained: a report that comes late, or twice, changes nothing.
    if ((await stores.restores.find(caller.restore.id))?.finishedAt !== null) return;
    await stores.restores.change(caller.restore.id, columns);
    if (finishedAt === null) return;
    await chainRestore(domain, stores, caller.restore.id);
    const told = { restore: caller.restore.id, by: caller.restore.requestedBy, status, filesRetrieved, bytes };
    await emit(domain, stores, { ...eventOf(caller.machine), kind: "restore.finished", detail: told });
  });
}

/** The record's bytes as they were committed. Throws `snapshot/missing`. */
export async function readSnapshot(
  { records, blobs }: Domain,
  { vault }: RestoreCaller,
  sequence: number,
): Promise<Buffer> {
  const snapshot = await records.snapshots.find(vault.number, sequence);
  const name = snapshot === undefined ? undefined : recordName(vault.id, sequence, snapshot.record);
  if (name === undefined || (await blobs.find(name)) === undefined)
    throw new HoldfastError("snapshot/missing", { snapshot: sequence });
  return await blobs.get(name);
}

export interface ReadablePack {
  readonly sizeBytes: number;
  /** Throws `pack/corrupt` when its file is shorter than that; what is left of it can still be read. */
  pour(range: ByteRange, write: WritePiece): Promise<void>;
}

/** A committed pack of the vault. Throws `pack/missing`, also when its file was lost. */
export async function readPack(
  { records, blobs }: Domain,
  { vault }: RestoreCaller,
  pack: string,
): Promise<ReadablePack> {
  const row = await records.packs.find(vault.number, Buffer.from(pack, "hex"));
  const name = packName(vault.id, pack);
  // Who located a chunk before a collection moved it still finds it where it was.
  const isReadable = row !== undefined && row.state !== "staged";
  const file = isReadable ? await blobs.find(name) : undefined;
  if (row === undefined || file === undefined) throw new HoldfastError("pack/missing", { pack });
  return {
    sizeBytes: row.sizeBytes,
    async pour(range, write) {
      if (range.end > file.sizeBytes)
        throw new HoldfastError("pack/corrupt", { pack, reason: "its file is shorter than what was stored" });
      await blobs.pour(name, range, write);
    },
  };
}
