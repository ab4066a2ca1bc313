/** One entry of a leaf page (format §6.3), relative to the entry before it. */
import type { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { type Attribute, type Content, ENTRY_TYPES, type Entry, type EntryBase, type Owner } from "./entry.ts";
import type { IdList, IdTable } from "./id-list.ts";
import { decodeSlice, encodeSlice, slicesLength } from "./slice-codec.ts";

export const FLAGS = { attributes: 1, linkGroup: 2, list: 4, changing: 8, missing: 16 } as const;
const ALL_FLAGS = 31;
export const SLICES_MAX = 32;
const PATH_BYTES_MAX = 1024 * 1024;
const TYPE_NUMBERS: Readonly<Record<Entry["type"], number>> = {
  file: 0,
  folder: 1,
  symlink: 2,
  fifo: 3,
  socket: 4,
  "character-device": 5,
  "block-device": 6,
};

/** What an entry is written relative to. */
export interface Previous {
  readonly path: Buffer;
  readonly mtimeSeconds: number;
}
export const NO_PREVIOUS: Previous = { path: Buffer.alloc(0), mtimeSeconds: 0 };

export function encodeEntry(entry: Entry, previous: Previous, ownerIndex: number, ids: IdList, out: ByteWriter): void {
  const shared = sharedPrefix(previous.path, entry.path);
  out.varint(shared).string(entry.path.subarray(shared)).u8(TYPE_NUMBERS[entry.type]).varint(flagsOf(entry));
  out
    .varint(entry.mode)
    .varint(ownerIndex)
    .svarint(entry.mtimeSeconds - previous.mtimeSeconds)
    .varint(entry.mtimeNanoseconds);
  switch (entry.type) {
    case "file":
      out.varint(entry.sizeBytes);
      encodeContent(entry.content, ids, out);
      break;
    case "symlink":
      out.string(entry.target);
      break;
    case "character-device":
    case "block-device":
      out.varint(entry.major).varint(entry.minor);
      break;
    case "folder":
    case "fifo":
    case "socket":
      break;
  }
  if (entry.linkGroup) out.bytes(entry.linkGroup);
  if (entry.attributes.length > 0) {
    out.varint(entry.attributes.length);
    for (const { name, value } of entry.attributes) out.string(name).string(value);
  }
}

export function decodeEntry(reader: ByteReader, previous: Previous, owners: readonly Owner[], ids: IdTable): Entry {
  const shared = reader.varint();
  if (shared > previous.path.length) reader.fail("a path shares more than there is");
  const path = reader.stringBehind(previous.path, shared);
  checkPath(path, reader, shared);
  const type = ENTRY_TYPES[reader.u8()] ?? reader.fail("an entry's type is unknown");
  const flags = reader.varint();
  if ((flags & ~ALL_FLAGS) !== 0) reader.fail("an entry's flags are unknown");
  if (type !== "file" && (flags & (FLAGS.list | FLAGS.changing | FLAGS.missing)) !== 0)
    reader.fail("only files have content");
  if ((flags & FLAGS.list) !== 0 && (flags & FLAGS.missing) !== 0) reader.fail("a file has a list and no content");
  const mode = reader.varint();
  if (mode > 0o7777) reader.fail("a mode is out of range");
  const owner = owners[reader.varint()] ?? reader.fail("an owner is out of range");
  const mtimeSeconds = previous.mtimeSeconds + reader.svarint();
  const mtimeNanoseconds = reader.varint();
  if (mtimeNanoseconds >= 1_000_000_000) reader.fail("nanoseconds are out of range");

  const sizeBytes = type === "file" ? reader.varint() : 0;
  const content: Content = type === "file" ? decodeContent(reader, flags, sizeBytes, ids) : { kind: "missing" };
  const target = type === "symlink" ? Buffer.from(reader.string()) : undefined;
  const isDevice = type === "character-device" || type === "block-device";
  const [major, minor] = isDevice ? [reader.varint(), reader.varint()] : [0, 0];
  const linkGroup = flags & FLAGS.linkGroup ? Buffer.from(reader.bytes(8)) : undefined;
  const attributes = flags & FLAGS.attributes ? decodeAttributes(reader) : NO_ATTRIBUTES;
  const base: EntryBase = { path, mode, owner, mtimeSeconds, mtimeNanoseconds, attributes, linkGroup };
  if (type === "file") return { ...base, type, sizeBytes, content, changing: (flags & FLAGS.changing) !== 0 };
  if (target) return { ...base, type: "symlink", target };
  if (type === "character-device" || type === "block-device") return { ...base, type, major, minor };
  if (type === "symlink") return reader.fail("a symlink has no target");
  return { ...base, type };
}

const NO_ATTRIBUTES: readonly Attribute[] = [];

function flagsOf(entry: Entry): number {
  let flags = entry.attributes.length > 0 ? FLAGS.attributes : 0;
  if (entry.linkGroup) flags |= FLAGS.linkGroup;
  if (entry.type !== "file") return flags;
  if (entry.content.kind === "list") flags |= FLAGS.list;
  if (entry.content.kind === "missing") flags |= FLAGS.missing;
  if (entry.changing) flags |= FLAGS.changing;
  return flags;
}

function encodeContent(content: Content, ids: IdList, out: ByteWriter): void {
  if (content.kind === "list") out.varint(ids.indexOf(content.list));
  if (content.kind !== "slices") return;
  out.varint(content.slices.length);
  for (const slice of content.slices) encodeSlice(slice, ids, out);
}

function decodeContent(reader: ByteReader, flags: number, sizeBytes: number, ids: IdTable): Content {
  if (flags & FLAGS.missing) return { kind: "missing" };
  if (flags & FLAGS.list && sizeBytes === 0) reader.fail("an empty file has a list");
  if (flags & FLAGS.list) return { kind: "list", list: Buffer.from(ids.get(reader.varint())) };
  const count = reader.count(2);
  if (count > SLICES_MAX) reader.fail("a file has too many slices");
  const slices = Array.from({ length: count }, () => decodeSlice(reader, ids));
  if (slicesLength(slices) !== sizeBytes) reader.fail("a file's slices don't sum to its size");
  return { kind: "slices", slices };
}

function decodeAttributes(reader: ByteReader): Attribute[] {
  const attributes = Array.from({ length: reader.count(2) }, () => ({
    name: Buffer.from(reader.string()),
    value: Buffer.from(reader.string()),
  }));
  if (attributes.length === 0) reader.fail("attributes are announced and missing");
  for (const [index, { name }] of attributes.entries()) {
    const before = attributes[index - 1];
    if (before && Buffer.compare(before.name, name) >= 0) reader.fail("attributes are not sorted");
  }
  return attributes;
}

/** No empty path, no leading, trailing or doubled slash, no `.` or `..`, no NUL (format §6.1). `shared` bytes are those of a path that was checked. */
export function checkPath(path: Buffer, reader: ByteReader, shared = 0): void {
  if (path.length === 0 || path.length > PATH_BYTES_MAX) reader.fail("a path's length is not allowed");
  let start = shared === 0 ? 0 : path.lastIndexOf(0x2f, shared - 1) + 1;
  for (let at = start; at <= path.length; at++) {
    if (path[at] === 0) reader.fail("a path contains NUL");
    if (at < path.length && path[at] !== 0x2f) continue;
    const length = at - start;
    const isDots = path[start] === 0x2e && (length === 1 || (length === 2 && path[start + 1] === 0x2e));
    if (length === 0 || length > 1024 || isDots) reader.fail("a path has a component that is not allowed");
    start = at + 1;
  }
}

export function sharedPrefix(a: Buffer, b: Buffer): number {
  const length = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < length && a[shared] === b[shared]) shared++;
  return shared;
}
