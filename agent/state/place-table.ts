/**
 * Small files by the keyed digest of their content: 28 bytes a file in flat buffers with open addressing, so that a million of them cost 40 to
 * 60 MB and no garbage. In parts, because a table that grows is there twice for a moment.
 */
import { bug } from "../../protocol/errors.ts";
import type { State } from "./state.ts";

/** Where a small file's content lies: bytes of a bundle. */
export interface Place {
  readonly chunk: Buffer;
  readonly offset: number;
  readonly length: number;
}

export const FILE_ID_BYTES = 16;
export const PACKED_FILE_BYTES = FILE_ID_BYTES + 8;
const SLOT_BYTES = FILE_ID_BYTES + 12;
const FULL_SHARE = 0.75;
const GROWTH = 1.5;

const PARTS = 64;

export class PlaceTable {
  readonly #bundles: Buffer[] = [];
  readonly #parts = Array.from({ length: PARTS }, () => new Slots());

  /** Everything that the state remembers. */
  static load(state: State): PlaceTable {
    const table = new PlaceTable();
    for (const bundle of state.bundles()) table.addBundle(bundle.id, bundle.files);
    return table;
  }

  /** `files`: digest, offset, length each. A digest that is known already keeps its place. */
  addBundle(id: Buffer, files: Buffer): void {
    const bundle = this.#bundles.push(id); // From 1: 0 marks a free slot.
    for (let at = 0; at < files.length; at += PACKED_FILE_BYTES) this.#partOf(files, at).add(files, at, bundle);
  }

  find(file: Buffer): Place | undefined {
    const found = this.#partOf(file, 0).find(file);
    const chunk = found && this.#bundles[found.bundle - 1];
    return chunk && { chunk, offset: found.offset, length: found.length };
  }

  #partOf(files: Buffer, at: number): Slots {
    return this.#parts[(files[at + FILE_ID_BYTES - 1] ?? 0) % PARTS] ?? bug("a digest has no part");
  }
}

class Slots {
  #bytes = Buffer.alloc(16 * SLOT_BYTES);
  #count = 0;

  add(files: Buffer, at: number, bundle: number): void {
    if (this.#count >= (this.#bytes.length / SLOT_BYTES) * FULL_SHARE) this.#grow();
    const slot = this.#find(files, at);
    if (this.#bytes.readUInt32LE(slot + FILE_ID_BYTES) !== 0) return;
    files.copy(this.#bytes, slot, at, at + FILE_ID_BYTES);
    this.#bytes.writeUInt32LE(bundle, slot + FILE_ID_BYTES);
    files.copy(this.#bytes, slot + FILE_ID_BYTES + 4, at + FILE_ID_BYTES, at + PACKED_FILE_BYTES);
    this.#count++;
  }

  find(file: Buffer): { bundle: number; offset: number; length: number } | undefined {
    const slot = this.#find(file, 0);
    const value = (at: number) => this.#bytes.readUInt32LE(slot + FILE_ID_BYTES + at);
    const bundle = value(0);
    return bundle === 0 ? undefined : { bundle, offset: value(4), length: value(8) };
  }

  /** The slot that holds the digest at `at` of `source`, or the free one where it belongs. */
  #find(source: Buffer, at: number): number {
    const count = this.#bytes.length / SLOT_BYTES;
    // Digests are evenly spread already.
    for (let index = source.readUInt32LE(at) % count; ; index = (index + 1) % count) {
      const slot = index * SLOT_BYTES;
      if (this.#bytes.readUInt32LE(slot + FILE_ID_BYTES) === 0) return slot;
      if (this.#bytes.compare(source, at, at + FILE_ID_BYTES, slot, slot + FILE_ID_BYTES) === 0) return slot;
    }
  }

  #grow(): void {
    const old = this.#bytes;
    this.#bytes = Buffer.alloc(Math.ceil((old.length / SLOT_BYTES) * GROWTH) * SLOT_BYTES);
    for (let slot = 0; slot < old.length; slot += SLOT_BYTES) {
      if (old.readUInt32LE(slot + FILE_ID_BYTES) === 0) continue;
      old.copy(this.#bytes, this.#find(old, slot), slot, slot + SLOT_BYTES);
    }
  }
}
