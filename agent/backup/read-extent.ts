/** Data of a large file, from the file's buffer into chunks: whole ones where nothing is known of it, the pieces that are new where something is. */
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import type { KnownStarts } from "../chunk/known-starts.ts";
import { hashInner, PIECE_BYTES_MAX, type PieceNamer } from "../chunk/pieces.ts";
import type { Splitter } from "../chunk/splitter.ts";
import type { FileWindow } from "./file-window.ts";
import type { FreshBytes, Run } from "./fresh-bytes.ts";
import type { PartsWriter } from "./parts.ts";
import type { PieceView } from "./piece-view.ts";

/** Every chunk of the extent, split by content (format §3.1). */
export async function readWhole(window: FileWindow, splitter: Splitter, fresh: FreshBytes): Promise<void> {
  for (;;) {
    window.fill(CHUNK_BYTES_MAX);
    const chunks: Run[] = [];
    while (window.run < window.filled) {
      const there = Math.min(window.filled - window.run, CHUNK_BYTES_MAX);
      const length = splitter.cut(window.run, there);
      if (length === there && there < CHUNK_BYTES_MAX && !window.isEnd) break; // No boundary yet: more of it decides.
      chunks.push({ at: window.run, length, position: window.position(window.run) });
      window.run += length;
      window.at = window.run;
    }
    if (chunks.length === 0) return;
    await fresh.addChunks(chunks);
  }
}

export interface KnownContent {
  readonly pieces: PieceView;
  /** Holds the starts of `pieces`. */
  readonly starts: () => KnownStarts;
  readonly namePieces: PieceNamer;
}

/** Pieces that are compared at once. */
const BATCH_PIECES = 16;
export const AHEAD_BYTES = BATCH_PIECES * PIECE_BYTES_MAX;
const START_BYTES = 64;
/** Places that begin like a piece and are none: after so many, the next stretch is not looked at. */
const TRIES_MAX = 8;
/** Pieces with the same beginning that are looked at. */
const SAME_START_MAX = 1024;
const LEFT_OUT_BYTES = 64 * 1024;

/** What the extent has in common with the file as it was before is not stored again, wherever it stood. */
export async function readChanged(
  window: FileWindow,
  splitter: Splitter,
  known: KnownContent,
  fresh: FreshBytes,
  parts: PartsWriter,
): Promise<void> {
  const { pieces } = known;
  const settle = async (end: number) => {
    const { run } = window;
    if (end > run) await fresh.addRun({ at: run, length: end - run, position: window.position(run) });
    window.run = end;
  };
  const take = async ({ at, piece }: Match) => {
    await settle(at);
    parts.known(piece, pieces.length(piece));
    window.run = at + pieces.length(piece);
    window.at = window.run;
    next = piece + 1;
  };
  let next = pieces.findAt(window.position(0));
  for (;;) {
    window.fill(AHEAD_BYTES);
    if (window.at === window.filled) break;
    const matches = matchBatch(window, known, next);
    const found = matches.length > 0 ? matches : search(window, splitter, known);
    for (const match of found) await take(match);
    if (found.length > 0) continue;
    next = -1;
    // The run has become long enough for a chunk of any size.
    while (window.at - window.run >= CHUNK_BYTES_MAX) {
      const length = splitter.cut(window.run, CHUNK_BYTES_MAX);
      await fresh.addChunks([{ at: window.run, length, position: window.position(window.run) }]);
      window.run += length;
    }
  }
  await settle(window.filled);
}

interface Match {
  /** In the buffer. */
  readonly at: number;
  readonly piece: number;
}

/** Those of the next pieces that stand where they would if nothing was moved. */
function matchBatch({ buffer, at, filled }: FileWindow, { pieces, namePieces }: KnownContent, next: number): Match[] {
  const lengths: number[] = [];
  let end = at;
  for (let piece = next; piece >= 0 && lengths.length < BATCH_PIECES; piece++) {
    const length = pieces.length(piece);
    const isFollowing =
      piece === next || pieces.position(piece) === pieces.position(piece - 1) + pieces.length(piece - 1);
    if (length === 0 || !isFollowing || end + length > filled) break;
    lengths.push(length);
    end += length;
  }
  if (lengths.length === 0) return [];
  const digests = namePieces(buffer.subarray(at, end), lengths);
  const matches: Match[] = [];
  let place = at;
  for (const [index, length] of lengths.entries()) {
    if (pieces.isNamed(next + index, digests, index * 16)) matches.push({ at: place, piece: next + index });
    place += length;
  }
  return matches;
}

/** The first known piece from here on, wherever it was before: none or one. Moves `window.at` behind what was searched. */
function search(window: FileWindow, splitter: Splitter, known: KnownContent): Match[] {
  const { buffer, filled, isEnd } = window;
  const { pieces, namePieces } = known;
  const starts = known.starts();
  let tries = 0;
  for (let from = window.at; from < filled; ) {
    const place = starts.find(from, filled);
    if (!place) break;
    let seen = 0;
    let inner: number | undefined;
    for (const piece of place.pieces) {
      if (++seen === SAME_START_MAX) break;
      const length = pieces.length(piece);
      if (place.at + length > filled) {
        if (isEnd || place.at === window.at) continue;
        window.at = place.at; // It is looked at when all of it is there.
        return [];
      }
      if (pieces.inner(piece) !== 0) {
        inner ??= hashInner(splitter, place.at);
        if (inner !== pieces.inner(piece)) continue;
      }
      const digest = namePieces(buffer.subarray(place.at, place.at + length), [length]);
      if (pieces.isNamed(piece, digest, 0)) return [{ at: place.at, piece }];
      tries++;
    }
    from = place.at + 1;
    if (tries < TRIES_MAX) continue;
    tries = 0;
    from += LEFT_OUT_BYTES;
  }
  window.at = isEnd ? filled : Math.max(window.at, filled - START_BYTES + 1);
  return [];
}
