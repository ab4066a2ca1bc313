/** The only importer of zstd. Whether compression pays is decided by a sample: bytes that don't compress are stored as they are. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { zstdFrameBytes } from "./zstd-frame.ts";

export const METHODS = { stored: 0, zstd: 1 } as const;

export interface Compressed {
  readonly method: number;
  readonly payload: Uint8Array;
}

const PROBE_BYTES = 4096;
const PROBES = 4;
const PROBE_FROM_BYTES = 128 * 1024;
/** A sample that keeps more than this share of its size promises nothing. */
const PROBE_SHARE_MAX = 0.97;

/**
 * The output always fits one piece that is larger than it: gathering small pieces costs a fifth of the speed, and Node appends an empty
 * second frame when the output ends exactly where a piece does.
 */
const outputBytes = (plainLength: number): number => plainLength + Math.ceil(plainLength / 128) + 1024;

const options = (level: number, plainLength: number) => ({
  params: { [constants.ZSTD_c_compressionLevel]: level },
  chunkSize: outputBytes(plainLength),
});
const FASTEST = options(1, PROBES * PROBE_BYTES);

/** The smaller of the plain bytes and their zstd frame at `level`. */
export function compress(plain: Uint8Array, level: number): Compressed {
  const stored = { method: METHODS.stored, payload: plain };
  if (plain.length === 0 || (plain.length >= PROBE_FROM_BYTES && !looksCompressible(plain))) return stored;
  const payload = zstdCompressSync(plain, options(level, plain.length));
  return payload.length < plain.length ? { method: METHODS.zstd, payload } : stored;
}

/** Throws (a zlib error) unless the payload is one frame of exactly `plainLength` bytes. */
export function expand(method: number, payload: Uint8Array, plainLength: number): Buffer {
  if (method === METHODS.zstd && zstdFrameBytes(payload) !== payload.length)
    throw new RangeError("the payload is not one zstd frame");
  const plain =
    method === METHODS.zstd
      ? zstdDecompressSync(payload, { maxOutputLength: Math.max(plainLength, 1), chunkSize: Math.max(plainLength, 64) })
      : Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  if (plain.length !== plainLength) throw new RangeError("the payload has another length than it says");
  return plain;
}

function looksCompressible(plain: Uint8Array): boolean {
  const step = Math.floor((plain.length - PROBE_BYTES) / (PROBES - 1));
  const sample = Buffer.allocUnsafe(PROBES * PROBE_BYTES);
  for (let probe = 0; probe < PROBES; probe++)
    sample.set(plain.subarray(probe * step, probe * step + PROBE_BYTES), probe * PROBE_BYTES);
  return zstdCompressSync(sample, FASTEST).length < sample.length * PROBE_SHARE_MAX;
}
