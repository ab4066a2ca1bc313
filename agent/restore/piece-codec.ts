/**
 * What a thread does with the chunks of a range: for each chunk, the pieces of it and where they go. Flat, for a tree of small files has one for
 * every file: `varint pieces`, then each of them.
 */
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { bug } from "../../protocol/errors.ts";
import type { WholeFile } from "../disk/whole-files.ts";
import type { Attribute, FileEntry } from "../model/entry.ts";

interface Part {
  /** In the chunk. */
  readonly offset: number;
  readonly length: number;
}

/** Bytes for an open file, or all there is of one. */
export type PieceToPlace = Part &
  (
    | { readonly kind: "part"; readonly fd: number; readonly position: number }
    | { readonly kind: "whole"; readonly file: WholeFile }
  );

const KINDS = { part: 0, wholeInSameFolder: 1, whole: 2 } as const;
const SLASH = 0x2f;

export class PieceWriter {
  readonly #out = new ByteWriter(16 * 1024);
  #folder: Buffer | undefined;

  /** `pieces` follow. */
  beginChunk(pieces: number): void {
    this.#out.varint(pieces);
  }

  part({ fd, position, offset, length }: Part & { fd: number; position: number }): void {
    this.#out.u8(KINDS.part).varint(fd).varint(position).varint(offset).varint(length);
  }

  /** `owner`: in numbers of this machine. `position`: where its only bytes begin. */
  whole(
    entry: FileEntry,
    { owner, position, offset, length }: Part & { owner: { uid: number; gid: number }; position: number },
  ): void {
    const out = this.#out;
    const slash = entry.path.lastIndexOf(SLASH);
    const folder = entry.path.subarray(0, Math.max(0, slash));
    if (this.#folder?.equals(folder)) out.u8(KINDS.wholeInSameFolder);
    else out.u8(KINDS.whole).string(folder);
    this.#folder = folder;
    out
      .string(entry.path.subarray(slash + 1))
      .varint(entry.sizeBytes)
      .varint(entry.mode);
    out.varint(owner.uid).varint(owner.gid).svarint(entry.mtimeSeconds).varint(entry.mtimeNanoseconds);
    out.varint(entry.attributes.length);
    for (const { name, value } of entry.attributes) out.string(name).string(value);
    out.varint(position).varint(offset).varint(length);
  }

  /** In memory of its own. */
  take(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#out.view());
  }
}

export class PieceReader {
  readonly #reader: ByteReader;
  #folder: Buffer = Buffer.alloc(0);

  constructor(work: Uint8Array) {
    this.#reader = new ByteReader(work, (reason) => bug(`pieces that nobody wrote: ${reason}`));
  }

  /** How many follow. */
  beginChunk(): number {
    return this.#reader.varint();
  }

  next(): PieceToPlace {
    const reader = this.#reader;
    const kind = reader.u8();
    if (kind === KINDS.part) {
      const [fd, position] = [reader.varint(), reader.varint()];
      return { kind: "part", fd, position, offset: reader.varint(), length: reader.varint() };
    }
    if (kind === KINDS.whole) this.#folder = reader.string();
    const file = this.#file();
    const position = reader.varint();
    return { kind: "whole", file: { ...file, position }, offset: reader.varint(), length: reader.varint() };
  }

  #file(): Omit<WholeFile, "position"> {
    const reader = this.#reader;
    const name = reader.string();
    const [sizeBytes, mode, uid, gid] = [reader.varint(), reader.varint(), reader.varint(), reader.varint()];
    const [mtimeSeconds, mtimeNanoseconds] = [reader.svarint(), reader.varint()];
    const attributes: Attribute[] = [];
    for (let left = reader.varint(); left > 0; left--)
      attributes.push({ name: reader.string(), value: reader.string() });
    const owner = { uid, gid, user: "", group: "" };
    return {
      type: "file",
      folder: this.#folder,
      name,
      sizeBytes,
      mode,
      owner,
      mtimeSeconds,
      mtimeNanoseconds,
      attributes,
    };
  }
}
