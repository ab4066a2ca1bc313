/** A cheap keyed 32-bit hash for places to cut bundles and pages (format §3.3). Not a secret, not collision-proof: only evenly spread. */
import { hkdfSha256 } from "../../base/digest.ts";

export type CutHash = (bytes: Uint8Array) => number;

export function makeCutHash(splitKey: Uint8Array): CutHash {
  const start = (2166136261 ^ hkdfSha256(splitKey, Buffer.alloc(0), "holdfast/v1/cut", 4).readUInt32LE(0)) | 0;
  return (bytes) => {
    let hash = start;
    for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ (bytes[at] as number), 16777619); // `at` is in range.
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  };
}
