/**
 * Where known pieces may begin, wherever they were moved: the splitter's hash of a piece's first 64 bytes is looked for at every byte (split.wat).
 * A place that is found is only a candidate; what the piece is, its digest says.
 */

/** Pieces that can be searched for at once: 32 GiB of a file. */
export const STARTS_MAX = 524_288;
const SLOTS_MAX = STARTS_MAX * 2;
/** A word for two slots: of unknown data less than one place in a hundred is looked up in vain. */
export const STARTS_BYTES = SLOTS_MAX * 2 + SLOTS_MAX * 4;

export interface StartSet {
  readonly wordsAt: number;
  readonly wordMask: number;
  readonly slotsAt: number;
  readonly slotMask: number;
}

export type FindStart = (at: number, end: number, set: StartSet) => { at: number; slot: number } | undefined;

export interface StartingPieces {
  readonly count: number;
  /** Hash of the piece's beginning (`hashStart`); 0 for one that is not looked for. */
  start(piece: number): number;
}

export class KnownStarts {
  readonly #memory: Buffer;
  readonly #find: FindStart;
  #set: StartSet | undefined;
  #loaded: object | undefined;
  /** The last piece with the slot's hash, and for each piece the one before it with the same; -1 for none. Kept, and as large as was ever needed. */
  #last = new Int32Array(0);
  #before = new Int32Array(0);

  constructor(memory: Buffer, find: FindStart) {
    this.#memory = memory;
    this.#find = find;
  }

  /** Pieces beyond `STARTS_MAX` are not looked for. */
  load(pieces: StartingPieces): void {
    if (this.#loaded === pieces) return;
    this.#loaded = pieces;
    const count = Math.min(pieces.count, STARTS_MAX);
    const slots = 2 ** Math.ceil(Math.log2(Math.max(1024, count * 2)));
    const slotsAt = slots * 2;
    const bytes = this.#memory.subarray(0, slotsAt + slots * 4);
    bytes.fill(0);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, slots / 2);
    const keys = new Uint32Array(bytes.buffer, bytes.byteOffset + slotsAt, slots);
    const [wordMask, slotMask] = [words.length - 1, slots - 1];
    this.#set = { wordsAt: 0, wordMask, slotsAt, slotMask };
    if (this.#last.length < slots) this.#last = new Int32Array(slots);
    if (this.#before.length < count) this.#before = new Int32Array(count);
    this.#last.fill(-1);
    for (let piece = 0; piece < count; piece++) {
      const hash = pieces.start(piece);
      if (hash === 0) continue;
      const word = (hash >>> 11) & wordMask;
      words[word] = (words[word] ?? 0) | (1 << (hash >>> 1)) | (1 << (hash >>> 6));
      let slot = (hash >>> 1) & slotMask;
      while (keys[slot] !== 0 && keys[slot] !== hash) slot = (slot + 1) & slotMask;
      keys[slot] = hash;
      this.#before[piece] = this.#last[slot] ?? -1;
      this.#last[slot] = piece;
    }
  }

  /** The first place from `at` on whose 64 bytes, by `end`, are the beginning of a known piece, and those that it may be. */
  find(at: number, end: number): { readonly at: number; readonly pieces: Iterable<number> } | undefined {
    const found = this.#set && this.#find(at, end, this.#set);
    return found && { at: found.at, pieces: this.#piecesOf(found.slot) };
  }

  *#piecesOf(slot: number): Generator<number> {
    for (let piece = this.#last[slot] ?? -1; piece >= 0; piece = this.#before[piece] ?? -1) yield piece;
  }
}
