/** Whether compression pays is decided by a sample: bytes that don't compress are stored as they are. */
import { codec } from "./codec.ts";
import { zstdFrameBytes } from "./zstd-frame.ts";

export const METHODS = { stored: 0, zstd: 1 } as const;

export interface Compressed {
  readonly method: number;
  readonly length: number;
}

const PROBE_BYTES = 4096;
const PROBES = 4;
const PROBE_FROM_BYTES = 128 * 1024;
/** A sample that keeps more than this share of its size promises nothing. */
const PROBE_SHARE_MAX = 0.97;

/** Writes the smaller of the plain bytes and their zstd frame at `level` into `target`, which has room for the plain bytes. */
export function compressInto(target: Uint8Array, plain: Uint8Array, level: number): Compressed {
  if (plain.length > 0 && (plain.length < PROBE_FROM_BYTES || looksCompressible(plain))) {
    const length = codec.compress(target.subarray(0, plain.length - 1), plain, level);
    if (length !== undefined) return { method: METHODS.zstd, length };
  }
  target.set(plain);
  return { method: METHODS.stored, length: plain.length };
}

/** Fills `target`. Throws unless the payload is one frame (or stored bytes) of exactly as much. */
export function expandInto(target: Uint8Array, method: number, payload: Uint8Array): void {
  if (method !== METHODS.zstd) {
    if (payload.length !== target.length) throw new RangeError("the payload has another length than it says");
    target.set(payload);
    return;
  }
  if (zstdFrameBytes(payload) !== payload.length) throw new RangeError("the payload is not one zstd frame");
  codec.expand(target, payload);
}

const sample = Buffer.alloc(PROBES * PROBE_BYTES);
const sampleFrame = Buffer.alloc(Math.floor(sample.length * PROBE_SHARE_MAX));

function looksCompressible(plain: Uint8Array): boolean {
  const step = Math.floor((plain.length - PROBE_BYTES) / (PROBES - 1));
  for (let probe = 0; probe < PROBES; probe++)
    sample.set(plain.subarray(probe * step, probe * step + PROBE_BYTES), probe * PROBE_BYTES);
  return codec.compress(sampleFrame, sample, 1) !== undefined;
}
