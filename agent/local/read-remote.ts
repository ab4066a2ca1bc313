/** A local copy as a restore sees it. Nothing here is believed: records are checked by their signatures, chunks by their ids (agent/vault). */
import { HoldfastError } from "../../protocol/errors.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import type { LocateResponse } from "../../protocol/messages/restores.ts";
import type { RestoreRemote } from "../remote/remote.ts";
import { readSnapshots } from "./agree.ts";
import { readRecordFile } from "./copy-files.ts";
import type { ChunkPlace } from "./copy-index.ts";
import { diskError, isAbsent } from "./disk-errors.ts";
import { listed } from "./folder-remote.ts";
import { packPath } from "./layout.ts";
import type { OpenCopy } from "./open-copy.ts";
import { openPlain } from "./plain-file.ts";

export function readRemote(copy: OpenCopy): RestoreRemote {
  const { layout, index } = copy;
  let known: ReturnType<typeof readSnapshots> | undefined;
  const snapshots = async () => {
    known ??= readSnapshots(layout, index.snapshots());
    return await known;
  };
  return {
    async *snapshots(which = "kept") {
      yield* listed(await snapshots(), which);
    },
    snapshotRecord: async (sequence) => {
      const found = (await snapshots()).find((snapshot) => snapshot.sequence === sequence);
      if (!found) throw new HoldfastError("snapshot/missing", { snapshot: sequence });
      return await readRecordFile(layout, sequence, found.record.toString("hex"));
    },
    locate: async (ids) => locate(copy, ids),
    packRange: (pack, offset, length) => readRange(copy, pack, { offset, length }),
    progress: async () => undefined,
  };
}

export function locate({ index }: Pick<OpenCopy, "index">, ids: readonly string[]): LocateResponse {
  const packs: LocateResponse["packs"] = [];
  const numberOf = new Map<string, number>();
  const chunks = ids.map((id): LocateResponse["chunks"][number] => {
    const place = index.findChunk(Buffer.from(id, "hex"));
    if (!place || !isPossible(place)) return null;
    const pack = place.pack.toString("hex");
    let number = numberOf.get(pack);
    if (number === undefined) {
      number = packs.push({ id: pack, sessions: sessionsOf(place.sessions) }) - 1;
      numberOf.set(pack, number);
    }
    return [number, place.offset, place.length, place.session];
  });
  return { packs, chunks };
}

/** The disk may be anybody's by now: what its index says is looked at like a service's answer. */
const isPossible = ({ offset, length, session, sessions }: ChunkPlace): boolean =>
  [offset, length, session].every((number) => Number.isSafeInteger(number) && number >= 0) &&
  length <= CHUNK_BYTES_MAX * 2 &&
  (session + 1) * 32 <= sessions.length;

/** Encapsulated keys, 32 bytes each. */
const sessionsOf = (keys: Buffer): string[] =>
  Array.from({ length: keys.length / 32 }, (_, at) => keys.toString("base64", at * 32, at * 32 + 32));

/** Less than asked for where the pack ends early. Throws `pack/missing`, `pack/corrupt` (the disk can't read it). */
export async function readRange(
  { layout }: Pick<OpenCopy, "layout">,
  pack: string,
  { offset, length }: { readonly offset: number; readonly length: number },
): Promise<Buffer> {
  try {
    await using file = await openPlain(packPath(layout, pack));
    const bytes = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await file.read(bytes, read, length - read, offset + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  } catch (error) {
    if (isAbsent(error)) throw new HoldfastError("pack/missing", { pack }, { cause: error });
    const told = diskError(error, layout.root);
    if (!(told instanceof HoldfastError)) throw error;
    throw new HoldfastError("pack/corrupt", { pack, reason: told.message }, { cause: error });
  }
}
