/**
 * A file that only its passphrase opens: a line of JSON that says how (it is bound into everything behind it), then pieces of at most 1 MiB, each
 * a length and a sealed box that knows its place and whether it is the last. What is cut, swapped or changed does not open.
 */
import type { FileHandle } from "node:fs/promises";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { sha256 } from "../../base/digest.ts";
import { syncFolder } from "../../base/durable-file.ts";
import { type PassphraseCost, passphraseKey } from "../../base/passphrase-key.ts";
import type { Random } from "../../base/random.ts";
import { type SecretBox, secretBox } from "../../base/secret-box.ts";
import { systemCode, systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";

const FORMAT = "holdfast-self-backup";
export const PIECE_BYTES_MAX = 1024 * 1024;
const SEALED_BYTES_MAX = PIECE_BYTES_MAX + 28;
const HEADER_BYTES_MAX = 4096;
const COST: PassphraseCost = { memoryKiB: 256 * 1024, passes: 3, parallelism: 4 };

const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  // A file of a stranger can't exhaust the machine.
  memoryKiB: z
    .int()
    .min(8)
    .max(1024 * 1024),
  passes: z.int().min(1).max(10),
  parallelism: z.int().min(1).max(16),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
});

export interface SealOptions {
  readonly passphrase: string;
  readonly random: Random;
  /** For tests. */
  readonly cost?: PassphraseCost | undefined;
}

/** Durable when it resolves; nothing that is there is replaced: throws `self-backup/in-the-way`. */
export async function writeSealed(path: string, pieces: AsyncIterable<Buffer>, options: SealOptions): Promise<void> {
  const { passphrase, random, cost = COST } = options;
  const salt = random(16);
  const header = Buffer.from(
    `${JSON.stringify({ format: FORMAT, version: 1, ...cost, salt: salt.toString("hex") })}\n`,
  );
  const box = secretBox(await passphraseKey(passphrase, salt, cost), random);
  const beside = `${path}.part`;
  const file = await openNew(beside, path);
  try {
    await file.write(header);
    let index = 0;
    for await (const piece of pieces) await writePiece(file, box.seal(piece, place(header, index++, false)));
    await writePiece(file, box.seal(Buffer.alloc(0), place(header, index, true)));
    await file.sync();
  } catch (error) {
    for (const made of [beside, path]) await rm(made, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(beside, path);
  await syncFolder(dirname(path));
}

/** The name is taken first, by an empty file, so that nobody else's is ever replaced. */
async function openNew(beside: string, path: string): Promise<FileHandle> {
  try {
    await (await open(path, "wx", 0o600)).close();
    return await open(beside, "w", 0o600);
  } catch (error) {
    if (systemCode(error) === "EEXIST") throw new HoldfastError("self-backup/in-the-way", { path });
    throw new HoldfastError("self-backup/unusable", { path, reason: systemReason(error) }, { cause: error });
  }
}

async function writePiece(file: FileHandle, sealed: Buffer): Promise<void> {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(sealed.length);
  await file.write(Buffer.concat([length, sealed]));
}

/** The pieces, in order. Throws `self-backup/unusable`, also when the last one is not there. */
export async function* readSealed(path: string, passphrase: string): AsyncGenerator<Buffer> {
  const unusable = (reason: string) => new HoldfastError("self-backup/unusable", { path, reason });
  const refuse = (error: unknown) => {
    throw unusable(systemReason(error));
  };
  const file = await open(path, "r").catch(refuse);
  try {
    const header = await readHeader(file).catch(refuse); // A folder can be opened, not read.
    const parsed = header === undefined ? undefined : parseHeader(header);
    if (header === undefined || parsed === undefined) throw unusable("it is no copy of a service");
    const box = secretBox(await passphraseKey(passphrase, Buffer.from(parsed.salt, "hex"), parsed), neverRandom);
    let offset = header.length;
    for (let index = 0; ; index++) {
      const sealed = await readPiece(file, offset);
      if (sealed === undefined) throw unusable("its end is missing");
      const opened = openPiece(box, header, index, sealed);
      if (opened === undefined)
        throw unusable(index === 0 ? "the passphrase is wrong, or it is damaged" : "it is damaged");
      if (opened.isLast) return;
      yield opened.piece;
      offset += 4 + sealed.length;
    }
  } finally {
    await file.close();
  }
}

const neverRandom: Random = () => {
  throw new Error("nothing is sealed while a file is read");
};

function openPiece(box: SecretBox, header: Buffer, index: number, sealed: Buffer) {
  const piece = box.open(sealed, place(header, index, false));
  if (piece !== undefined) return { piece, isLast: false };
  const last = box.open(sealed, place(header, index, true));
  return last === undefined ? undefined : { piece: last, isLast: true };
}

const place = (header: Buffer, index: number, isLast: boolean): string =>
  `${FORMAT}/${sha256(header).toString("hex")}/${index}/${isLast ? "last" : "more"}`;

async function readHeader(file: FileHandle): Promise<Buffer | undefined> {
  const start = Buffer.alloc(HEADER_BYTES_MAX);
  const { bytesRead } = await file.read(start, 0, start.length, 0);
  const end = start.subarray(0, bytesRead).indexOf("\n");
  return end === -1 ? undefined : start.subarray(0, end + 1);
}

function parseHeader(header: Buffer): z.infer<typeof headerSchema> | undefined {
  try {
    return headerSchema.safeParse(JSON.parse(header.toString())).data;
  } catch {
    return undefined;
  }
}

async function readPiece(file: FileHandle, offset: number): Promise<Buffer | undefined> {
  const length = Buffer.alloc(4);
  if ((await file.read(length, 0, 4, offset)).bytesRead < 4) return undefined;
  const sealed = Buffer.alloc(Math.min(length.readUInt32LE(), SEALED_BYTES_MAX + 1));
  if (sealed.length > SEALED_BYTES_MAX) return Buffer.alloc(0); // No piece of ours: it opens nothing.
  return (await file.read(sealed, 0, sealed.length, offset + 4)).bytesRead < sealed.length ? undefined : sealed;
}
