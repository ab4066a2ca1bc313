/**
 * Pieces: stretches of some 64 KiB of a large file. They are not stored by themselves; the machine notes a digest of each, so that of a chunk that
 * changed only the pieces that are new are sent (docs/decisions/0012).
 */
import { createCipheriv, createSecretKey } from "node:crypto";
import { hkdfSha256 } from "../../base/digest.ts";
import type { Splitter } from "./splitter.ts";

/** Files from this size on have their pieces noted. */
export const PIECES_FROM_BYTES = 4 * 1024 * 1024;
export const PIECE_BYTES = 64 * 1024;
/** No piece is shorter, unless all of its data is. */
export const PIECE_BYTES_MIN = PIECE_BYTES / 4;
/** No piece is as long as this. */
export const PIECE_BYTES_MAX = PIECE_BYTES + 2 * PIECE_BYTES_MIN;
export const PIECE_DIGEST_BYTES = 16;
/** A piece's hashes are of so many bytes: at its beginning, */
const HASHED_BYTES = 64;
/** and, since texts begin alike and go on alike for a while, of some places further in. */
const INNER_AT = [1024, 3333, 7777, 15_000] as const;
const INNER_BYTES = 15_000 + HASHED_BYTES;

/** By which a piece is found wherever it was moved; 0 where it is too short. */
export interface PieceHashes {
  readonly start: number;
  readonly inner: number;
}

/** Of a piece at `at` of the splitter's buffer. */
export const hashPiece = (splitter: Pick<Splitter, "hashStart">, at: number, length: number): PieceHashes => ({
  start: length < HASHED_BYTES ? 0 : splitter.hashStart(at),
  inner: length < INNER_BYTES ? 0 : hashInner(splitter, at),
});

/** Of a piece that is long enough to have it. */
export const hashInner = ({ hashStart }: Pick<Splitter, "hashStart">, at: number): number =>
  (INNER_AT.reduce((hash, inner) => Math.imul(hash, 0x9e3779b1) ^ hashStart(at + inner), 0) | 1) >>> 0;

/**
 * The lengths of the pieces that `length` bytes at `position` of a file consist of. They end where the file's blocks do, so that a block
 * of a disk image or database that changes touches one of them.
 */
export function cutPieces(position: number, length: number): number[] {
  const lengths: number[] = [];
  for (let rest = length; rest > 0; ) {
    const toBorder = PIECE_BYTES - ((position + length - rest) % PIECE_BYTES);
    const wanted = toBorder < PIECE_BYTES_MIN ? toBorder + PIECE_BYTES : toBorder;
    const piece = rest - wanted < PIECE_BYTES_MIN ? rest : wanted;
    lengths.push(piece);
    rest -= piece;
  }
  return lengths;
}

/** Digests of the stretches of `bytes` that have these lengths and follow one another, 16 bytes each. */
export type PieceNamer = (bytes: Buffer, lengths: readonly number[]) => Buffer;

const NONCE = Buffer.alloc(12);

/** `salt`: of this machine's state, so that a key that was stolen from another disk says nothing about digests here. */
export const pieceKey = (idKey: Uint8Array, salt: Uint8Array): Buffer =>
  hkdfSha256(idKey, salt, "holdfast/v1/pieces", 48);

/**
 * GMAC is a universal hash: with a key that nobody knows, two pieces collide with a probability of 2^-116, whatever they hold. It is 5 times as fast as
 * SHA-256. With one nonce for all its tags would give away the key to who knows some of the pieces; they are therefore encrypted, which
 * makes them a pseudorandom function of the content.
 */
export function makePieceNamer(key: Uint8Array): PieceNamer {
  const hashKey = createSecretKey(key.subarray(0, 16));
  const tagKey = createSecretKey(key.subarray(16, 48));
  return (bytes, lengths) => {
    const tags = Buffer.allocUnsafe(lengths.length * PIECE_DIGEST_BYTES);
    let at = 0;
    for (const [index, length] of lengths.entries()) {
      const hash = createCipheriv("aes-128-gcm", hashKey, NONCE);
      hash.setAAD(bytes.subarray(at, at + length));
      hash.final();
      hash.getAuthTag().copy(tags, index * PIECE_DIGEST_BYTES);
      at += length;
    }
    const block = createCipheriv("aes-256-ecb", tagKey, null); // Each tag is one block.
    block.setAutoPadding(false);
    return block.update(tags);
  };
}
