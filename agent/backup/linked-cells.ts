/** The cell in which each file with several names is read, until as many names as it has were met: then nobody asks again. */
import type { Cell } from "./cell.ts";

export class LinkedCells {
  readonly #first = new Map<string, { readonly cell: Cell; left: number }>();

  get size(): number {
    return this.#first.size;
  }

  /** The cell that was given first for this link group; `undefined` when this is it. */
  findFirst(group: Buffer, cell: Cell): Cell | undefined {
    const key = group.toString("latin1");
    const known = this.#first.get(key);
    if (!known) {
      this.#first.set(key, { cell, left: cell.found.nlink - 1 });
      return undefined;
    }
    if (--known.left <= 0) this.#first.delete(key);
    return known.cell;
  }
}
