/** A set of 32-byte ids, for millions of them: 64 to 128 bytes each, in one piece of memory. Ids are keyed hashes: evenly spread by themselves. */

const ID_BYTES = 32;
const SLOTS_START = 4096;

export class IdSet {
  #slots = SLOTS_START;
  #bytes = Buffer.alloc(SLOTS_START * ID_BYTES);
  #isUsed = new Uint8Array(SLOTS_START);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: Buffer): boolean {
    return this.#isUsed[this.#slotOf(id)] === 1;
  }

  /** `false` when it was there already. */
  add(id: Buffer): boolean {
    if (this.#size * 2 >= this.#slots) this.#grow();
    const slot = this.#slotOf(id);
    if (this.#isUsed[slot] === 1) return false;
    this.#isUsed[slot] = 1;
    id.copy(this.#bytes, slot * ID_BYTES);
    this.#size++;
    return true;
  }

  /** Where it is, or where it belongs. */
  #slotOf(id: Buffer): number {
    for (let slot = id.readUInt32LE(0) % this.#slots; ; slot = (slot + 1) % this.#slots) {
      if (this.#isUsed[slot] === 0) return slot;
      if (this.#bytes.compare(id, 0, ID_BYTES, slot * ID_BYTES, (slot + 1) * ID_BYTES) === 0) return slot;
    }
  }

  #grow(): void {
    const [bytes, isUsed, slots] = [this.#bytes, this.#isUsed, this.#slots];
    this.#slots = slots * 2;
    this.#bytes = Buffer.alloc(this.#slots * ID_BYTES);
    this.#isUsed = new Uint8Array(this.#slots);
    this.#size = 0;
    for (let slot = 0; slot < slots; slot++)
      if (isUsed[slot] === 1) this.add(bytes.subarray(slot * ID_BYTES, (slot + 1) * ID_BYTES));
  }
}
