/** The files of a local copy: written beside, synced, renamed (base/durable-file.ts), so that a power cut leaves whole files or none. */
import { closeSync, fstatSync, readSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder, writeDurably } from "../../base/durable-file.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { decodePackFrame, type PackFrame } from "../../protocol/pack-format.ts";
import { diskError, ignoreCorrupt, isAbsent, onDisk } from "./disk-errors.ts";
import { isPart, type Layout, packPath, parseRecordName, recordName } from "./layout.ts";
import { openPlainSync, readPlain, refuseLink } from "./plain-file.ts";

/** Far above any: what is larger is none. */
const RECORD_BYTES_MAX = 1024 * 1024;
const NOTE_BYTES_MAX = 16 * 1024 * 1024;

/** Folders below `root`, which is there: a disk that went must not come back as a folder on the one below it. */
export async function makeFolders({ root, packs, records, notes }: Layout): Promise<void> {
  await onDisk(root, async () => {
    for (const folder of [packs, records, notes]) {
      await makeFolder(dirname(folder));
      await makeFolder(folder);
    }
  });
}

/** Durably; its own folder must be there. Throws `local/damaged` when it is a link. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return await refuseLink(path);
    throw error;
  }
  await syncFolder(dirname(path));
}

export async function putPackFile(layout: Layout, pack: string, bytes: Buffer): Promise<void> {
  const path = packPath(layout, pack);
  const put = async () => {
    await makeFolder(dirname(path));
    await writeDurably(path, bytes);
  };
  await onDisk(layout.root, put, bytes.length);
}

export const putRecordFile = (layout: Layout, sequence: number, record: string, bytes: Buffer): Promise<void> =>
  onDisk(layout.root, () => writeDurably(join(layout.records, recordName(sequence, record)), bytes), bytes.length);

export const putNoteFile = (layout: Layout, name: string, bytes: Buffer): Promise<void> =>
  onDisk(layout.root, () => writeDurably(join(layout.notes, name), bytes), bytes.length);

/** Those that are gone already are gone. */
export async function removePackFiles(layout: Layout, packs: readonly string[]): Promise<void> {
  await onDisk(layout.root, async () => {
    const folders = new Set<string>();
    for (const pack of packs) {
      const path = packPath(layout, pack);
      await rm(path, { force: true });
      folders.add(dirname(path));
    }
    for (const folder of folders) await syncFolder(folder).catch((error: unknown) => ignoreAbsent(error));
  });
}

/** Ids of the packs that lie there, by their names alone. What a power cut left half-written goes when `mayClear`. */
export async function listPackFiles(layout: Layout, { mayClear = false } = {}): Promise<Set<string>> {
  const found = new Set<string>();
  for (const folder of await namesIn(layout.packs)) {
    if (!/^[0-9a-f]{2}$/.test(folder) || (await isLink(join(layout.packs, folder)))) continue;
    for (const name of await namesIn(join(layout.packs, folder)))
      if (/^[0-9a-f]{64}$/.test(name) && name.startsWith(folder)) found.add(name);
      else if (mayClear && isPart(name)) await rm(join(layout.packs, folder, name), { force: true });
  }
  return found;
}

/** In the order of their numbers. */
export async function listRecordFiles(layout: Layout) {
  const names = await namesIn(layout.records);
  return names.flatMap((name) => parseRecordName(name) ?? []).sort((a, b) => a.sequence - b.sequence);
}

export const readRecordFile = (layout: Layout, sequence: number, record: string): Promise<Buffer> =>
  onDisk(layout.root, () => readPlain(join(layout.records, recordName(sequence, record)), RECORD_BYTES_MAX));

/** One at a time. What is no note by its size or kind is left out. */
export async function* readNoteFiles(layout: Layout): AsyncGenerator<Buffer> {
  const names = (await namesIn(layout.notes)).filter((name) => !isPart(name));
  for (const name of names) {
    const path = join(layout.notes, name);
    const bytes = await onDisk(layout.root, () => readPlain(path, NOTE_BYTES_MAX)).catch(ignoreCorrupt);
    if (bytes) yield bytes;
  }
}

/** Throws `format/malformed` and `pack/corrupt` for what is no whole pack. Reads its ends only. */
export function readPackFrame(layout: Layout, pack: string): { frame: PackFrame; sizeBytes: number } {
  let file: number | undefined;
  try {
    file = openPlainSync(packPath(layout, pack));
    const from = file;
    const sizeBytes = fstatSync(from).size;
    const frame = decodePackFrame(sizeBytes, (offset, length) => {
      const bytes = Buffer.alloc(length);
      if (readSync(from, bytes, 0, length, offset) === length) return bytes;
      throw new HoldfastError("pack/corrupt", { pack, reason: "it is cut short" });
    });
    return { frame, sizeBytes };
  } catch (error) {
    throw diskError(error, layout.root);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch((error: unknown) =>
    isAbsent(error) ? [] : onDisk(folder, () => Promise.reject(error)),
  );
}

function ignoreAbsent(error: unknown): void {
  if (!isAbsent(error)) throw error;
}

const isLink = (folder: string): Promise<boolean> =>
  refuseLink(folder).then(
    () => false,
    () => true,
  );
