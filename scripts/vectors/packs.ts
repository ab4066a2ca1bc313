/** Vectors for packs (format §5). */
import { ByteWriter } from "../../base/bytes.ts";
import { crc32, sha256 } from "../../base/digest.ts";
import { decodePackFrame, encodePackEnd, encodePackHeader, type PackChunk } from "../../protocol/pack-format.ts";
import { hex, refusal, session, someId, spoiled, stream, VAULT } from "./fixed.ts";
import { sealByHand, sealedId } from "./sealed.ts";

interface Part {
  readonly type: 1 | 2 | 3 | 4;
  readonly session: number;
  readonly links: readonly Buffer[];
  readonly sealed: Buffer;
  readonly id: Buffer;
}

export interface PackParts {
  readonly kind: 0 | 1;
  readonly encs: readonly Buffer[];
  readonly parts: readonly Part[];
}

export function packOf({ kind, encs, parts }: PackParts): Buffer {
  const header = encodePackHeader({ kind, vault: VAULT, sessions: encs });
  let at = header.length;
  const chunks = parts.map(({ id, type, session, links, sealed }): PackChunk => {
    const offset = at;
    at += sealed.length;
    return { id, type, session, offset, length: sealed.length, links: Buffer.concat(links) };
  });
  return Buffer.concat([header, ...parts.map(({ sealed }) => sealed), encodePackEnd(chunks, at)]);
}

export const decodePack = (bytes: Buffer) =>
  decodePackFrame(bytes.length, (offset, length) => bytes.subarray(offset, offset + length));

export async function packs() {
  const sessions = [await session("pack one"), await session("pack two")] as const;
  const part = (type: Part["type"], plain: Buffer, index: 0 | 1 = 0, links: readonly Buffer[] = []): Part => ({
    type,
    session: index,
    links,
    id: sealedId({ type, plain }),
    sealed: sealByHand({ type, plain, session: sessions[index], sessionIndex: index, counter: BigInt(plain.length) }),
  });
  const encs = sessions.map(({ enc }) => enc);
  const data: PackParts = { kind: 0, encs, parts: [part(1, stream("data", 300)), part(2, stream("bundle", 40), 1)] };
  const links = [someId("a"), someId("b")];
  const pages: PackParts = {
    kind: 1,
    encs,
    parts: [part(3, Buffer.from("page"), 0, links), part(4, Buffer.from("a list"), 1)],
  };
  const one: PackParts = { kind: 0, encs: encs.slice(0, 1), parts: [part(1, Buffer.alloc(0))] };
  const good = [
    ["data and a bundle, of two sessions", data],
    ["a page with links and a list without", pages],
    ["one empty chunk", one],
  ] as const;
  return {
    good: good.map(([name, parts]) => {
      const bytes = packOf(parts);
      const frame = decodePack(bytes);
      return {
        name,
        bytes: hex(bytes),
        id: hex(sha256(bytes)),
        kind: frame.kind,
        vault: hex(frame.vault),
        sessions: frame.sessions.map(hex),
        chunks: frame.chunks.map(({ id, links, ...rest }) => ({ id: hex(id), ...rest, links: hex(links) })),
      };
    }),
    bad: badOnes(packOf(data), packOf(pages)).map(({ name, bytes }) => ({
      name,
      bytes: hex(bytes),
      ...refusal(name, () => decodePack(bytes)),
    })),
  };
}

/** Rows of the directory are 47 bytes and links. */
function badOnes(data: Buffer, pages: Buffer): { name: string; bytes: Buffer }[] {
  const row = (index: number, field: number) => data.readUInt32LE(data.length - 24) + 47 * index + field;
  /** Changed, with all checksums right again. */
  const changed = (name: string, change: (bytes: Buffer) => void, pack = data) => {
    const bytes = Buffer.from(pack);
    change(bytes);
    return { name, bytes: summed(bytes) };
  };
  const trailer = (bytes: Buffer, field: number) => bytes.length - 24 + field;
  const wrong = (name: string, at: number) => {
    const bytes = Buffer.from(data);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return { name, bytes };
  };
  return [
    ...spoiled(data, "HFPK").map(({ name, bytes }) => ({
      name,
      bytes: name.includes("version") ? summed(bytes) : bytes,
    })),
    changed("of an unknown kind", (bytes) => bytes.writeUInt8(2, 5)),
    changed("without a session", (bytes) => bytes.writeUInt16LE(0, 6)),
    changed("of 1,025 sessions", (bytes) => bytes.writeUInt16LE(1025, 6)),
    changed("of more sessions than there is room for", (bytes) => bytes.writeUInt16LE(1024, 6)),
    wrong("a wrong checksum of the header", 24 + 64),
    wrong("an altered session", 30),
    wrong("a wrong checksum of the directory", row(0, 0)),
    wrong("a wrong checksum of the trailer", data.length - 8),
    wrong("another magic at the end", data.length - 1),
    changed("a directory that begins too early", (bytes) =>
      bytes.writeUInt32LE(bytes.readUInt32LE(trailer(bytes, 0)) - 1, trailer(bytes, 0)),
    ),
    changed("a directory that is too short", (bytes) =>
      bytes.writeUInt32LE(bytes.readUInt32LE(trailer(bytes, 4)) - 1, trailer(bytes, 4)),
    ),
    changed("a directory of 4 GiB", (bytes) => bytes.writeUInt32LE(0xffffffff, trailer(bytes, 4))),
    changed("one chunk too many", (bytes) => bytes.writeUInt32LE(3, trailer(bytes, 8))),
    changed("one chunk too few", (bytes) => bytes.writeUInt32LE(1, trailer(bytes, 8))),
    changed("no chunks", (bytes) => bytes.writeUInt32LE(0, trailer(bytes, 8))),
    changed("as many chunks as can be said", (bytes) => bytes.writeUInt32LE(0xffffffff, trailer(bytes, 8))),
    changed("an unknown type", (bytes) => bytes.writeUInt8(9, row(0, 32))),
    changed("type 0", (bytes) => bytes.writeUInt8(0, row(0, 32))),
    changed("a body", (bytes) => bytes.writeUInt8(5, row(0, 32))),
    changed("a page in a pack of data", (bytes) => bytes.writeUInt8(3, row(0, 32))),
    changed(
      "data in a pack of pages",
      (bytes) => bytes.writeUInt8(1, bytes.readUInt32LE(trailer(bytes, 0)) + 32),
      pages,
    ),
    changed("a session that is not there", (bytes) => bytes.writeUInt16LE(2, row(0, 33))),
    changed("a first chunk that overlaps the header", (bytes) =>
      bytes.writeUInt32LE(bytes.readUInt32LE(row(0, 35)) - 1, row(0, 35)),
    ),
    changed("a last chunk that is said to lie further behind", (bytes) =>
      bytes.writeUInt32LE(bytes.readUInt32LE(row(1, 35)) + 8, row(1, 35)),
    ),
    changed("a gap between chunks", (bytes) => bytes.writeUInt32LE(bytes.readUInt32LE(row(0, 39)) - 8, row(0, 39))),
    changed("chunks that overlap", (bytes) => bytes.writeUInt32LE(bytes.readUInt32LE(row(0, 39)) + 8, row(0, 39))),
    changed("a gap before the directory", (bytes) =>
      bytes.writeUInt32LE(bytes.readUInt32LE(row(1, 39)) - 8, row(1, 39)),
    ),
    changed("a chunk that reaches into the directory", (bytes) =>
      bytes.writeUInt32LE(bytes.readUInt32LE(row(1, 39)) + 8, row(1, 39)),
    ),
    changed("a chunk of 4 GiB", (bytes) => bytes.writeUInt32LE(0xffffffff, row(1, 39))),
    changed("a chunk without content", (bytes) => bytes.writeUInt32LE(0, row(0, 39))),
    changed("data with links", (bytes) => bytes.writeUInt32LE(1, row(0, 43))),
    changed(
      "more links than there is room for",
      (bytes) => bytes.writeUInt32LE(0x07ffffff, bytes.readUInt32LE(trailer(bytes, 0)) + 43),
      pages,
    ),
  ];
}

/** Makes the three checksums right, where there is enough to do so. */
function summed(bytes: Buffer): Buffer {
  const sessions = bytes.readUInt16LE(6);
  const headerEnd = 24 + 32 * sessions;
  if (headerEnd + 4 < bytes.length) bytes.writeUInt32LE(crc32(bytes.subarray(0, headerEnd)), headerEnd);
  const trailer = bytes.length - 24;
  const offset = bytes.readUInt32LE(trailer);
  const directory = bytes.subarray(offset, Math.min(offset + bytes.readUInt32LE(trailer + 4), bytes.length));
  bytes.writeUInt32LE(crc32(directory), trailer + 12);
  bytes.writeUInt32LE(crc32(bytes.subarray(trailer, trailer + 16)), trailer + 16);
  return new ByteWriter().bytes(bytes).take();
}
