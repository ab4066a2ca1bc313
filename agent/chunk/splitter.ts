/** Cuts files into chunks by content (format §3.1), on bytes that lie in the splitter's own memory so that nothing is copied. */
import { hkdfSha256 } from "../../base/digest.ts";
import { KnownStarts, STARTS_BYTES } from "./known-starts.ts";
import { SPLIT_WASM } from "./split.generated.ts";

const TABLE_BYTES = 2048;
const WASM_PAGE_BYTES = 65_536;

export const SPLIT_MIN_BYTES = 256 * 1024;

/** Read file bytes into `buffer`, then ask `cut` where chunks end. Not shared between threads: one splitter each. */
export interface Splitter {
  /** Where the data goes. */
  readonly buffer: Buffer;
  /**
   * The length of the chunk that begins at `at`, of which `length` bytes are there. All of them when no boundary is among them: the chunk
   * ends there if the data does, or if it has the 4 MiB of the largest.
   */
  cut(at: number, length: number): number;
  /** Hash of the 64 bytes at `at`, by which the beginning of a piece can be found; never 0. */
  hashStart(at: number): number;
  /** Finds beginnings of known pieces in the buffer. */
  readonly starts: KnownStarts;
}

interface SplitExports {
  readonly memory: WebAssembly.Memory;
  readonly slot: { readonly value: number };
  cut(at: number, length: number): number;
  start(at: number): number;
  find(at: number, end: number, words: number, wordMask: number, slots: number, slotMask: number): number;
}

export function makeSplitter(splitKey: Uint8Array, bufferBytes: number): Splitter {
  const module = new WebAssembly.Module(Buffer.from(SPLIT_WASM, "base64"));
  // The module is our own (split.wat): it exports exactly these.
  const { memory, slot, cut, start, find } = new WebAssembly.Instance(module).exports as unknown as SplitExports;
  const startsAt = Math.ceil((TABLE_BYTES + bufferBytes) / WASM_PAGE_BYTES) * WASM_PAGE_BYTES;
  // Memory that is never touched is never there: the room for starts costs nothing until it is used.
  memory.grow((startsAt + STARTS_BYTES) / WASM_PAGE_BYTES);
  gearTable(splitKey).copy(Buffer.from(memory.buffer));
  return {
    buffer: Buffer.from(memory.buffer, TABLE_BYTES, bufferBytes),
    cut: (at, length) => cut(TABLE_BYTES + at, length) >>> 0,
    hashStart: (at) => start(TABLE_BYTES + at) >>> 0,
    starts: new KnownStarts(Buffer.from(memory.buffer, startsAt, STARTS_BYTES), (at, end, set) => {
      const found = find(
        TABLE_BYTES + at,
        TABLE_BYTES + end,
        startsAt + set.wordsAt,
        set.wordMask,
        startsAt + set.slotsAt,
        set.slotMask,
      );
      return found < 0 ? undefined : { at: found - TABLE_BYTES, slot: slot.value };
    }),
  };
}

/** 256 little-endian u64. */
export const gearTable = (splitKey: Uint8Array): Buffer =>
  hkdfSha256(splitKey, Buffer.alloc(0), "holdfast/v1/gear", TABLE_BYTES);
