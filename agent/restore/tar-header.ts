/**
 * Headers of a tar archive (POSIX pax): names, times to the nanosecond, owners, attributes and sizes that don't fit the old fields go into a
 * pax record. Names and attribute values are written as they are, bytes that need not be UTF-8, as GNU tar and bsdtar read them.
 */
import type { Entry } from "../model/entry.ts";

const BLOCK = 512;
const TYPES: Readonly<Record<Exclude<Entry["type"], "socket">, string>> = {
  file: "0",
  symlink: "2",
  "character-device": "3",
  "block-device": "4",
  folder: "5",
  fifo: "6",
};
const HARD_LINK = "1";
const SIZE_MAX = 8 ** 11 - 1;
const ID_MAX = 8 ** 7 - 1;

/** Header blocks of an entry; a file's content and `tarPadding` follow. `linkTo` makes it a hard link. */
export function tarHeader(entry: Exclude<Entry, { type: "socket" }>, linkTo?: Buffer): Buffer {
  const name = entry.type === "folder" ? Buffer.concat([entry.path, Buffer.from("/")]) : entry.path;
  const target = linkTo ?? (entry.type === "symlink" ? entry.target : Buffer.alloc(0));
  const sizeBytes = linkTo || entry.type !== "file" ? 0 : entry.sizeBytes;
  const records = paxRecords(entry, { name, target, sizeBytes });
  const type = linkTo ? HARD_LINK : TYPES[entry.type as keyof typeof TYPES]; // Sockets were excluded.
  const plain = { name, target, sizeBytes, type, entry };
  if (records.length === 0) return block(plain);
  const paxName = Buffer.from("PaxHeaders/entry");
  const pax = block({ name: paxName, target: Buffer.alloc(0), sizeBytes: records.length, type: "x", entry });
  return Buffer.concat([pax, records, Buffer.alloc(tarPadding(records.length)), block(plain)]);
}

export const tarPadding = (sizeBytes: number): number => (BLOCK - (sizeBytes % BLOCK)) % BLOCK;

/** What ends an archive. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * BLOCK);

function paxRecords(
  entry: Entry,
  { name, target, sizeBytes }: { name: Buffer; target: Buffer; sizeBytes: number },
): Buffer {
  const records: Buffer[] = [];
  const add = (key: string | Buffer, value: string | Buffer) =>
    records.push(record(Buffer.from(key), Buffer.from(value)));
  const { owner, mtimeSeconds, mtimeNanoseconds } = entry;
  if (name.length > 100 || !isPlain(name)) add("path", name);
  if (target.length > 100 || !isPlain(target)) add("linkpath", target);
  if (sizeBytes > SIZE_MAX) add("size", String(sizeBytes));
  if (owner.uid > ID_MAX) add("uid", String(owner.uid));
  if (owner.gid > ID_MAX) add("gid", String(owner.gid));
  if (!isShortName(owner.user)) add("uname", owner.user);
  if (!isShortName(owner.group)) add("gname", owner.group);
  if (mtimeNanoseconds !== 0 || mtimeSeconds < 0 || mtimeSeconds > SIZE_MAX)
    add("mtime", time(mtimeSeconds, mtimeNanoseconds));
  for (const { name: attribute, value } of entry.attributes)
    add(Buffer.concat([Buffer.from("SCHILY.xattr."), attribute]), value);
  return Buffer.concat(records);
}

/** `length key=value\n`, where the length counts its own digits. */
function record(key: Buffer, value: Buffer): Buffer {
  const rest = key.length + value.length + 3;
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} `), key, Buffer.from("="), value, Buffer.from("\n")]);
}

/** Before 1970 the fraction counts towards the past. */
function time(seconds: number, nanoseconds: number): string {
  const fraction = (ns: number) => (ns === 0 ? "" : `.${String(ns).padStart(9, "0")}`);
  if (seconds >= 0 || nanoseconds === 0) return `${seconds}${fraction(nanoseconds)}`;
  return `-${-seconds - 1}${fraction(1_000_000_000 - nanoseconds)}`;
}

function block(header: { name: Buffer; target: Buffer; sizeBytes: number; type: string; entry: Entry }): Buffer {
  const { name, target, sizeBytes, type, entry } = header;
  const bytes = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    bytes.write(value.toString(8).padStart(length - 1, "0"), at, "latin1");
  name.copy(bytes, 0, 0, 100);
  octal(entry.mode, 100, 8);
  octal(entry.owner.uid > ID_MAX ? 0 : entry.owner.uid, 108, 8);
  octal(entry.owner.gid > ID_MAX ? 0 : entry.owner.gid, 116, 8);
  octal(sizeBytes > SIZE_MAX ? 0 : sizeBytes, 124, 12);
  octal(Math.min(Math.max(entry.mtimeSeconds, 0), SIZE_MAX), 136, 12);
  bytes.write("        ", 148, "latin1");
  bytes.write(type, 156, "latin1");
  target.copy(bytes, 157, 0, 100);
  bytes.write("ustar\x0000", 257, "latin1");
  if (isShortName(entry.owner.user)) bytes.write(entry.owner.user, 265, "latin1");
  if (isShortName(entry.owner.group)) bytes.write(entry.owner.group, 297, "latin1");
  if ("major" in entry) {
    octal(entry.major, 329, 8);
    octal(entry.minor, 337, 8);
  }
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes;
}

/** Printable ASCII: means the same to every reader. */
const isPlain = (bytes: Buffer): boolean => bytes.every((byte) => byte >= 0x20 && byte < 0x7f);

const isShortName = (name: string): boolean => Buffer.byteLength(name) <= 31 && isPlain(Buffer.from(name));
