/**
 * A vault whose packs and records lie in memory, made by the real writers, behind a service that says what the test wants. Tests read it
 * with the real readers, and spoil `packs`, `records` and `views` as an attacker or a bad disk would.
 */

import { makeChunkNamer } from "../../agent/chunk/chunk-id.ts";
import { makeCutHash } from "../../agent/chunk/cut-hash.ts";
import { sealedBytesMax, sealInto } from "../../agent/chunk/seal.ts";
import { deriveVaultKeys, signerProof, type VaultKeys } from "../../agent/keys/vault-keys.ts";
import type { Content, Entry, Slice } from "../../agent/model/entry.ts";
import { SLICES_MAX } from "../../agent/model/entry-codec.ts";
import { putLists } from "../../agent/model/list.ts";
import type { EncodedPage } from "../../agent/model/page.ts";
import { comparePaths } from "../../agent/model/path-order.ts";
import type { RestoreRemote } from "../../agent/remote/remote.ts";
import { CatalogBuilder } from "../../agent/vault/catalog-builder.ts";
import { PackWriter, packBufferBytes } from "../../agent/vault/pack-writer.ts";
import { openSealSession } from "../../agent/vault/seal-session.ts";
import { encodeSnapshotBody } from "../../agent/vault/snapshot-body.ts";
import { type KnownSnapshot, Vault } from "../../agent/vault/vault.ts";
import type { Clock } from "../../base/clock.ts";
import { sha256 } from "../../base/digest.ts";
import { type SigningKey, signingKey } from "../../base/signing.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import type { RestoreProgress } from "../../protocol/messages/restores.ts";
import { CHUNK_TYPES, type ChunkType, decodePackFrame } from "../../protocol/pack-format.ts";
import { encodeSnapshotRecord, recordHash, type SnapshotRecord } from "../../protocol/snapshot-record.ts";
import type { EntryToStore } from "./entries-to-store.ts";

const PACK_BYTES = 3 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;
const SMALL_BYTES = 256 * 1024;
const BUNDLE_BYTES = 512 * 1024;
const NO_LINKS = Buffer.alloc(0);
const MACHINE = "0123456789abcdef0123456789abcdef";
const FIRST_AT = Date.parse("2026-11-01T12:00:00.000Z");
const DAY_MS = 24 * 3600 * 1000;

export class MemoryVault {
  readonly keys: VaultKeys = deriveVaultKeys(Buffer.alloc(32, 7), Buffer.alloc(16, 9), 1);
  readonly machine = MACHINE;
  readonly signer: SigningKey = signingKey(Buffer.alloc(32, 3));
  /** By id in hexadecimal. */
  readonly packs = new Map<string, Buffer>();
  readonly records = new Map<number, Buffer>();
  /** Oldest first. */
  readonly views: SnapshotView[] = [];
  readonly progress: RestoreProgress[] = [];
  /** What was asked of the service. */
  readonly asked = { locates: 0, ranges: 0, bytes: 0 };
  /** Called before each range is read; throw to fail. */
  onRange: (pack: string) => void = () => undefined;
  readonly #nameChunk = makeChunkNamer(this.keys.idKey);
  readonly #places = new Map<string, { pack: string; offset: number; length: number; enc: string }>();
  #bundle: { bytes: Buffer[]; length: number; files: { slices: Slice[]; offset: number; length: number }[] } =
    emptyBundle();
  #waiting: { type: ChunkType; id: Buffer; plain: Buffer; links: Buffer }[] = [];

  /** Snapshots are received a day apart, from 2026-11-01 12:00 on. `alter` changes the record before it is signed. */
  async addSnapshot(
    entries: readonly EntryToStore[],
    { alter = (record) => record }: { alter?: (record: SnapshotRecord) => SnapshotRecord } = {},
  ): Promise<number> {
    const stored = entries.map((entry) => this.#store(entry)).sort((a, b) => comparePaths(a.path, b.path));
    this.#endBundle();
    const whole = stored.map(({ finish }) => finish());
    const builder = new CatalogBuilder(
      { putPage: (page) => this.#add(CHUNK_TYPES.page, page), keepPage: () => undefined },
      makeCutHash(this.keys.splitKey),
    );
    for (const entry of whole) builder.add(entry, Buffer.alloc(16));
    const { root } = builder.finish();
    await this.#writePacks();
    return await this.#addRecord(root, whole, alter);
  }

  /** The chunks of a pack, as its directory says. */
  frame(pack: string) {
    const bytes = this.packs.get(pack) ?? Buffer.alloc(0);
    return decodePackFrame(bytes.length, (offset, length) => bytes.subarray(offset, offset + length));
  }

  packsOf(kind: 0 | 1): string[] {
    return [...this.packs.keys()].filter((pack) => this.frame(pack).kind === kind);
  }

  /** The service does not know any more where the pack's chunks were. */
  forget(pack: string): void {
    for (const [id, place] of this.#places) if (place.pack === pack) this.#places.delete(id);
    this.packs.delete(pack);
  }

  open(
    options: { keys?: VaultKeys; known?: KnownSnapshot; clock?: Clock; endStatus?: "completed" | "cancelled" } = {},
  ): Vault {
    const clock = options.clock ?? { now: () => FIRST_AT, sleep: async () => undefined };
    const { keys = this.keys, known, endStatus = "completed" } = options;
    return new Vault({
      remote: this.#remote(),
      keys,
      machine: MACHINE,
      clock,
      known,
      endStatus,
      close: async () => undefined,
    });
  }

  #remote(): RestoreRemote {
    const vault = this;
    return {
      async *snapshots(which = "kept") {
        yield* vault.views.toReversed().filter(({ pruned }) => which === "all" || !pruned);
      },
      async snapshotRecord(sequence) {
        const record = vault.records.get(sequence);
        if (!record) throw new HoldfastError("snapshot/missing", { snapshot: sequence });
        return record;
      },
      async locate(ids) {
        vault.asked.locates++;
        const places = ids.map((id) => vault.#places.get(id));
        const packs = [...new Set(places.flatMap((place) => (place ? [place.pack] : [])))];
        return {
          packs: packs.map((id) => ({ id, sessions: [vault.#encOf(id)] })),
          chunks: places
            .map((place) => place && [packs.indexOf(place.pack), place.offset, place.length, 0])
            .map((row) => row ?? null) as ([number, number, number, number] | null)[], // Four numbers each, just above.
        };
      },
      async packRange(pack, offset, length) {
        vault.asked.ranges++;
        vault.onRange(pack);
        const bytes = vault.packs.get(pack);
        if (!bytes) throw new HoldfastError("pack/missing", { pack });
        if (offset >= bytes.length) throw new HoldfastError("range/invalid");
        const range = Buffer.from(bytes.subarray(offset, offset + length));
        vault.asked.bytes += range.length;
        return range;
      },
      async progress(progress) {
        vault.progress.push(progress);
      },
    };
  }

  #encOf(pack: string): string {
    for (const place of this.#places.values()) if (place.pack === pack) return place.enc;
    return "";
  }

  /** Content of small files is known only when their bundle ends. */
  #store({ content, ...entry }: EntryToStore): { path: Buffer; finish: () => Entry } {
    if (entry.type !== "file") return { path: entry.path, finish: () => entry as Entry }; // Without content it is one.
    if (!content) return { path: entry.path, finish: () => ({ ...entry, content: { kind: "missing" } }) as Entry };
    const slices: Slice[] = [];
    const sizeBytes = content.reduce<number>((sum, part) => sum + (typeof part === "number" ? part : part.length), 0);
    for (const part of content) {
      if (typeof part === "number") slices.push({ kind: "hole", length: part });
      else if (part.length >= SMALL_BYTES) this.#addLarge(part, slices);
      else if (part.length > 0) this.#addSmall(part, slices);
    }
    return { path: entry.path, finish: () => ({ ...entry, sizeBytes, content: this.#contentOf(slices) }) as Entry };
  }

  #contentOf(slices: readonly Slice[]): Content {
    if (slices.length <= SLICES_MAX) return { kind: "slices", slices };
    return { kind: "list", list: putLists(slices, (list) => this.#add(CHUNK_TYPES.list, list)) };
  }

  #addLarge(part: Buffer, slices: Slice[]): void {
    for (let at = 0; at < part.length; at += PIECE_BYTES) {
      const plain = part.subarray(at, at + PIECE_BYTES);
      const chunk = this.#add(CHUNK_TYPES.data, { plain, links: NO_LINKS });
      slices.push({ kind: "chunk", chunk, offset: 0, length: plain.length });
    }
  }

  #addSmall(part: Buffer, slices: Slice[]): void {
    if (this.#bundle.length >= BUNDLE_BYTES) this.#endBundle();
    const at = slices.push({ kind: "hole", length: part.length }) - 1;
    const bundle = this.#bundle;
    bundle.files.push({ slices, offset: at, length: part.length });
    bundle.bytes.push(part);
    bundle.length += part.length;
  }

  #endBundle(): void {
    const { bytes, files } = this.#bundle;
    this.#bundle = emptyBundle();
    if (files.length === 0) return;
    const chunk = this.#add(CHUNK_TYPES.bundle, { plain: Buffer.concat(bytes), links: NO_LINKS });
    let offset = 0;
    for (const { slices, offset: at, length } of files) {
      slices[at] = { kind: "chunk", chunk, offset, length };
      offset += length;
    }
  }

  #add(type: ChunkType, { plain, links }: EncodedPage): Buffer {
    const id = this.#nameChunk(type, plain);
    const isKnown = this.#places.has(id.toString("hex")) || this.#waiting.some((chunk) => chunk.id.equals(id));
    if (!isKnown) this.#waiting.push({ type, id, plain: Buffer.from(plain), links });
    return id;
  }

  async #writePacks(): Promise<void> {
    const isPage = (type: ChunkType) => type === CHUNK_TYPES.page || type === CHUNK_TYPES.list;
    for (const kind of ["data", "pages"] as const) {
      let queue = this.#waiting.filter(({ type }) => isPage(type) === (kind === "pages"));
      while (queue.length > 0) {
        const session = await openSealSession(this.keys);
        const buffer = Buffer.alloc(packBufferBytes(PACK_BYTES));
        const writer = new PackWriter(buffer, { kind, targetBytes: PACK_BYTES, level: 1, session });
        while (queue[0] && writer.hasRoom(queue[0].plain.length, queue[0].links.length)) {
          writer.add(queue[0]);
          queue = queue.slice(1);
        }
        const finished = writer.finish();
        const pack = finished.id.toString("hex");
        this.packs.set(pack, Buffer.from(finished.bytes));
        const enc = session.enc.toString("base64");
        for (const { id, offset, length } of this.frame(pack).chunks)
          this.#places.set(id.toString("hex"), { pack, offset, length, enc });
      }
    }
    this.#waiting = [];
  }

  async #addRecord(
    root: Buffer,
    entries: readonly Entry[],
    alter: (record: SnapshotRecord) => SnapshotRecord,
  ): Promise<number> {
    const sequence = this.views.length + 1;
    const files = entries.filter(({ type }) => type === "file").length;
    const bytes = entries.reduce((sum, entry) => sum + (entry.type === "file" ? entry.sizeBytes : 0), 0);
    const folders = entries.filter(({ type }) => type === "folder").length;
    const roots = entries.slice(0, 1).map(({ path }) => path);
    const plain = encodeSnapshotBody({
      host: "h",
      agent: "1",
      set: "s",
      type: "Manual",
      roots,
      files,
      folders,
      bytes,
      problems: 0,
    });
    const session = await openSealSession(this.keys);
    const body = Buffer.alloc(sealedBytesMax(plain.length));
    const id = this.#nameChunk(CHUNK_TYPES.body, plain);
    const length = sealInto(body, 0, { type: CHUNK_TYPES.body, id, plain, level: 1, sessionIndex: 0 }, session);
    const before = this.records.get(sequence - 1);
    const record = alter({
      incomplete: false,
      vault: this.keys.vault,
      machine: Buffer.from(MACHINE, "hex"),
      sequence,
      previous: before ? recordHash(before) : Buffer.alloc(32),
      root,
      epoch: 1,
      claimedAt: FIRST_AT,
      signer: this.signer.publicKey,
      signerProof: signerProof(this.keys, this.signer.publicKey),
      enc: session.enc,
      body: body.subarray(0, length),
    });
    const encoded = encodeSnapshotRecord(record, (message) => this.signer.sign(message));
    const receivedAt = new Date(FIRST_AT + (sequence - 1) * DAY_MS).toISOString();
    this.records.set(sequence, encoded);
    this.views.push({
      sequence,
      record: sha256(encoded).toString("hex"),
      receivedAt,
      claimedAt: receivedAt,
      incomplete: false,
      files,
      bytes,
    });
    return sequence;
  }
}

const emptyBundle = () => ({ bytes: [], length: 0, files: [] });
