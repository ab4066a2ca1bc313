/**
 * A local copy as a backup sees it: what the service does for its history, this does in a folder. A pack is durable before the index knows it, the
 * record is durable before anybody is told, and the record's file is the moment that counts.
 */
import { sha256 } from "../../base/digest.ts";
import type { SigningKey } from "../../base/signing.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { LEASE_MS, MISSING_IDS_MAX } from "../../protocol/limits.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import type { CommitRequest, OpenResponse } from "../../protocol/messages/sessions.ts";
import { decodePackFrame } from "../../protocol/pack-format.ts";
import { encodeReceipt } from "../../protocol/receipt.ts";
import { decodeSnapshotRecord, isSigned, recordHash, type SnapshotRecord } from "../../protocol/snapshot-record.ts";
import type { HistoryRemote } from "../remote/history-remote.ts";
import { findCard } from "./copy-card.ts";
import { putPackFile, putRecordFile, removePackFiles } from "./copy-files.ts";
import type { IndexedSnapshot } from "./copy-index.ts";
import { diskError } from "./disk-errors.ts";
import type { OpenCopy } from "./open-copy.ts";
import { kept, sweep } from "./prune.ts";
import { Room, type RoomOptions } from "./room.ts";

/** A folder has one writer, held by the run's lock; its sessions need no other name. */
const SESSION = "00000000-0000-4000-8000-000000000000";

export interface FolderRemoteOptions extends Omit<RoomOptions, "sign"> {
  /** The machine key: nobody else is there to sign receipts and notes. */
  readonly signer: SigningKey;
}

export function folderRemote(copy: OpenCopy, options: FolderRemoteOptions): HistoryRemote {
  const remote = new FolderRemote(copy, options);
  return {
    openSession: () => remote.openSession(),
    chunkIds: (_session, scope) => remote.chunkIds(scope),
    putPack: (_session, pack, bytes) => remote.putPack(pack, bytes),
    progress: async () => undefined,
    commit: (_session, request) => remote.commit(request),
    end: async () => undefined,
    snapshots: (which = "kept") => listed(copy.index.snapshots(), which),
  };
}

/** Newest first. */
export async function* listed(
  snapshots: readonly IndexedSnapshot[],
  which: "kept" | "all",
): AsyncGenerator<SnapshotView> {
  for (const snapshot of snapshots.toReversed()) if (which === "all" || !snapshot.pruned) yield viewOf(snapshot);
}

function viewOf({ sequence, record, claimedAt, incomplete, files, bytes, pruned }: IndexedSnapshot): SnapshotView {
  const date = new Date(claimedAt);
  const at = (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString();
  const said = { sequence, record: record.toString("hex"), receivedAt: at, claimedAt: at, incomplete, files, bytes };
  return pruned ? { ...said, pruned } : said;
}

class FolderRemote {
  readonly #copy: OpenCopy;
  readonly #options: FolderRemoteOptions;
  readonly #room: Room;

  constructor(copy: OpenCopy, options: FolderRemoteOptions) {
    this.#copy = copy;
    this.#options = options;
    this.#room = new Room(copy, { ...options, sign: (message) => options.signer.sign(message) });
  }

  async openSession(): Promise<OpenResponse> {
    const { index, card } = this.#copy;
    this.#options.onGone(await sweep(this.#copy));
    await this.#forgetCutRuns();
    const last = index.snapshots().at(-1);
    const staged = index.packs().filter(({ state }) => state === "staged");
    const { used, limit, available } = await this.#room.availableBytes();
    return {
      session: SESSION,
      fence: 1,
      leaseSeconds: LEASE_MS / 1000,
      sequence: (last?.sequence ?? 0) + 1,
      previous: last?.record.toString("hex") ?? card.copy,
      staged: { packs: staged.length, bytes: staged.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) },
      quota: { usedBytes: used, limitBytes: limit, availableBytes: available, state: "below" },
      losses: index.losses,
    };
  }

  /**
   * What runs that were cut have sent belongs to the next one, but not if it takes more room than is left: what changed since would find none. A first
   * backup goes on where it was.
   */
  async #forgetCutRuns(): Promise<void> {
    const { index } = this.#copy;
    const staged = index.packs().filter(({ state }) => state === "staged");
    if (staged.length === 0 || kept(this.#copy).length === 0) return;
    const stagedBytes = staged.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (stagedBytes <= (await this.#room.availableBytes()).available) return;
    index.condemn(staged.map(({ number }) => number));
    this.#options.onGone(await sweep(this.#copy));
  }

  async *chunkIds(scope: "staged" | "all"): AsyncGenerator<Buffer> {
    yield* this.#copy.index.chunkIds(scope);
  }

  async putPack(pack: string, bytes: Buffer): Promise<{ bytes: number; known: boolean }> {
    const { index, layout } = this.#copy;
    const id = Buffer.from(pack, "hex");
    if (index.findPack(id)) return { bytes: bytes.length, known: true };
    if (!sha256(bytes).equals(id)) throw new HoldfastError("pack/corrupt", { pack, reason: "its digest is another" });
    const frame = decodePackFrame(bytes.length, (offset, length) => bytes.subarray(offset, offset + length));
    using _room = await this.#room.reserve(bytes.length);
    await putPackFile(layout, pack, bytes);
    this.#indexed(() => index.addPack(id, bytes.length, frame));
    return { bytes: bytes.length, known: false };
  }

  async commit({ record: text, counters, dropUnmet }: CommitRequest) {
    const { index, layout, card } = this.#copy;
    const bytes = Buffer.from(text, "base64");
    const record = decodeSnapshotRecord(bytes);
    const hash = recordHash(bytes);
    const machine = record.machine.toString("hex");
    const known = index.snapshots().find(({ sequence }) => sequence === record.sequence);
    if (!known?.record.equals(hash)) {
      this.#check(record, bytes);
      await this.#checkLinks(record.root, dropUnmet ?? false);
      // Another disk may have been mounted meanwhile: one history must never end in another.
      if ((await findCard(layout.card))?.copy !== card.copy)
        throw new HoldfastError("local/missing", { path: layout.root, reason: "its disk went during the backup" });
      await putRecordFile(layout, record.sequence, hash.toString("hex"), bytes);
      const { sequence, root, claimedAt, incomplete } = record;
      const { files, bytes: sizeBytes } = counters;
      const snapshot = { sequence, record: hash, root, claimedAt, incomplete, files, bytes: sizeBytes, pruned: false };
      this.#indexed(() => index.addSnapshot(snapshot));
    }
    const { vault, sequence, claimedAt } = record;
    const said = { vault, machine: record.machine, sequence, record: hash, receivedAt: claimedAt };
    const receipt = encodeReceipt(said, (message) => this.#options.signer.sign(message));
    return { receipt: receipt.toString("base64"), sequence, machine };
  }

  #check(record: SnapshotRecord, bytes: Buffer): void {
    const { index, card } = this.#copy;
    const refuse = (reason: string) => new HoldfastError("snapshot/malformed", { reason });
    if (record.vault.toString("hex") !== card.vault) throw refuse("it is of another vault");
    if (record.machine.toString("hex") !== card.machine) throw refuse("it is of another machine");
    if (!record.signer.equals(this.#options.signer.publicKey) || !isSigned(bytes, record))
      throw refuse("its signature is wrong");
    const last = index.snapshots().at(-1);
    const previous = last?.record.toString("hex") ?? card.copy;
    const sequence = (last?.sequence ?? 0) + 1;
    if (record.sequence !== sequence || record.previous.toString("hex") !== previous)
      throw new HoldfastError("snapshot/conflict", { sequence, previous });
  }

  /** Everything that new pages and lists refer to must be here, and the root. Throws `chunk/missing`. */
  async #checkLinks(root: Buffer, mayDrop: boolean): Promise<void> {
    const { index } = this.#copy;
    const missing = new Set<string>();
    const met = new Set<string>();
    const isMet = (id: Buffer) => {
      const name = id.toString("latin1");
      if (met.has(name)) return true;
      if (!index.hasChunk(id)) return false;
      met.add(name);
      return true;
    };
    if (!isMet(root)) missing.add(root.toString("hex"));
    const unmet: { readonly number: number; readonly id: Buffer }[] = [];
    for (const pack of index.packs()) {
      if (pack.state !== "staged") continue;
      const before = missing.size;
      for (const { links } of index.chunksOf(pack.number))
        for (let at = 0; at < links.length; at += 32) {
          const id = links.subarray(at, at + 32);
          if (!isMet(id)) missing.add(id.toString("hex"));
        }
      if (missing.size > before) unmet.push(pack);
    }
    if (missing.size === 0) return;
    if (mayDrop) await this.#drop(unmet);
    throw new HoldfastError("chunk/missing", { count: missing.size, missing: [...missing].slice(0, MISSING_IDS_MAX) });
  }

  /** They may never be met: the agent asks what is here, and sends what it still needs. */
  async #drop(packs: readonly { readonly number: number; readonly id: Buffer }[]): Promise<void> {
    const { index, layout } = this.#copy;
    const numbers = packs.map(({ number }) => number);
    this.#indexed(() => index.condemn(numbers));
    await removePackFiles(
      layout,
      packs.map(({ id }) => id.toString("hex")),
    );
    this.#indexed(() => index.dropPacks(numbers));
  }

  /** What SQLite says of the disk, in our words. */
  #indexed(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw diskError(error, this.#copy.layout.root);
    }
  }
}
