/** How a file begins, as lines for a person to look at; what is no text is said to be none. */
import { isUtf8 } from "node:buffer";
import { StringDecoder } from "node:string_decoder";
import type { FileEntry } from "../model/entry.ts";
import type { Vault } from "../vault/vault.ts";
import { fileBytes } from "./file-bytes.ts";

export interface HeadOptions {
  readonly bytesMax: number;
  readonly signal?: AbortSignal | undefined;
}

/** Throws `restore/no-content`, `chunk/lost`, `chunk/corrupt`. */
export async function readHead(
  vault: Pick<Vault, "chunks">,
  file: FileEntry,
  { bytesMax, signal }: HeadOptions,
): Promise<readonly string[]> {
  const end = Math.min(file.sizeBytes, bytesMax);
  const pieces: Buffer[] = [];
  for await (const piece of fileBytes(vault.chunks, file, { start: 0, end }, signal)) pieces.push(Buffer.from(piece));
  const bytes = Buffer.concat(pieces);
  if (bytes.length === 0) return ["(empty)"];
  // A character may be cut in two at the end.
  const text = new StringDecoder("utf8").write(bytes);
  if (bytes.includes(0) || !isUtf8(Buffer.from(text)) || text.includes("\ufffd")) return ["(no text)"];
  const lines = text.split(/\r?\n/);
  return end < file.sizeBytes ? [...lines, "…"] : lines;
}
