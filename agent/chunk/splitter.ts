/** Cuts files into chunks by content (format §3.1), on bytes that lie in the splitter's own memory so that nothing is copied. */
import { hkdfSha256 } from "../../base/digest.ts";
import { SPLIT_WASM } from "./split.generated.ts";

const TABLE_BYTES = 2048;
const WASM_PAGE_BYTES = 65_536;

export const SPLIT_MIN_BYTES = 256 * 1024;

/** Read file bytes into `buffer`, then ask `cut` where chunks end. Not shared between threads: one splitter each. */
export interface Splitter {
  /** Where the data goes. */
  readonly buffer: Buffer;
  /**
   * The length of the chunk that begins at `at`, of which `length` bytes are there: all of the rest of the data, or at
   * least the 4 MiB of the largest chunk.
   */
  cut(at: number, length: number): number;
}

interface SplitExports {
  readonly memory: WebAssembly.Memory;
  cut(at: number, length: number): number;
}

export function makeSplitter(splitKey: Uint8Array, bufferBytes: number): Splitter {
  const module = new WebAssembly.Module(Buffer.from(SPLIT_WASM, "base64"));
  // The module is our own (split.wat): it exports exactly these two.
  const { memory, cut } = new WebAssembly.Instance(module).exports as unknown as SplitExports;
  memory.grow(Math.ceil((TABLE_BYTES + bufferBytes) / WASM_PAGE_BYTES));
  gearTable(splitKey).copy(Buffer.from(memory.buffer));
  return {
    buffer: Buffer.from(memory.buffer, TABLE_BYTES, bufferBytes),
    cut: (at, length) => cut(TABLE_BYTES + at, length) >>> 0,
  };
}

/** 256 little-endian u64. */
export const gearTable = (splitKey: Uint8Array): Buffer =>
  hkdfSha256(splitKey, Buffer.alloc(0), "holdfast/v1/gear", TABLE_BYTES);
