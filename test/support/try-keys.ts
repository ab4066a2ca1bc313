/** What a thief would do: tries every value found as every kind of key on everything that is sealed. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openUnnamed } from "../../agent/chunk/open.ts";
import { decodeSealedHeader } from "../../agent/chunk/sealed-frame.ts";
import { deriveVaultKeys } from "../../agent/keys/vault-keys.ts";
import { readSessionKey } from "../../agent/vault/seal-session.ts";
import { CHUNK_TYPES, type ChunkType, decodePackFrame } from "../../protocol/pack-format.ts";

export interface Sealed {
  readonly type: ChunkType;
  readonly bytes: Buffer;
  readonly vault: Buffer;
  /** Encapsulated key of its session. */
  readonly enc: Buffer;
}

/** Follows no links, as Node's own recursive listing does. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}

/** Every sealed chunk of a storage folder. */
export function sealedChunks(storage: string): Sealed[] {
  return filesBelow(join(storage, "packs")).flatMap((path) => {
    const pack = readFileSync(path);
    const frame = decodePackFrame(pack.length, (offset, length) => pack.subarray(offset, offset + length));
    return frame.chunks.flatMap(({ type, session, offset, length }) => {
      const enc = frame.sessions[session];
      return enc ? [{ type, bytes: pack.subarray(offset, offset + length), vault: frame.vault, enc }] : [];
    });
  });
}

/** Values of 32 bytes, whatever way they are written in these files: raw at any field's edge, hexadecimal, base64. */
export function valuesIn(paths: readonly string[]): Buffer[] {
  const found = new Map<string, Buffer>();
  const add = (value: Buffer): void => {
    if (value.length === 32) found.set(value.toString("hex"), value);
  };
  for (const path of paths) {
    const text = readFileSync(path).toString("latin1");
    for (const [word] of text.matchAll(/[0-9a-f]{64}/g)) add(Buffer.from(word, "hex"));
    for (const [word] of text.matchAll(/[A-Za-z0-9+/_-]{43}=?/g)) add(Buffer.from(word, "base64"));
  }
  return [...found.values()];
}

/** As session key, as private read key, and as vault secret. Gives what came to light. */
export async function tryKeys(values: readonly Buffer[], sealed: readonly Sealed[], epoch = 1): Promise<string[]> {
  const opened: string[] = [];
  const attempt = (how: string, key: Buffer, chunk: Sealed): void => {
    try {
      const plain = openUnnamed(chunk.bytes, { ...chunk, key });
      opened.push(`${how} opens ${decodeSealedHeader(chunk.bytes).id.toString("hex")}: ${plain.length} bytes`);
    } catch {
      // As it must be.
    }
  };
  for (const value of values)
    for (const chunk of sealed) {
      attempt("a session key", value, chunk);
      const { vault } = chunk;
      const asRead = await readSessionKey({ vault, epoch, readPrivate: value }, chunk.enc).catch(() => undefined);
      if (asRead) attempt("a read key", asRead, chunk);
      const { readPrivate } = deriveVaultKeys(value, vault, epoch);
      attempt("a vault secret", await readSessionKey({ vault, epoch, readPrivate }, chunk.enc), chunk);
    }
  return opened;
}

/** Those of `canaries` that occur somewhere in these files. */
export function canariesIn(paths: readonly string[], canaries: readonly string[]): string[] {
  const forms = canaries.flatMap((canary) => [
    [canary, Buffer.from(canary)] as const,
    [canary, Buffer.from(Buffer.from(canary).toString("base64").slice(0, -4))] as const,
    [canary, Buffer.from(Buffer.from(canary).toString("hex"))] as const,
  ]);
  return paths.flatMap((path) => {
    const bytes = readFileSync(path);
    return forms.filter(([, form]) => bytes.includes(form)).map(([canary]) => `${canary} in ${path}`);
  });
}

export const isContent = ({ type }: Sealed): boolean => type === CHUNK_TYPES.data || type === CHUNK_TYPES.bundle;
