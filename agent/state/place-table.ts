/**
 * Small files by the keyed digest of their content: 28 bytes a file in one flat buffer with open addressing, so that a million of
 * them cost 40 to 75 MB and no garbage.
 */
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

export class PlaceTable {
  readonly #bundles: Buffer[] = [];
  #slots = Buffer.alloc(1024 * SLOT_BYTES);
  #count = 0;

  /** Everything that the state remembers. */
  static load(state: State): PlaceTable {
    const table = new PlaceTable();
    for (const bundle of state.bundles()) table.addBundle(bundle.id, bundle.files);
    return table;
  }

  /** `files`: digest, offset, length each. A digest that is known already keeps its place. */
  addBundle(id: Buffer, files: Buffer): void {
    const bundle = this.#bundles.push(id); // From 1: 0 marks a free slot.
    for (let at = 0; at < files.length; at += PACKED_FILE_BYTES) {
      if (this.#count >= (this.#slots.length / SLOT_BYTES) * FULL_SHARE) this.#grow();
      const slot = this.#find(files, at);
      if (this.#slots.readUInt32LE(slot + FILE_ID_BYTES) !== 0) continue;
      files.copy(this.#slots, slot, at, at + FILE_ID_BYTES);
      this.#slots.writeUInt32LE(bundle, slot + FILE_ID_BYTES);
      files.copy(this.#slots, slot + FILE_ID_BYTES + 4, at + FILE_ID_BYTES, at + PACKED_FILE_BYTES);
      this.#count++;
    }
  }

  find(file: Buffer): Place | undefined {
    const slot = this.#find(file, 0);
    const chunk = this.#bundles[this.#slots.readUInt32LE(slot + FILE_ID_BYTES) - 1];
    return (
      chunk && {
        chunk,
        offset: this.#slots.readUInt32LE(slot + FILE_ID_BYTES + 4),
        length: this.#slots.readUInt32LE(slot + FILE_ID_BYTES + 8),
      }
    );
  }

  /** The slot that holds the digest at `at` of `source`, or the free one where it belongs. */
  #find(source: Buffer, at: number): number {
    const count = this.#slots.length / SLOT_BYTES;
    // Digests are evenly spread already.
    for (let index = source.readUInt32LE(at) % count; ; index = (index + 1) % count) {
      const slot = index * SLOT_BYTES;
      if (this.#slots.readUInt32LE(slot + FILE_ID_BYTES) === 0) return slot;
      if (this.#slots.compare(source, at, at + FILE_ID_BYTES, slot, slot + FILE_ID_BYTES) === 0) return slot;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = Buffer.alloc(old.length * 2);
    for (let slot = 0; slot < old.length; slot += SLOT_BYTES) {
      if (old.readUInt32LE(slot + FILE_ID_BYTES) === 0) continue;
      old.copy(this.#slots, this.#find(old, slot), slot, slot + SLOT_BYTES);
    }
  }
}
