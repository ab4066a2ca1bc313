/**
 * A vault that is open for reading. Nothing the service says is believed: a snapshot counts when its record has the hash
 * that the list names, is signed by a machine key that the vault secret vouches for, and follows its neighbour.
 */
import type { Clock } from "../../base/clock.ts";
import { equalSecrets } from "../../base/digest.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import type { RestoreProgress } from "../../protocol/messages/restores.ts";
import {
  decodeSnapshotRecord,
  isSigned,
  NO_RECORD,
  recordHash,
  type SnapshotRecord,
} from "../../protocol/snapshot-record.ts";
import { makeChunkNamer } from "../chunk/chunk-id.ts";
import { signerProof, type VaultKeys } from "../keys/vault-keys.ts";
import type { RestoreRemote } from "../remote/remote.ts";
import { CatalogReader } from "./catalog-reader.ts";
import { ChunkSource } from "./chunk-source.ts";
import { makeOpener } from "./open-job.ts";
import { PageReader } from "./page-reader.ts";
import { patiently } from "./patiently.ts";
import { readSessionKey } from "./seal-session.ts";
import { decodeSnapshotBody, type SnapshotBody } from "./snapshot-body.ts";

/** `instant`: the latest at or before it by the service's receive time, in milliseconds since 1970. */
export type SnapshotChoice =
  | { readonly kind: "latest" }
  | { readonly kind: "sequence"; readonly sequence: number }
  | { readonly kind: "instant"; readonly instant: number };

export interface Snapshot {
  readonly view: SnapshotView;
  readonly record: SnapshotRecord;
  readonly body: SnapshotBody;
  readonly catalog: CatalogReader;
}

/** A snapshot that this machine has a receipt for. */
export interface KnownSnapshot {
  readonly sequence: number;
  /** Record hash. */
  readonly record: Buffer;
}

export interface VaultParts {
  readonly remote: RestoreRemote;
  readonly keys: VaultKeys;
  /** Hexadecimal id. */
  readonly machine: string;
  readonly clock: Clock;
  /** The history must hold it: `vault/rolled-back` if not. */
  readonly known?: KnownSnapshot | undefined;
  /** What the first record follows: the id of a local copy (format §9.4); absent: nothing. */
  readonly origin?: Buffer | undefined;
  /** What the service's record says when nobody reported how it ended. */
  readonly endStatus: "completed" | "cancelled";
  /** Of encoded pages that are remembered; see `PageReader`. */
  readonly pagesBytesMax?: number | undefined;
  /** Logs out. */
  readonly close: () => Promise<void>;
}

export class Vault implements AsyncDisposable {
  readonly machine: string;
  readonly keys: VaultKeys;
  readonly clock: Clock;
  readonly chunks: ChunkSource;
  readonly pages: PageReader;
  readonly #parts: VaultParts;
  #views: Promise<readonly SnapshotView[]> | undefined;
  #isReported = false;

  constructor(parts: VaultParts) {
    this.#parts = parts;
    this.machine = parts.machine;
    this.keys = parts.keys;
    this.clock = parts.clock;
    this.chunks = new ChunkSource(parts);
    this.pages = new PageReader(this.chunks, parts.pagesBytesMax);
  }

  /** Newest first, as they were when first asked for. Throws `vault/rolled-back`. */
  async snapshots(): Promise<readonly SnapshotView[]> {
    return (await this.history()).filter(({ pruned }) => !pruned);
  }

  /** Also what retention has dropped: its records still hold the chain together. */
  async history(): Promise<readonly SnapshotView[]> {
    this.#views ??= this.#list();
    return await this.#views;
  }

  /** Throws `snapshot/missing` and `snapshot/none-then`. */
  async findSnapshot(choice: SnapshotChoice): Promise<SnapshotView> {
    const views = await this.snapshots();
    switch (choice.kind) {
      case "latest":
        return views[0] ?? noneThen(this.clock.now());
      case "sequence": {
        const view = views.find(({ sequence }) => sequence === choice.sequence);
        if (!view) throw new HoldfastError("snapshot/missing", { snapshot: choice.sequence });
        return view;
      }
      case "instant":
        return views.find(({ receivedAt }) => Date.parse(receivedAt) <= choice.instant) ?? noneThen(choice.instant);
    }
  }

  /** Throws `snapshot/missing`, and `snapshot/corrupt` for whatever does not fit. */
  async openSnapshot(sequence: number): Promise<Snapshot> {
    const view = await this.findSnapshot({ kind: "sequence", sequence });
    return await this.#withRecord(view, async (record) => {
      return { view, record, body: await this.#openBody(record), catalog: new CatalogReader(this.pages, record.root) };
    });
  }

  /** That the record of a dropped snapshot is what the chain says. Throws as `openSnapshot` does. */
  async checkDropped(view: SnapshotView): Promise<void> {
    await this.#withRecord(view, async () => undefined);
  }

  async #withRecord<T>(view: SnapshotView, work: (record: SnapshotRecord) => Promise<T>): Promise<T> {
    const { sequence } = view;
    const fetch = () => this.#parts.remote.snapshotRecord(sequence);
    const bytes = await patiently(this.clock, undefined, fetch);
    try {
      return await work(this.#checked(bytes, view, await this.history()));
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.code === "snapshot/corrupt") throw error;
      throw new HoldfastError("snapshot/corrupt", { snapshot: sequence, reason: error.message }, { cause: error });
    }
  }

  /** Live numbers for the service's restore record. That they arrive is not what a restore depends on. */
  async report(progress: RestoreProgress): Promise<void> {
    if (this.#isReported) return;
    this.#isReported = progress.status !== "running";
    await this.#parts.remote.progress(progress).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { endStatus, close } = this.#parts;
    await this.report({ filesRequested: 0, filesRetrieved: 0, bytes: 0, status: endStatus });
    await close();
  }

  async #list(): Promise<readonly SnapshotView[]> {
    const views = await patiently(this.clock, undefined, () => Array.fromAsync(this.#parts.remote.snapshots("all")));
    views.sort((a, b) => b.sequence - a.sequence);
    const { known } = this.#parts;
    if (!known) return views;
    const shown = views.find(({ sequence }) => sequence === known.sequence);
    if (shown?.record === known.record.toString("hex")) return views;
    throw new HoldfastError("vault/rolled-back", { shown: views[0]?.sequence ?? 0, known: known.sequence });
  }

  #checked(bytes: Buffer, view: SnapshotView, views: readonly SnapshotView[]): SnapshotRecord {
    const corrupt = (reason: string): never => {
      throw new HoldfastError("snapshot/corrupt", { snapshot: view.sequence, reason });
    };
    if (recordHash(bytes).toString("hex") !== view.record) corrupt("its record is another one than the list names");
    const record = decodeSnapshotRecord(bytes);
    if (!record.vault.equals(this.keys.vault)) corrupt("it belongs to another vault");
    if (record.machine.toString("hex") !== this.machine) corrupt("it belongs to another machine");
    if (record.sequence !== view.sequence) corrupt("it has another number");
    if (!isSigned(bytes, record)) corrupt("its signature is wrong");
    if (!equalSecrets(signerProof(this.keys, record.signer), record.signerProof))
      corrupt("it is signed by a key that this vault does not vouch for");
    const before = views.find(({ sequence }) => sequence === record.sequence - 1);
    const previous = record.previous.toString("hex");
    if (before && before.record !== previous) corrupt("it does not follow the snapshot before it");
    if (record.sequence === 1 && previous !== (this.#parts.origin?.toString("hex") ?? NO_RECORD))
      corrupt("it is the first one and yet follows another");
    return record;
  }

  async #openBody(record: SnapshotRecord): Promise<SnapshotBody> {
    const key = await readSessionKey({ ...this.keys, epoch: record.epoch }, record.enc);
    const open = makeOpener(this.keys.vault, makeChunkNamer(this.keys.idKey));
    const id = record.body.subarray(20, 52);
    return decodeSnapshotBody(open({ kind: "body", id, sealed: record.body, enc: record.enc, key }));
  }
}

function noneThen(instant: number): never {
  throw new HoldfastError("snapshot/none-then", { date: new Date(instant).toISOString() });
}
