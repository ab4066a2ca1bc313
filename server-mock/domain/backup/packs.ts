/**
 * Packs come in (docs/protocol.md §One backup 3). Order is safety: room is promised before a byte is read, the file is checked and durable
 * before its rows exist, and the rows exist before the agent hears of it.
 */
import type { Readable } from "node:stream";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { PackResponse } from "../../../protocol/messages/sessions.ts";
import { decodePackFrame, type PackFrame } from "../../../protocol/pack-format.ts";
import { packName, type ReadBytes } from "../../blobs/blobs.ts";
import type { PackRow, SessionRow } from "../../records/rows.ts";
import type { AgentCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { quotaTurn, reserve } from "./quota.ts";
import { removeWithRows } from "./remove-blob.ts";
import { getOpenSession, renewLease } from "./sessions.ts";

export interface PackUpload {
  readonly session: string;
  /** 64 hexadecimal digits. */
  readonly pack: string;
  readonly source: Readable;
  readonly sizeBytes: number;
}

export async function putPack(domain: Domain, caller: AgentCaller, upload: PackUpload): Promise<PackResponse> {
  // One upload of a pack at a time: a repeat finds what the first one did.
  return await domain.inTurn(`pack/${upload.pack}`, async () => {
    const { records } = domain;
    const session = await getOpenSession(domain, records, caller, upload);
    const known = await records.packs.find(caller.vault.number, Buffer.from(upload.pack, "hex"));
    if (known?.state === "damaged" || known?.state === "trash") await giveWay(domain, caller, known);
    else if (known !== undefined) {
      await renewLease(domain, records, session);
      return { bytes: known.sizeBytes, known: true };
    }
    const name = packName(caller.vault.id, upload.pack);
    const reservation = await reserve(domain, caller.machine, upload.sizeBytes, name);
    try {
      const frame = await store(domain, caller, upload, name);
      await addRows(domain, caller, { session, upload, frame, reservation });
    } catch (error) {
      // When even this fails, the next start or another process clears what stays.
      await forget(domain, caller, { upload, name, reservation }).catch(() => undefined);
      throw error;
    }
    await checkStillOpen(domain, caller, upload);
    return { bytes: upload.sizeBytes, known: false };
  });
}

/** What was damaged or thrown away makes room for the same bytes, whole. */
async function giveWay(domain: Domain, { vault, machine }: AgentCaller, pack: PackRow): Promise<void> {
  const blob = packName(vault.id, Buffer.from(pack.id).toString("hex"));
  await removeWithRows(domain, { machine: machine.id, blob }, async (stores) => {
    await stores.packs.remove(pack.number);
    if (pack.state === "damaged") await stores.quota.charge(machine.id, -pack.sizeBytes);
    return true;
  });
}

async function store({ blobs }: Domain, caller: AgentCaller, upload: PackUpload, name: string): Promise<PackFrame> {
  const seen: { frame?: PackFrame } = {};
  const inspect = (read: ReadBytes) => {
    const frame = decodePackFrame(upload.sizeBytes, read);
    if (frame.vault.toString("hex") !== caller.vault.id)
      throw new HoldfastError("format/malformed", { structure: "pack", reason: "it belongs to another vault" });
    seen.frame = frame;
  };
  const { source, sizeBytes, pack } = upload;
  await blobs.put({ name, source, sizeBytes, digest: Buffer.from(pack, "hex"), inspect });
  if (seen.frame === undefined) throw new HoldfastError("bug/invariant", { reason: "a pack was not inspected" });
  return seen.frame;
}

/** Also for a session that was fenced meanwhile: what is whole and durable belongs to the next one. */
async function addRows(
  domain: Domain,
  caller: AgentCaller,
  added: { session: SessionRow; upload: PackUpload; frame: PackFrame; reservation: string },
): Promise<void> {
  const { upload, frame } = added;
  await domain.records.transaction(async (stores) => {
    const row = {
      vault: caller.vault.number,
      id: Buffer.from(upload.pack, "hex"),
      sizeBytes: upload.sizeBytes,
      kind: frame.kind,
      state: "staged" as const,
      sessions: Buffer.concat(frame.sessions),
      receivedAt: domain.clock.now(),
    };
    const inserted = await stores.packs.insert(row, frame.chunks);
    // Without the promise the file may be gone: this process was silent for so long that others have cleared up after it.
    if (!(await stores.quota.release(added.reservation)))
      throw new HoldfastError("service/busy", { what: "this pack" });
    if (inserted !== undefined) await stores.quota.charge(caller.machine.id, upload.sizeBytes);
    const session = await stores.sessions.find(added.session.id);
    if (session?.state === "open") await renewLease(domain, stores, session);
  }, quotaTurn(caller.machine));
}

/** After a failure: no row, so no file and no promise. */
async function forget(
  { records, blobs }: Domain,
  caller: AgentCaller,
  failed: { upload: PackUpload; name: string; reservation: string },
): Promise<void> {
  const kept = await records.packs.find(caller.vault.number, Buffer.from(failed.upload.pack, "hex"));
  if (kept === undefined && (await records.quota.isHeld(failed.reservation))) await blobs.remove(failed.name);
  await records.quota.release(failed.reservation);
}

async function checkStillOpen(domain: Domain, caller: AgentCaller, upload: PackUpload): Promise<void> {
  await getOpenSession(domain, domain.records, caller, upload);
}
