/** One file, to be shown in place or downloaded. What it claims to be does not matter: the bytes decide, and nothing in it can run. */

import { type FileRange, fileBytes } from "../../agent/browse/file-bytes.ts";
import type { FileEntry } from "../../agent/model/entry.ts";
import { catalogPathOf, nameOf, spelledPath } from "../../agent/model/spelled-path.ts";
import type { Snapshot } from "../../agent/vault/vault.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { FileQuery } from "../../protocol/messages/web-restore.ts";
import type { OpenVault } from "./open-vaults.ts";
import { isText, pictureOf, SNIFFED_BYTES } from "./sniff.ts";

const PICTURE_BYTES_MAX = 32 * 1024 * 1024;
/** Also for whoever opens it in a tab of its own. */
const SHOWN_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox";

export interface FileAnswer {
  readonly sizeBytes: number;
  /** All bytes of the file. */
  readonly wholeBytes: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: AsyncIterable<Buffer>;
}

/** Throws `entry/missing`. */
export async function findFile(snapshot: Snapshot, path: string): Promise<FileEntry> {
  const entry = await snapshot.catalog.find(catalogPathOf(path));
  if (entry?.type === "file") return entry;
  throw new HoldfastError("entry/missing", { snapshot: snapshot.view.sequence, path });
}

/** `range`: undefined is all of it. */
export function downloadFile(open: OpenVault, file: FileEntry, range: FileRange | undefined): FileAnswer {
  const { start, end } = range ?? { start: 0, end: file.sizeBytes };
  return {
    sizeBytes: end - start,
    wholeBytes: file.sizeBytes,
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": disposition("attachment", nameOf(file.path)),
      "content-security-policy": SHOWN_POLICY,
    },
    pieces: fileBytes(open.vault.chunks, file, { start, end }),
  };
}

/** Throws `restore/not-viewable`. Of a text at most `max` bytes; `x-holdfast-cut` says that there is more. */
export async function viewFile(open: OpenVault, file: FileEntry, { max }: Pick<FileQuery, "max">): Promise<FileAnswer> {
  const { chunks } = open.vault;
  const head = await joined(fileBytes(chunks, file, { start: 0, end: Math.min(SNIFFED_BYTES, file.sizeBytes) }));
  const picture = pictureOf(head);
  const headers = {
    "content-disposition": disposition("inline", nameOf(file.path)),
    "content-security-policy": SHOWN_POLICY,
  };
  const wholeBytes = file.sizeBytes;
  if (picture !== undefined && wholeBytes <= PICTURE_BYTES_MAX)
    return {
      sizeBytes: wholeBytes,
      wholeBytes,
      headers: { ...headers, "content-type": picture },
      pieces: fileBytes(chunks, file),
    };
  const sizeBytes = Math.min(max, wholeBytes);
  const isCut = sizeBytes < wholeBytes;
  const text = picture === undefined ? await joined(fileBytes(chunks, file, { start: 0, end: sizeBytes })) : head;
  if (picture !== undefined || !isText(text, { isCut }))
    throw new HoldfastError("restore/not-viewable", { path: spelledPath(file.path) });
  return {
    sizeBytes,
    wholeBytes,
    headers: {
      ...headers,
      "content-type": "text/plain; charset=utf-8",
      ...(isCut ? { "x-holdfast-cut": String(wholeBytes) } : {}),
    },
    pieces: only(text),
  };
}

async function joined(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(pieces));
}

async function* only(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** RFC 6266: a plain name for everybody, and the real one. */
export function disposition(kind: "attachment" | "inline", name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const real = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${real}`;
}
