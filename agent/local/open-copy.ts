/** Opens a machine's local copy: finds it, makes sure that it is ours and the right one, and brings its index up to date. */
import { lstatSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import type { Random } from "../../base/random.ts";
import { isDamage } from "../../base/sqlite.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { agree } from "./agree.ts";
import { type CopyCard, findCard, writeCard } from "./copy-card.ts";
import { makeFolder, makeFolders } from "./copy-files.ts";
import { CopyIndex } from "./copy-index.ts";
import { diskError, isAbsent, onDisk } from "./disk-errors.ts";
import { type Layout, layoutOf, machineFolder } from "./layout.ts";

export interface OpenCopy extends Disposable {
  readonly layout: Layout;
  readonly card: CopyCard;
  readonly index: CopyIndex;
}

export interface OwnCopyOptions {
  /** As the settings name it; it must be there. */
  readonly folder: string;
  /** What the card of a new copy says. */
  readonly own: Omit<CopyCard, "version" | "copy" | "madeAt">;
  readonly nowMs: number;
  readonly random: Random;
  /** A copy was made in this folder before: then an empty one is a disk that is not mounted, or another one. */
  readonly isExpected: boolean;
  /** A new one, where there is none. */
  readonly mayBegin: boolean;
}

/** For writing. Throws `local/missing`, `local/other-disk`, `local/not-ours`, `local/damaged`, `local/unwritable`. */
export async function openOwnCopy(options: OwnCopyOptions): Promise<OpenCopy> {
  const { folder, own } = options;
  await checkFolder(folder);
  const layout = layoutOf(machineFolder(folder, own.machine), own.vault);
  const card = (await findCard(layout.card)) ?? (await beginCopy(options, layout));
  if (card.machine !== own.machine || card.vault !== own.vault)
    throw new HoldfastError("local/not-ours", { path: layout.root });
  await makeFolders(layout);
  const index = await agreedIndex(layout);
  return { layout, card, index, [Symbol.dispose]: () => index[Symbol.dispose]() };
}

/** Damage may show only when the index is read. */
async function agreedIndex(layout: Layout): Promise<CopyIndex> {
  const found = openIndex(layout);
  if (found)
    try {
      await agree(layout, found, { mayClear: true });
      return found;
    } catch (error) {
      found[Symbol.dispose]();
      if (!isDamage(error)) throw diskError(error, layout.root);
    }
  const anew = await openIndexAnew(layout);
  try {
    await onDisk(layout.root, () => agree(layout, anew, { mayClear: true }));
    return anew;
  } catch (error) {
    anew[Symbol.dispose]();
    throw error;
  }
}

/** For reading: nothing is written, also not to the index. */
export async function openCopyToRead(root: string): Promise<OpenCopy> {
  const card = await findCard(layoutOf(root, "").card);
  if (!card) throw new HoldfastError("local/missing", { path: root, reason: "there is no copy.json in it" });
  const layout = layoutOf(root, card.vault);
  const index = (await openIndexToRead(layout)) ?? (await indexInMemory(layout));
  return { layout, card, index, [Symbol.dispose]: () => index[Symbol.dispose]() };
}

async function checkFolder(folder: string): Promise<void> {
  const found = await onDisk(folder, () => stat(folder));
  if (!found.isDirectory()) throw new HoldfastError("local/missing", { path: folder, reason: "it is no folder" });
}

/** The card comes last: what it names is there. */
async function beginCopy({ folder, own, nowMs, random, isExpected, mayBegin }: OwnCopyOptions, layout: Layout) {
  if (isExpected && !mayBegin) throw new HoldfastError("local/other-disk", { path: folder });
  const madeAt = new Date(nowMs).toISOString();
  const card: CopyCard = { version: 1, copy: random(32).toString("hex"), ...own, madeAt };
  await onDisk(folder, () => makeFolder(layout.root));
  await makeFolders(layout);
  await writeCard(layout.card, card);
  return card;
}

/** `undefined`: it can't be used, and is only a cache. */
function openIndex({ index, root }: Layout): CopyIndex | undefined {
  if (!isPlain(index)) return undefined;
  try {
    return new CopyIndex(index);
  } catch (error) {
    const told = diskError(error, root);
    if (told instanceof HoldfastError) throw told;
    return undefined;
  }
}

async function openIndexAnew(layout: Layout): Promise<CopyIndex> {
  return await onDisk(layout.root, async () => {
    for (const suffix of SUFFIXES) await rm(layout.index + suffix, { force: true });
    return new CopyIndex(layout.index);
  });
}

/** Only as long as it knows every pack: what a cut run left unfinished can't be mended on a disk that is only read. */
async function openIndexToRead(layout: Layout): Promise<CopyIndex | undefined> {
  try {
    await stat(layout.index);
    if (!isPlain(layout.index)) return undefined;
    return new CopyIndex(layout.index, { readOnly: true });
  } catch (error) {
    if (isAbsent(error) || isDamage(error) || (error instanceof Error && "errcode" in error)) return undefined;
    throw error;
  }
}

/** SQLite would wait for a pipe. */
function isPlain(index: string): boolean {
  return SUFFIXES.every((suffix) => lstatSync(index + suffix, { throwIfNoEntry: false })?.isFile() ?? true);
}

const SUFFIXES = ["", "-journal", "-wal", "-shm"];

/** It takes a look at both ends of every pack. */
async function indexInMemory(layout: Layout): Promise<CopyIndex> {
  const index = new CopyIndex("");
  await onDisk(layout.root, () => agree(layout, index));
  return index;
}
