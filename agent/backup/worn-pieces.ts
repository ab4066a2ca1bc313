/**
 * Keeps a file that changes here and there from falling to crumbs (docs/decisions/0012): which of its pieces are to be stored anew with the next
 * change, though they are known.
 */

/** In the file's order; a piece's numbers stand at its index. */
export interface PieceShapes {
  /** Numbers of chunks. */
  readonly chunks: Uint32Array;
  /** In the file. */
  readonly positions: Float64Array;
  readonly lengths: Uint32Array;
}

/** A file's pieces may lie in chunks that are together twice as large. */
const SHARE_MAX = 2;
/** One piece in so many may be short. */
const SHORT_ONE_IN = 8;

/** `chunkBytes`: plain lengths, by the chunks' numbers. The answer: indexes of pieces. */
export function wornPieces(
  pieces: PieceShapes,
  chunkBytes: readonly number[],
  shortBytes: number,
): ReadonlySet<number> {
  const worn = shortPieces(pieces, shortBytes);
  const chunks = emptyChunks(pieces, chunkBytes);
  if (chunks.size > 0) for (const [index, chunk] of pieces.chunks.entries()) if (chunks.has(chunk)) worn.add(index);
  return worn;
}

/** The emptiest chunks are given up until the rest is full enough. */
function emptyChunks({ chunks, lengths }: PieceShapes, chunkBytes: readonly number[]): ReadonlySet<number> {
  const used = new Float64Array(chunkBytes.length);
  for (const [index, chunk] of chunks.entries()) used[chunk] = (used[chunk] ?? 0) + (lengths[index] ?? 0);
  const usedSum = used.reduce((sum, bytes) => sum + bytes, 0);
  let chunkSum = chunkBytes.reduce((sum, bytes) => sum + bytes, 0);
  const given = new Set<number>();
  if (chunkSum <= usedSum * SHARE_MAX) return given;
  const share = (chunk: number) => (used[chunk] ?? 0) / Math.max(1, chunkBytes[chunk] ?? 1);
  for (const chunk of [...chunkBytes.keys()].sort((a, b) => share(a) - share(b))) {
    if (chunkSum <= usedSum * SHARE_MAX) break;
    given.add(chunk);
    chunkSum -= (chunkBytes[chunk] ?? 0) - (used[chunk] ?? 0); // What was used of it will fill a new one.
  }
  return given;
}

/** A short piece is stored anew together with a neighbour, so that they become one. */
function shortPieces({ positions, lengths }: PieceShapes, shortBytes: number): Set<number> {
  const worn = new Set<number>();
  const short = [...lengths.keys()].filter((index) => (lengths[index] ?? 0) < shortBytes);
  if (short.length * SHORT_ONE_IN <= lengths.length) return worn;
  const isFollowed = (index: number) => (positions[index] ?? -1) + (lengths[index] ?? 0) === positions[index + 1];
  for (const index of short) {
    if (isFollowed(index)) worn.add(index).add(index + 1);
    else if (isFollowed(index - 1)) worn.add(index).add(index - 1);
  }
  return worn;
}
