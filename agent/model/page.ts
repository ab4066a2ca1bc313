/** Pages of a catalog (format §6.2): leaves hold entries, parents hold children. */
import { aloneInMemory, ByteReader, ByteWriter } from "../../base/bytes.ts";
import { malformed } from "../../protocol/malformed.ts";
import type { Entry, Owner } from "./entry.ts";
import { checkPath, decodeEntry, encodeEntry, NO_PREVIOUS, type Previous, sharedPrefix } from "./entry-codec.ts";
import { IdList, IdTable } from "./id-list.ts";
import { comparePaths } from "./path-order.ts";

/** One page as it is sealed: what it says, and the ids it refers to. */
export interface EncodedPage {
  readonly plain: Buffer;
  /** 32 bytes each. */
  readonly links: Buffer;
}

export interface PageChild {
  readonly firstPath: Buffer;
  readonly page: Buffer;
  readonly entries: number;
  readonly bytes: number;
}

export type Page =
  | { readonly level: 0; readonly entries: readonly Entry[] }
  | { readonly level: number; readonly children: readonly PageChild[] };

const OWNERS_KNOWN_MAX = 64;

/** Collects the entries of one leaf. */
export class LeafWriter {
  readonly #ids = new IdList();
  readonly #owners = new Map<string, number>();
  /** The same by object: most entries share theirs. */
  readonly #known = new Map<Owner, number>();
  readonly #ownerBytes = new ByteWriter(128);
  readonly #entries: ByteWriter;
  #previous: Previous = NO_PREVIOUS;
  #count = 0;
  #bytesBelow = 0;
  #firstPath: Buffer | undefined;

  /** `scratch` is used until the leaf is finished: the next one may have it then. */
  constructor(scratch = new ByteWriter(64 * 1024)) {
    scratch.reset();
    this.#entries = scratch;
  }

  get count(): number {
    return this.#count;
  }

  /** Of the entries so far, encoded. */
  get encodedBytes(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    encodeEntry(entry, this.#previous, this.#ownerIndex(entry.owner), this.#ids, this.#entries);
    this.#previous = entry;
    this.#firstPath ??= aloneInMemory(entry.path);
    this.#count++;
    if (entry.type === "file") this.#bytesBelow += entry.sizeBytes;
  }

  finish(): EncodedPage & Omit<PageChild, "page"> {
    const out = new ByteWriter(this.#entries.length + this.#ownerBytes.length + this.#ids.length * 32 + 64)
      .bytes(Buffer.from("HFPG"))
      .u8(1)
      .u8(0);
    this.#ids.encode(out);
    out.varint(this.#owners.size).bytes(this.#ownerBytes.view()).varint(this.#count).bytes(this.#entries.view());
    const firstPath = this.#firstPath ?? Buffer.alloc(0);
    return { plain: out.view(), links: this.#ids.links(), firstPath, entries: this.#count, bytes: this.#bytesBelow };
  }

  #ownerIndex(owner: Owner): number {
    const index = this.#known.get(owner) ?? this.#newOwnerIndex(owner);
    if (this.#known.size < OWNERS_KNOWN_MAX) this.#known.set(owner, index);
    return index;
  }

  #newOwnerIndex(owner: Owner): number {
    const key = `${owner.uid}:${owner.gid}:${owner.user}:${owner.group}`;
    const known = this.#owners.get(key);
    if (known !== undefined) return known;
    this.#owners.set(key, this.#owners.size);
    this.#ownerBytes
      .varint(owner.uid)
      .varint(owner.gid)
      .string(Buffer.from(owner.user))
      .string(Buffer.from(owner.group));
    return this.#owners.size - 1;
  }
}

export function encodeParent(level: number, children: readonly PageChild[]): EncodedPage {
  const ids = new IdList();
  const body = new ByteWriter(children.length * 64);
  let previous = Buffer.alloc(0);
  for (const child of children) {
    const shared = sharedPrefix(previous, child.firstPath);
    body.varint(shared).string(child.firstPath.subarray(shared)).varint(ids.indexOf(child.page));
    body.varint(child.entries).varint(child.bytes);
    previous = Buffer.from(child.firstPath);
  }
  const out = new ByteWriter(body.length + ids.length * 32 + 64).bytes(Buffer.from("HFPG")).u8(1).u8(level);
  ids.encode(out);
  return { plain: out.varint(children.length).bytes(body.view()).view(), links: ids.links() };
}

/** Throws `format/malformed`. Results don't refer to `plain`'s memory except ids and names, which are views into it. */
export function decodePage(plain: Uint8Array): Page {
  const reader = new ByteReader(plain, malformed("page"));
  reader.magic("HFPG");
  if (reader.u8() !== 1) reader.fail("its version is unknown");
  const level = reader.u8();
  if (level > 16) reader.fail("its level is not possible");
  const ids = new IdTable(reader);
  const page: Page =
    level === 0 ? { level, entries: decodeEntries(reader, ids) } : { level, children: decodeChildren(reader, ids) };
  ids.end();
  reader.end();
  return page;
}

/** The ids a page refers to, without decoding the rest. */
export function pageLinks(plain: Uint8Array): Buffer {
  const reader = new ByteReader(plain, malformed("page"));
  reader.magic("HFPG");
  reader.bytes(2);
  return reader.bytes(reader.count(32) * 32);
}

function decodeEntries(reader: ByteReader, ids: IdTable): Entry[] {
  const owners: Owner[] = Array.from({ length: reader.count(4) }, () => ({
    uid: reader.varint(),
    gid: reader.varint(),
    user: reader.string().toString(),
    group: reader.string().toString(),
  }));
  const count = reader.count(7);
  const entries: Entry[] = [];
  let previous: Previous = NO_PREVIOUS;
  for (let index = 0; index < count; index++) {
    const entry = decodeEntry(reader, previous, owners, ids);
    if (index > 0 && comparePaths(previous.path, entry.path) >= 0) reader.fail("its entries are not in order");
    entries.push(entry);
    previous = entry;
  }
  return entries;
}

function decodeChildren(reader: ByteReader, ids: IdTable): PageChild[] {
  const count = reader.count(5);
  if (count === 0) reader.fail("a parent has no children");
  const children: PageChild[] = [];
  let previous = Buffer.alloc(0);
  for (let index = 0; index < count; index++) {
    const shared = reader.varint();
    if (shared > previous.length) reader.fail("a path shares more than there is");
    const firstPath = Buffer.concat([previous.subarray(0, shared), reader.string()]);
    checkPath(firstPath, reader);
    if (index > 0 && comparePaths(previous, firstPath) >= 0) reader.fail("its children are not in order");
    children.push({ firstPath, page: ids.get(reader.varint()), entries: reader.varint(), bytes: reader.varint() });
    previous = firstPath;
  }
  return children;
}
