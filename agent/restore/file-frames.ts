/**
 * Files on their way from a service that opened the backups to the machine whose they are (protocol, "Ordered files"): entries as the catalog has them, and
 * their bytes. Without the last frame it is not whole.
 */
import { ByteReader, ByteWriter, type Fail } from "../../base/bytes.ts";
import { malformed } from "../../protocol/malformed.ts";
import type { Problem } from "../../protocol/messages/sessions.ts";
import type { Entry } from "../model/entry.ts";
import { decodePage, LeafWriter } from "../model/page.ts";

const MAGIC = Buffer.from("HFOF\x01", "latin1");
const KINDS = { totals: 1, entry: 2, bytes: 3, hole: 4, end: 5, left: 6, whole: 7 } as const;
const HEAD_BYTES = 5;
/** A page of one entry with all of its attributes fits. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;
/** So much of nothing is worth a hole. */
const HOLE_BYTES = 64 * 1024;
const ZEROS = Buffer.alloc(HOLE_BYTES);

export type Frame =
  | { readonly kind: "totals"; readonly files: number; readonly bytes: number }
  /** Of a file its content follows: bytes and holes, then its end. Every name of a link group has all of its content. */
  | { readonly kind: "entry"; readonly entry: Entry }
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "hole"; readonly length: number }
  | { readonly kind: "end" }
  | { readonly kind: "left"; readonly problem: Problem }
  /** The last one: that many files were sent. */
  | { readonly kind: "whole"; readonly files: number };

export const framesBegin = (totals: { files: number; bytes: number }): Buffer =>
  Buffer.concat([MAGIC, frame("totals", new ByteWriter(16).varint(totals.files).varint(totals.bytes).take())]);

/** Where its content lies in packs is nothing for the machine. */
export function entryFrame(entry: Entry): Buffer {
  const leaf = new LeafWriter(new ByteWriter(256));
  leaf.add(entry.type === "file" ? { ...entry, content: { kind: "missing" } } : entry);
  return frame("entry", leaf.finish().plain);
}

/** What can be a hole is one. */
export function* contentFrames(bytes: Buffer): Generator<Buffer> {
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const empty = emptyBytes(bytes, at);
    if (empty > 0) {
      yield* byteFrames(bytes.subarray(from, at));
      yield frame("hole", new ByteWriter(16).varint(empty).take());
      at += empty;
      from = at;
    } else at = Math.min(at + HOLE_BYTES, bytes.length);
  }
  yield* byteFrames(bytes.subarray(from));
}

export const endFrame = (): Buffer => frame("end");

export const leftFrame = ({ path, code, message = "" }: Problem): Buffer => {
  const body = new ByteWriter(256).string(Buffer.from(path)).string(Buffer.from(code)).string(Buffer.from(message));
  return frame("left", body.take());
};

export const wholeFrame = (files: number): Buffer => frame("whole", new ByteWriter(16).varint(files).take());

/** Throws `format/malformed`; `service/unreachable` is for whoever reads to throw when no `whole` came. */
export async function* readFrames(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  // Whoever stops reading ends the connection, too.
  await using queue = new Queue(pieces);
  const magic = await queue.take(MAGIC.length);
  if (magic === undefined) return;
  if (!magic.equals(MAGIC)) fail("it does not begin as it must");
  for (;;) {
    const head = await queue.take(HEAD_BYTES);
    if (head === undefined) return;
    const length = head.readUInt32LE(1);
    if (length > BODY_BYTES_MAX) fail("a frame is too long");
    const body = await queue.take(length);
    if (body === undefined) return;
    yield decode(head[0] ?? 0, body);
  }
}

function decode(kind: number, body: Buffer): Frame {
  const reader = new ByteReader(body, fail);
  const decoded = decodeBody(kind, reader, body);
  if (decoded.kind !== "bytes" && decoded.kind !== "entry") reader.end();
  return decoded;
}

function decodeBody(kind: number, reader: ByteReader, body: Buffer): Frame {
  switch (kind) {
    case KINDS.totals:
      return { kind: "totals", files: reader.varint(), bytes: reader.varint() };
    case KINDS.entry: {
      const page = decodePage(body);
      const [entry, ...more] = "entries" in page ? page.entries : [];
      if (entry === undefined || more.length > 0) fail("an entry's page does not hold one entry");
      return { kind: "entry", entry };
    }
    case KINDS.bytes:
      return { kind: "bytes", bytes: body };
    case KINDS.hole:
      return { kind: "hole", length: reader.varint() };
    case KINDS.end:
      return { kind: "end" };
    case KINDS.left: {
      const [path, code, message] = [reader.string(), reader.string(), reader.string()].map(String);
      return { kind: "left", problem: { path: path ?? "", code: code ?? "", message: message ?? "" } };
    }
    case KINDS.whole:
      return { kind: "whole", files: reader.varint() };
    default:
      return fail("a frame's kind is unknown");
  }
}

const fail: Fail = malformed("ordered files");

function frame(kind: keyof typeof KINDS, body: Buffer = Buffer.alloc(0)): Buffer {
  const framed = Buffer.allocUnsafe(HEAD_BYTES + body.length);
  framed[0] = KINDS[kind];
  framed.writeUInt32LE(body.length, 1);
  body.copy(framed, HEAD_BYTES);
  return framed;
}

function* byteFrames(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield frame("bytes", bytes.subarray(at, at + PIECE_BYTES));
}

/** From there on, in whole steps. */
function emptyBytes(bytes: Buffer, from: number): number {
  let at = from;
  while (at + HOLE_BYTES <= bytes.length && bytes.subarray(at, at + HOLE_BYTES).equals(ZEROS)) at += HOLE_BYTES;
  return at - from;
}

/** Pieces as they come, handed out in lengths that are wanted; at most one frame is held. */
class Queue implements AsyncDisposable {
  readonly #from: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#from = pieces[Symbol.asyncIterator]();
  }

  /** `undefined`: it ended before. */
  async take(length: number): Promise<Buffer | undefined> {
    const parts = [this.#rest];
    let have = this.#rest.length;
    while (have < length) {
      const { value, done } = await this.#from.next();
      if (done) return undefined;
      parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      have += value.byteLength;
    }
    const all = parts.length === 1 ? this.#rest : Buffer.concat(parts);
    this.#rest = all.subarray(length);
    return all.subarray(0, length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#from.return?.();
  }
}
