/**
 * Files that moved with a folder: their inode, change time, size and modification time are what the last catalog holds under another path. That
 * is the same evidence by which a file counts as unchanged, so its content is not read again. (A file that was renamed itself has a new change
 * time: it is read, and found to be known.)
 */
import type { Found } from "../disk/found.ts";
import type { FileEntry } from "../model/entry.ts";
import { type LastCatalog, MARK_BYTES, type MarkedEntry, unlessLost } from "../state/last-catalog.ts";
import { isUnchanged } from "./mark.ts";

export interface MovedFilesOptions {
  readonly last: LastCatalog;
  /** When the last catalog's walk began (ms). What changed later can't be in it. */
  readonly scannedAt: number;
  readonly isUsable: (old: MarkedEntry) => boolean;
}

export class MovedFiles {
  readonly #options: MovedFilesOptions;
  #marks: MarkTable | undefined;

  constructor(options: MovedFilesOptions) {
    this.#options = options;
  }

  /** The first question that can't be answered by the clock alone loads all marks: about 24 bytes an entry. */
  find(found: Found): FileEntry | undefined {
    const { last, scannedAt, isUsable } = this.#options;
    if (found.type !== "file" || found.ctimeNs >= BigInt(scannedAt) * 1_000_000n) return undefined;
    this.#marks ??= new MarkTable(last);
    for (const { leaf, index } of this.#marks.find(found.ino)) {
      const old = unlessLost(() => last.entriesOf(leaf)[index]);
      if (old?.entry.type === "file" && !old.entry.changing && isUnchanged(found, old) && isUsable(old))
        return old.entry.content.kind === "missing" ? undefined : old.entry;
    }
    return undefined;
  }
}

/** All marks by inode, in a flat table with open addressing. */
class MarkTable {
  readonly #leaves: { readonly leaf: Buffer; readonly marks: Buffer; readonly from: number }[] = [];
  readonly #slots: Uint32Array;

  constructor(last: LastCatalog) {
    let count = 0;
    for (const { page, marks } of last.leaves({ mayLose: true })) {
      this.#leaves.push({ leaf: page, marks, from: count });
      count += marks.length / MARK_BYTES;
    }
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(count * 1.5 + 2)));
    for (const { marks, from } of this.#leaves)
      for (let at = 0; at < marks.length; at += MARK_BYTES) this.#put(marks, at, from + at / MARK_BYTES + 1);
  }

  *find(inode: bigint): Generator<{ readonly leaf: Buffer; readonly index: number }> {
    const wanted = Buffer.alloc(8);
    wanted.writeBigUInt64LE(BigInt.asUintN(64, inode));
    for (let slot = this.#slotOf(wanted, 0); ; slot = (slot + 1) & (this.#slots.length - 1)) {
      const number = this.#slots[slot] ?? 0;
      if (number === 0) return;
      const place = this.#leaves[this.#leafOf(number - 1)];
      if (!place) return;
      const index = number - 1 - place.from;
      if (wanted.compare(place.marks, index * MARK_BYTES, index * MARK_BYTES + 8) === 0)
        yield { leaf: place.leaf, index };
    }
  }

  #put(marks: Buffer, at: number, number: number): void {
    let slot = this.#slotOf(marks, at);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
    this.#slots[slot] = number;
  }

  #slotOf(bytes: Buffer, at: number): number {
    const mixed = Math.imul(bytes.readUInt32LE(at) ^ Math.imul(bytes.readUInt32LE(at + 4), 0x85ebca6b), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & (this.#slots.length - 1);
  }

  /** The last leaf that begins at `entry` or before. */
  #leafOf(entry: number): number {
    let [low, high] = [0, this.#leaves.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#leaves[middle]?.from ?? 0) <= entry) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
