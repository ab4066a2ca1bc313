/** A set of which 8 bytes of each id are remembered: 12 to 24 bytes each. It may take one id for another, never the other way round. */

const SLOTS_START = 4096;

export class PrefixSet {
  /** 0 is "empty"; an id that begins with zeros is remembered apart. */
  #slots = new BigUint64Array(SLOTS_START);
  #hasZero = false;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: Uint8Array): boolean {
    const key = keyOf(id);
    return key === 0n ? this.#hasZero : this.#slots[this.#slotOf(key)] === key;
  }

  add(id: Uint8Array): void {
    const key = keyOf(id);
    if (key === 0n) {
      if (!this.#hasZero) this.#size++;
      this.#hasZero = true;
      return;
    }
    if (this.#size * 3 >= this.#slots.length * 2) this.#grow();
    const slot = this.#slotOf(key);
    if (this.#slots[slot] === key) return;
    this.#slots[slot] = key;
    this.#size++;
  }

  #slotOf(key: bigint): number {
    const { length } = this.#slots;
    for (let slot = Number(key & 0xffff_ffffn) % length; ; slot = (slot + 1) % length) {
      const held = this.#slots[slot];
      if (held === 0n || held === key) return slot;
    }
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new BigUint64Array(before.length * 2);
    for (const key of before) if (key !== 0n) this.#slots[this.#slotOf(key)] = key;
  }
}

function keyOf(id: Uint8Array): bigint {
  return new DataView(id.buffer, id.byteOffset, 8).getBigUint64(0, true);
}
