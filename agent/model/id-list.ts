/** The id table of a page or list: distinct 32-byte ids in order of first use. Its bytes are the structure's links. */
import type { ByteReader, ByteWriter } from "../../base/bytes.ts";

export class IdList {
  readonly #indexes = new Map<string, number>();
  readonly #ids: Buffer[] = [];

  get length(): number {
    return this.#ids.length;
  }

  /** The index of `id`, which is added if it is new. */
  indexOf(id: Buffer): number {
    const key = id.toString("latin1");
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, this.#ids.length);
    return this.#ids.push(id) - 1;
  }

  encode(out: ByteWriter): void {
    out.varint(this.#ids.length);
    for (const id of this.#ids) out.bytes(id);
  }

  /** All ids, one after the other, alone in memory: they are kept until a pack is full. */
  links(): Buffer {
    const links = Buffer.allocUnsafeSlow(this.#ids.length * 32);
    for (const [index, id] of this.#ids.entries()) id.copy(links, index * 32);
    return links;
  }
}

/** The ids in order. Refuses an id that stands twice. */
export function decodeIds(reader: ByteReader): Buffer[] {
  const ids = Array.from({ length: reader.count(32) }, () => reader.bytes(32));
  if (new Set(ids.map((id) => id.toString("latin1"))).size !== ids.length) reader.fail("an id stands twice");
  return ids;
}

/** Looks an index up and notes its use: the table holds exactly what is used, in order of first use. */
export class IdTable {
  readonly #ids: readonly Buffer[];
  readonly #reader: ByteReader;
  #used = 0;

  constructor(reader: ByteReader) {
    this.#reader = reader;
    this.#ids = decodeIds(reader);
  }

  get(index: number): Buffer {
    const id = this.#ids[index];
    if (id === undefined || index > this.#used) return this.#reader.fail("an id index is out of order");
    if (index === this.#used) this.#used++;
    return id;
  }

  end(): void {
    if (this.#used !== this.#ids.length) this.#reader.fail("an id is not used");
  }
}
