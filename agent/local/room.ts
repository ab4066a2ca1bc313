/**
 * Room in a local copy: the cap and the disk's free space, reserved before a byte is written. When it runs short the oldest snapshots go, as many
 * as are needed and never the newest whole one; a cap is never exceeded.
 */
import { stat, statfs } from "node:fs/promises";
import { HoldfastError } from "../../protocol/errors.ts";
import { isAbsent, onDisk } from "./disk-errors.ts";
import type { OpenCopy } from "./open-copy.ts";
import { collect, kept, type PruneOptions, prune } from "./prune.ts";
import { NeededPacks } from "./space.ts";

/** Of a record or note with what a file system rounds up to. */
const SMALL_FILE_BYTES = 8 * 1024;
/** For the index to grow into, its journal and the record at the end. */
const SLACK_BYTES = 2 * 1024 * 1024;
/** A full disk helps nobody else either. */
const FREE_BYTES_MIN = 16 * 1024 * 1024;

export interface RoomOptions extends PruneOptions {
  readonly capBytes: number | null;
  /** Chunks that are there no more. */
  readonly onGone: (chunks: readonly Buffer[]) => void;
}

export class Room {
  readonly #copy: OpenCopy;
  readonly #options: RoomOptions;
  #reservedBytes = 0;
  /** One after the other: two that make room at once would drop too much. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(copy: OpenCopy, options: RoomOptions) {
    this.#copy = copy;
    this.#options = options;
  }

  /** Everything in the copy, as it counts against the cap. */
  async usedBytes(): Promise<number> {
    const { index, layout } = this.#copy;
    const indexBytes = await stat(layout.index).then(
      ({ size }) => size,
      (error: unknown) => (isAbsent(error) ? 0 : Promise.reject(error)),
    );
    return index.packBytes + indexBytes + (index.snapshots().length + 2) * SMALL_FILE_BYTES;
  }

  /** What a backup may still write, the oldest snapshots given up for it. Without a cap the disk is the limit. */
  async availableBytes(): Promise<{ used: number; limit: number; available: number }> {
    const used = await onDisk(this.#copy.layout.root, () => this.usedBytes());
    const freeable = this.#copy.index.packBytes - (await this.#neededBytes());
    const { capBytes } = this.#options;
    const free = await this.#freeBytes();
    const underCap = capBytes === null ? free : capBytes - used - SLACK_BYTES;
    return { used, limit: capBytes ?? used + free, available: Math.max(0, Math.min(underCap, free) + freeable) };
  }

  /** Throws `local/full`. Dispose of it when the bytes are indexed, or not written after all. */
  async reserve(wanted: number): Promise<Disposable> {
    const before = this.#turn;
    const reserving = before.then(() => this.#makeRoom(wanted));
    this.#turn = reserving.catch(() => undefined);
    await reserving;
    return {
      [Symbol.dispose]: () => {
        this.#reservedBytes -= wanted;
      },
    };
  }

  async #makeRoom(wanted: number): Promise<void> {
    if (!(await this.#fits(wanted))) await this.#giveUpOldest(wanted);
    if (!(await this.#fits(wanted))) {
      const { layout } = this.#copy;
      const used = await this.usedBytes();
      const limit = this.#options.capBytes ?? used + (await this.#freeBytes());
      throw new HoldfastError("local/full", { path: layout.root, used, limit, wanted });
    }
    this.#reservedBytes += wanted;
  }

  async #fits(wanted: number): Promise<boolean> {
    const { capBytes } = this.#options;
    const growth = wanted + this.#reservedBytes;
    if (capBytes !== null && (await this.usedBytes()) + growth + SLACK_BYTES > capBytes) return false;
    return growth <= (await this.#freeBytes());
  }

  /** As many as it takes, oldest first; if even all would not do, none: a cap that is too small must not cost the history. */
  async #giveUpOldest(wanted: number): Promise<void> {
    const short = await this.#shortBytes(wanted);
    const snapshots = kept(this.#copy);
    const packs = this.#copy.index.packBytes;
    const needed = new NeededPacks(this.#copy.index);
    const mustStay = new Set([snapshots[0], snapshots.find(({ incomplete }) => !incomplete)]);
    for (const snapshot of snapshots) if (mustStay.has(snapshot)) await needed.add(snapshot);
    if (packs - needed.bytes < short) return;
    const dropped: number[] = [];
    for (const snapshot of snapshots) {
      if (dropped.length === 0) await needed.add(snapshot);
      // From the first one on that does not fit, all older ones go: a history without holes is easier to understand.
      if (!mustStay.has(snapshot) && (dropped.length > 0 || packs - needed.bytes < short))
        dropped.push(snapshot.sequence);
    }
    await prune(this.#copy, dropped, this.#options);
    this.#options.onGone(await collect(this.#copy));
  }

  async #shortBytes(wanted: number): Promise<number> {
    const { capBytes } = this.#options;
    const growth = wanted + this.#reservedBytes;
    const overCap = capBytes === null ? 0 : (await this.usedBytes()) + growth + SLACK_BYTES - capBytes;
    return Math.max(overCap, growth - (await this.#freeBytes()));
  }

  /** Of the newest snapshots, and of what was sent and not committed. */
  async #neededBytes(): Promise<number> {
    const snapshots = kept(this.#copy);
    const needed = new NeededPacks(this.#copy.index);
    for (const each of new Set([snapshots[0], snapshots.find(({ incomplete }) => !incomplete)]))
      if (each) await needed.add(each);
    return needed.bytes;
  }

  async #freeBytes(): Promise<number> {
    const { root } = this.#copy.layout;
    const { bavail, bsize } = await onDisk(root, () => statfs(root));
    return bavail * bsize - FREE_BYTES_MIN;
  }
}
