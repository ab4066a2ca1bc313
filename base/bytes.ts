/**
 * Reading and writing byte structures. A reader never reads past its end and never allocates on the word of a length it
 * has not checked; trouble is reported through the `fail` it was given, so that each format names its own error.
 */

const VARINT_MAX = Number.MAX_SAFE_INTEGER;

/** Grows as needed; `take()` gives a copy of what was written. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    this.#room(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  u16(value: number): this {
    this.#room(2);
    this.#length = this.#bytes.writeUInt16LE(value, this.#length);
    return this;
  }

  u32(value: number): this {
    this.#room(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
    return this;
  }

  u64(value: bigint | number): this {
    this.#room(8);
    this.#length = this.#bytes.writeBigUInt64LE(BigInt(value), this.#length);
    return this;
  }

  i64(value: bigint | number): this {
    this.#room(8);
    this.#length = this.#bytes.writeBigInt64LE(BigInt(value), this.#length);
    return this;
  }

  /** Unsigned LEB128, at most 53 bits. */
  varint(value: number): this {
    this.#room(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  /** Zigzag-coded varint; the magnitude is at most 52 bits. */
  svarint(value: number): this {
    return this.varint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  bytes(value: Uint8Array): this {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** A varint length, then the bytes. */
  string(value: Uint8Array): this {
    return this.varint(value.length).bytes(value);
  }

  /** What was written so far, without a copy: valid until the next write. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  take(): Buffer {
    return Buffer.from(this.view());
  }

  reset(): void {
    this.#length = 0;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.view());
    this.#bytes = grown;
  }
}

export type Fail = (reason: string) => never;

/** Reads what `ByteWriter` writes. Byte results are views into the source. */
export class ByteReader {
  readonly #bytes: Buffer;
  readonly #fail: Fail;
  #at = 0;

  constructor(source: Uint8Array, fail: Fail) {
    this.#bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
    this.#fail = fail;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  // Numbers are read where they are: a view for each of them would cost more than all else.
  u8(): number {
    return this.#bytes[this.#pass(1)] as number; // Within the data, or `#pass` has thrown.
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#pass(2));
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#pass(4));
  }

  u64(): bigint {
    return this.#bytes.readBigUInt64LE(this.#pass(8));
  }

  /** A u64 that must be a safe integer. */
  u64Number(): number {
    const value = this.u64();
    if (value > BigInt(VARINT_MAX)) this.#fail("a number is too large");
    return Number(value);
  }

  i64Number(): number {
    const value = this.#bytes.readBigInt64LE(this.#pass(8));
    if (value > BigInt(VARINT_MAX) || value < BigInt(-VARINT_MAX)) this.#fail("a number is too large");
    return Number(value);
  }

  varint(): number {
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < 0x80) {
      this.#at++;
      return first;
    }
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 8; count++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (byte === 0 && count > 0) this.#fail("a number is not in its shortest form");
        if (value > VARINT_MAX) this.#fail("a number is too large");
        return value;
      }
      scale *= 0x80;
    }
    return this.#fail("a number is too long");
  }

  svarint(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A varint that counts things of at least `sizeMin` bytes each, so it can't exceed what is left. */
  count(sizeMin: number): number {
    const value = this.varint();
    if (value * sizeMin > this.left) this.#fail("a count exceeds the data");
    return value;
  }

  bytes(length: number): Buffer {
    const from = this.#pass(length);
    return this.#bytes.subarray(from, from + length);
  }

  string(): Buffer {
    return this.bytes(this.varint());
  }

  /** The first `length` bytes of `start` and a string behind them, in memory of its own. */
  stringBehind(start: Buffer, length: number): Buffer {
    const more = this.varint();
    const from = this.#pass(more);
    const joined = Buffer.allocUnsafe(length + more);
    start.copy(joined, 0, 0, length);
    this.#bytes.copy(joined, length, from, from + more);
    return joined;
  }

  /** Where the next `length` bytes begin; they count as read. */
  #pass(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) this.#fail("the data ends early");
    this.#at = at + length;
    return at;
  }

  magic(expected: string): void {
    if (this.left < expected.length || this.bytes(expected.length).toString("latin1") !== expected)
      this.#fail(`it does not begin with ${expected}`);
  }

  end(): void {
    if (this.left > 0) this.#fail(`${this.left} bytes too many`);
  }

  fail(reason: string): never {
    return this.#fail(reason);
  }
}

/** A copy for keeping: small buffers share slabs of 64 KiB, and one that is kept for long keeps all of its slab. */
export function aloneInMemory(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
