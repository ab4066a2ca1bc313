/** Reads a snapshot from the service in memory with the vault's read key: what a restore would find. */
import { makeChunkNamer } from "../../agent/chunk/chunk-id.ts";
import { open } from "../../agent/chunk/open.ts";
import type { Entry, Slice } from "../../agent/model/entry.ts";
import { decodeList } from "../../agent/model/list.ts";
import { decodePage } from "../../agent/model/page.ts";
import { readSessionKey } from "../../agent/vault/seal-session.ts";
import { CHUNK_TYPES, type ChunkType } from "../../protocol/pack-format.ts";
import { decodeSnapshotRecord } from "../../protocol/snapshot-record.ts";
import { testKeys } from "./engine.ts";
import type { MemoryService } from "./memory-service.ts";

export interface SnapshotFile {
  readonly entry: Entry;
  /** Of files; `undefined` when the content is missing. */
  readonly content: Buffer | undefined;
}

/** By path (UTF-8, without the leading slash). Every chunk is opened and proved. `sequence` is the last unless given. */
export async function readSnapshot(
  service: MemoryService,
  sequence = service.records.length,
): Promise<Map<string, SnapshotFile>> {
  const record = service.records[sequence - 1];
  if (!record) throw new Error(`there is no snapshot ${sequence}`);
  const chunks = await openAll(service);
  const result = new Map<string, SnapshotFile>();
  const plainOf = (id: Buffer): Buffer => {
    const plain = chunks.get(id.toString("hex"));
    if (!plain) throw new Error(`a snapshot refers to a chunk that is not stored: ${id.toString("hex")}`);
    return plain;
  };
  const slicesOf = (list: Buffer): Slice[] => {
    const decoded = decodeList(plainOf(list));
    return "slices" in decoded ? [...decoded.slices] : decoded.children.flatMap((child) => slicesOf(child.list));
  };
  const readPage = (id: Buffer): void => {
    const page = decodePage(plainOf(id));
    if ("children" in page) for (const child of page.children) readPage(child.page);
    else for (const entry of page.entries) result.set(entry.path.toString(), { entry, content: contentOf(entry) });
  };
  const contentOf = (entry: Entry): Buffer | undefined => {
    if (entry.type !== "file" || entry.content.kind === "missing") return undefined;
    const slices = entry.content.kind === "list" ? slicesOf(entry.content.list) : entry.content.slices;
    return Buffer.concat(
      slices.map((slice) =>
        slice.kind === "hole"
          ? Buffer.alloc(slice.length)
          : plainOf(slice.chunk).subarray(slice.offset, slice.offset + slice.length),
      ),
    );
  };
  readPage(decodeSnapshotRecord(record).root);
  return result;
}

/** The plaintext of every chunk that the service has, by id in hexadecimal. */
async function openAll(service: MemoryService): Promise<Map<string, Buffer>> {
  const { vault: keys } = testKeys();
  const nameChunk = makeChunkNamer(keys.idKey);
  const plains = new Map<string, Buffer>();
  for (const { bytes, frame } of service.packs.values()) {
    const sessionKeys = await Promise.all(frame.sessions.map((enc) => readSessionKey(keys, enc)));
    for (const { id, type, session, offset, length } of frame.chunks) {
      const key = sessionKeys[session];
      const enc = frame.sessions[session];
      if (!key || !enc) throw new Error("a chunk of an unknown session");
      const sealed = bytes.subarray(offset, offset + length);
      plains.set(id.toString("hex"), open(sealed, { type, id, vault: keys.vault, enc, key }, nameChunk));
    }
  }
  return plains;
}

/** How many chunks of each type the given packs hold. */
export function countTypes(service: MemoryService, packs: Iterable<string>): Record<keyof typeof CHUNK_TYPES, number> {
  const counts = { data: 0, bundle: 0, page: 0, list: 0, body: 0 };
  const names = new Map<ChunkType, keyof typeof CHUNK_TYPES>();
  for (const [name, type] of Object.entries(CHUNK_TYPES)) names.set(type, name as keyof typeof CHUNK_TYPES); // Its own keys.
  for (const pack of packs)
    for (const { type } of service.packs.get(pack)?.frame.chunks ?? []) counts[names.get(type) ?? "body"]++;
  return counts;
}
