/** The local copies that this machine has made, by their ids: so that an empty mount point is not taken for a new disk, and several disks may take turns. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../../base/durable-file.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { id32 } from "../../protocol/messages/fields.ts";
import { isAbsent } from "./disk-errors.ts";

const knownCopy = z.object({
  copy: id32,
  folder: z.string(),
  /** The last backup to it, by the machine's clock (ms); null: none yet. */
  lastUpdateAt: z.number().nullable(),
  /** As of then. */
  bytes: z.number(),
  snapshots: z.number(),
});
export type KnownCopy = z.infer<typeof knownCopy>;

/** What is kept of local copies lies apart from what is kept of the service's history. */
export const localFolder = (dataFolder: string): string => join(dataFolder, "local");

/** One for each copy: none may be taken for another's. */
export const copyStateFolder = (dataFolder: string, copy: string): string =>
  join(localFolder(dataFolder), copy.slice(0, 32));

const pathOf = (dataFolder: string): string => join(localFolder(dataFolder), "copies.json");

/** Throws `state/unusable`. */
export async function readKnownCopies(dataFolder: string): Promise<KnownCopy[]> {
  const path = pathOf(dataFolder);
  try {
    return z.array(knownCopy).parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    if (isAbsent(cause)) return [];
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HoldfastError("state/unusable", { path, reason }, { cause });
  }
}

/** The folder of the data folder must be there. */
export async function rememberCopy(dataFolder: string, copy: KnownCopy): Promise<void> {
  const others = (await readKnownCopies(dataFolder)).filter((each) => each.copy !== copy.copy);
  await writeDurably(pathOf(dataFolder), Buffer.from(`${JSON.stringify([...others, copy], null, 2)}\n`));
}
