/**
 * Repacking: what is still needed of packs that are mostly dead is copied into new ones, sealed as it is (format §9.3). The new pack is durable before its
 * rows, its rows come in the transaction in which the old ones go; the old files stay in the trash for whoever is reading them.
 */
import { Readable } from "node:stream";
import { crc32, sha256, sha256Stream } from "../../../base/digest.ts";
import { PACK_SESSIONS_MAX } from "../../../protocol/limits.ts";
import {
  CHUNK_HEADER_BYTES,
  decodePackFrame,
  encodePackEnd,
  encodePackHeader,
  type PackChunk,
  packHeaderBytes,
} from "../../../protocol/pack-format.ts";
import { packName } from "../../blobs/blobs.ts";
import type { RecordStores } from "../../records/records.ts";
import type { PackRow, VaultRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { quarantinePack } from "./damage.ts";
import { read } from "./frames.ts";
import { asBuffer } from "./mark.ts";

const PACK_BYTES = 8 * 1024 * 1024;

export interface RepackReport {
  readonly packs: number;
  readonly freedBytes: number;
}

/** `undisturbed` runs a change in a transaction unless a session was opened; it answers whether it did. */
export interface RepackWork {
  readonly domain: Domain;
  readonly vault: VaultRow;
  readonly undisturbed: (change: (stores: RecordStores) => Promise<void>) => Promise<boolean>;
}

/** `packs`: of the vault, ascending, as often as asked. Holds two packs in memory. Ends early when a session is opened. */
export async function repack(work: RepackWork, packs: () => AsyncIterable<PackRow>): Promise<RepackReport> {
  const report = { packs: 0, freedBytes: 0 };
  for (const kind of [0, 1] as const) {
    let group = new NewPack(kind);
    const flush = async (): Promise<boolean> => {
      const freed = group.sources.length === 0 ? 0 : await replace(work, group);
      if (freed === undefined) return false;
      report.packs += group.sources.length;
      report.freedBytes += freed;
      group = new NewPack(kind);
      return true;
    };
    for await (const pack of packs()) {
      if (pack.kind !== kind || !(await isMostlyDead(work.domain.records, pack))) continue;
      const needed = await neededOf(work, pack);
      if (needed === undefined) continue;
      if (!group.hasRoom(needed) && !(await flush())) return report;
      group.add(pack, needed);
    }
    if (!(await flush())) return report;
  }
  return report;
}

async function isMostlyDead(stores: RecordStores, pack: PackRow): Promise<boolean> {
  if (pack.state !== "live" || pack.deadBytes === 0) return false;
  const chunks = await stores.reach.chunksOf(pack.number);
  // What is condemned may still be taken up again where it is.
  if (chunks.length === 0 || chunks.some(({ condemnedAt, lostAt }) => condemnedAt !== null || lostAt !== null))
    return false;
  return chunks.reduce((sum, { length }) => sum + length, 0) < pack.deadBytes;
}

interface NeededChunk extends PackChunk {
  readonly sealed: Buffer;
  readonly enc: Buffer;
}

/** What has a row, from the pack's own directory; undefined when the pack is not what it was. */
async function neededOf({ domain, vault }: RepackWork, pack: PackRow): Promise<readonly NeededChunk[] | undefined> {
  const { records, blobs } = domain;
  const id = asBuffer(pack.id);
  const bytes = await read(blobs, packName(vault.id, id.toString("hex")), 0, pack.sizeBytes);
  const hash = sha256Stream().update(bytes).digest();
  if (!hash.equals(id)) {
    await quarantinePack(domain, pack, "its bytes are not those that were stored");
    return undefined;
  }
  const frame = decodePackFrame(bytes.length, (offset, length) => bytes.subarray(offset, offset + length));
  const wanted = new Set((await records.reach.chunksOf(pack.number)).map((row) => asBuffer(row.id).toString("latin1")));
  const needed: NeededChunk[] = [];
  for (const chunk of frame.chunks) {
    const enc = frame.sessions[chunk.session];
    // Named twice in one directory, it is needed once.
    if (enc === undefined || !wanted.delete(chunk.id.toString("latin1"))) continue;
    const sealed = Buffer.from(bytes.subarray(chunk.offset, chunk.offset + chunk.length));
    needed.push({ ...chunk, sealed, enc });
  }
  return needed;
}

class NewPack {
  readonly kind: 0 | 1;
  readonly sources: PackRow[] = [];
  readonly chunks: NeededChunk[] = [];
  readonly #ids = new Set<string>();
  readonly #sessions = new Map<string, number>();
  #bytes = 0;

  constructor(kind: 0 | 1) {
    this.kind = kind;
  }

  hasRoom(needed: readonly NeededChunk[]): boolean {
    if (this.sources.length === 0) return true;
    const bytes = needed.reduce((sum, { length }) => sum + length, 0);
    const sessions = new Set([...this.#sessions.keys(), ...needed.map(({ enc }) => enc.toString("latin1"))]);
    return this.#bytes + bytes <= PACK_BYTES && sessions.size <= PACK_SESSIONS_MAX;
  }

  add(source: PackRow, needed: readonly NeededChunk[]): void {
    this.sources.push(source);
    for (const chunk of needed) {
      const [id, enc] = [chunk.id.toString("latin1"), chunk.enc.toString("latin1")];
      // Of two packs that have it the older one's copy stays.
      if (this.#ids.has(id)) continue;
      this.#ids.add(id);
      if (!this.#sessions.has(enc)) this.#sessions.set(enc, this.#sessions.size);
      this.chunks.push(chunk);
      this.#bytes += chunk.length;
    }
  }

  encode(vault: Buffer): { bytes: Buffer; sessions: readonly Buffer[]; placed: readonly PackChunk[] } {
    const sessions = [...this.#sessions.keys()].map((enc) => Buffer.from(enc, "latin1"));
    let offset = packHeaderBytes(sessions.length);
    const pieces = [encodePackHeader({ kind: this.kind, vault, sessions })];
    const placed: PackChunk[] = [];
    for (const { sealed, enc, id, type, length, links } of this.chunks) {
      const session = this.#sessions.get(enc.toString("latin1")) ?? 0;
      sealed.writeUInt16LE(session, 6);
      sealed.writeUInt32LE(crc32(sealed.subarray(0, CHUNK_HEADER_BYTES - 4)), CHUNK_HEADER_BYTES - 4);
      pieces.push(sealed);
      placed.push({ id, type, session, offset, length, links });
      offset += length;
    }
    pieces.push(encodePackEnd(placed, offset));
    return { bytes: Buffer.concat(pieces), sessions, placed };
  }
}

/** The bytes that became free; undefined when a session was opened and nothing was changed. */
async function replace({ domain, vault, undisturbed }: RepackWork, group: NewPack): Promise<number | undefined> {
  const { records, blobs, clock, newId } = domain;
  const { bytes, sessions, placed } = group.encode(Buffer.from(vault.id, "hex"));
  const id = sha256(bytes);
  const name = packName(vault.id, id.toString("hex"));
  // Made before, by whatever way: it is not ours to replace or to remove.
  if ((await records.packs.find(vault.number, id)) !== undefined) return 0;
  const promise = newId();
  const nobodys = { organization: "", userGroup: "", account: "", kind: "desktop", bytes: 0 } as const;
  // It names the file in case the process dies before its rows are there.
  await records.quota.reserve({ ...nobodys, id: promise, machine: vault.machine, blob: name });
  const inspect = (readBytes: (offset: number, length: number) => Uint8Array) =>
    void decodePackFrame(bytes.length, readBytes);
  await blobs.put({ name, source: Readable.from([bytes]), sizeBytes: bytes.length, digest: id, inspect });
  const freed = group.sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) - bytes.length;
  const isDone = await undisturbed(async (stores) => {
    const receivedAt = Math.min(...group.sources.map((source) => source.receivedAt));
    const row = { vault: vault.number, id, sizeBytes: bytes.length, kind: group.kind, state: "live" } as const;
    await stores.packs.insert({ ...row, sessions: Buffer.concat(sessions), receivedAt }, placed);
    for (const { number } of group.sources) {
      const gone = (await stores.reach.chunksOf(number)).map((chunk) => chunk.id);
      await stores.reach.dropChunks(number, gone);
      await stores.reach.changePack(number, { state: "trash", stateAt: clock.now() });
    }
    await stores.quota.charge(vault.machine, -freed);
    await stores.quota.release(promise);
  });
  if (isDone) return freed;
  await blobs.remove(name);
  await records.quota.release(promise);
  return undefined;
}
