/** Where bundles of small files end (format §3.2): at places that depend on the files themselves, so that the same files meet again. */
import type { CutHash } from "./cut-hash.ts";

const BUNDLE_BYTES_MIN = 512 * 1024;
const BUNDLE_BYTES_MAX = 1024 * 1024;
const CUT_ONE_IN = 8;

export class BundleCuts {
  readonly #cutHash: CutHash;
  #bytes = 0;

  constructor(cutHash: CutHash) {
    this.#cutHash = cutHash;
  }

  /** Whether the bundle so far ends before a file of this size. */
  endsBefore(sizeBytes: number): boolean {
    return this.#bytes > 0 && this.#bytes + sizeBytes > BUNDLE_BYTES_MAX;
  }

  /** Adds a file; true when the bundle ends after it. */
  add(sizeBytes: number, baseName: Uint8Array): boolean {
    this.#bytes += sizeBytes;
    return this.#bytes >= BUNDLE_BYTES_MIN && this.#cutHash(baseName) % CUT_ONE_IN === 0;
  }

  /** Another bundle begins. */
  restart(): void {
    this.#bytes = 0;
  }
}
