/** Which stretches of which packs to read for some chunks: neighbours are read together. Pure. */
import type { LocateResponse } from "../../protocol/messages/restores.ts";

export interface LocatedChunk {
  readonly id: Buffer;
  /** In its pack; header, ciphertext and tag. */
  readonly offset: number;
  readonly length: number;
  /** Encapsulated key of its session. */
  readonly enc: Buffer;
}

export interface PackRange {
  readonly pack: string;
  readonly offset: number;
  readonly length: number;
  /** In the order of their offsets. */
  readonly chunks: readonly LocatedChunk[];
}

/** Reading this much for nothing costs less than another request. */
const GAP_BYTES_MAX = 64 * 1024;
export const RANGE_BYTES_MAX = 4 * 1024 * 1024;

export interface Located {
  readonly ranges: readonly PackRange[];
  /** The service has no place for them, or names an impossible one. */
  readonly lost: readonly Buffer[];
}

/** Packs come in the order in which they are first needed. `ids` are those that `answer` answers. */
export function planRanges(ids: readonly Buffer[], answer: LocateResponse): Located {
  const sessions = answer.packs.map((pack) => pack.sessions.map((enc) => Buffer.from(enc, "base64")));
  const byPack = new Map<number, LocatedChunk[]>();
  const lost: Buffer[] = [];
  for (const [at, id] of ids.entries()) {
    const [pack, offset, length, session] = answer.chunks[at] ?? [-1, 0, 0, 0];
    const enc = sessions[pack]?.[session];
    if (!enc) {
      lost.push(id);
      continue;
    }
    const chunks = byPack.get(pack);
    if (chunks) chunks.push({ id, offset, length, enc });
    else byPack.set(pack, [{ id, offset, length, enc }]);
  }
  const ranges = [...byPack].flatMap(([pack, chunks]) => coalesce(answer.packs[pack]?.id ?? "", chunks));
  return { ranges, lost };
}

function coalesce(pack: string, chunks: readonly LocatedChunk[]): PackRange[] {
  const sorted = chunks.toSorted((a, b) => a.offset - b.offset);
  const ranges: PackRange[] = [];
  let members: LocatedChunk[] = [];
  let start = 0;
  let end = 0;
  const close = () => {
    if (members.length > 0) ranges.push({ pack, offset: start, length: end - start, chunks: members });
    members = [];
  };
  for (const chunk of sorted) {
    const chunkEnd = Math.max(end, chunk.offset + chunk.length);
    if (members.length > 0 && (chunk.offset - end > GAP_BYTES_MAX || chunkEnd - start > RANGE_BYTES_MAX)) close();
    if (members.length === 0) start = chunk.offset;
    end = members.length === 0 ? chunk.offset + chunk.length : chunkEnd;
    members.push(chunk);
  }
  close();
  return ranges;
}
