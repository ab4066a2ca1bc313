/** From what a reading thread found in a segment to slices for the catalog and pieces for the local state. */
import { bug } from "../../protocol/errors.ts";
import type { Slice } from "../model/entry.ts";
import { PieceEncoder } from "../state/piece-codec.ts";
import type { KnownPieces } from "./known-pieces.ts";
import { readParts } from "./parts.ts";
import type { ReadResult } from "./read-job.ts";
import { splitIds } from "./worker-pool.ts";

export interface NotedParts {
  readonly slices: readonly Slice[];
  /** See piece-codec.ts. */
  readonly pieces: Buffer;
}

export function noteParts(
  { parts = new Uint8Array(), chunkIds = new Uint8Array() }: ReadResult,
  known: KnownPieces | undefined,
): NotedParts {
  const ids = splitIds(Buffer.from(chunkIds)); // A copy: the slices outlive the message.
  const lengths = chunkLengths(parts, ids.length);
  const slices = new SliceList();
  const pieces = new PieceEncoder();
  const numbers = new Map<string, number>();
  const numberOf = (chunk: Buffer, plainBytes: number): number => {
    const key = chunk.toString("latin1");
    const number = numbers.get(key);
    if (number !== undefined) return number;
    pieces.chunk(chunk, plainBytes);
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  };
  for (const part of readParts(parts)) {
    const { length } = part;
    if (part.kind === "hole") {
      slices.add({ kind: "hole", length });
      pieces.hole(length);
      continue;
    }
    const piece =
      part.kind === "new"
        ? { ...part, chunk: ids[part.chunk] ?? missing(), chunkBytes: lengths[part.chunk] ?? 0 }
        : (known?.get(part.piece) ?? missing());
    slices.add({ kind: "chunk", chunk: piece.chunk, offset: piece.offset, length });
    pieces.piece({ ...piece, chunk: numberOf(piece.chunk, piece.chunkBytes) });
  }
  return { slices: slices.take(), pieces: pieces.take() };
}

/** New chunks are told of as a whole, piece by piece. */
function chunkLengths(parts: Uint8Array, chunks: number): Float64Array {
  const lengths = new Float64Array(chunks);
  for (const part of readParts(parts))
    if (part.kind === "new") lengths[part.chunk] = Math.max(lengths[part.chunk] ?? 0, part.offset + part.length);
  return lengths;
}

/** Slices in the file's order; what follows one another in the same chunk, and holes, become one. */
export class SliceList {
  readonly #slices: Slice[] = [];

  add(slice: Slice): void {
    const last = this.#slices.at(-1);
    const joined = last && join(last, slice);
    if (joined) this.#slices[this.#slices.length - 1] = joined;
    else this.#slices.push(slice);
  }

  take(): readonly Slice[] {
    return this.#slices;
  }
}

function join(last: Slice, slice: Slice): Slice | undefined {
  const length = last.length + slice.length;
  if (last.kind === "hole" || slice.kind === "hole")
    return last.kind === slice.kind ? { kind: "hole", length } : undefined;
  const isNext = last.offset + last.length === slice.offset && last.chunk.equals(slice.chunk);
  return isNext ? { ...last, length } : undefined;
}

const missing = (): never => bug("a reading thread told of a piece or chunk that is not there");
