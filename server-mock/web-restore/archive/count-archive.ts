/** How much an archive will hold: a walk over the pages of its catalogs, no content is read. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { ArchiveTotals } from "../../domain/restores/archive-runs.ts";
import type { ArchiveWish } from "../../domain/restores/wishes.ts";
import type { OpenVault } from "../open-vaults.ts";
import { Problems } from "./problems.ts";
import { wantedEntries } from "./wanted-entries.ts";
import { ZIP_ENTRIES_MAX } from "./zip-sink.ts";

/** `tell` is called for each few thousand entries. Throws `entry/missing`, `restore/too-many-for-zip`, and what reading a catalog throws. */
export async function countArchive(
  open: OpenVault,
  { parts, format }: ArchiveWish,
  { tell, signal }: { tell: () => Promise<void>; signal: AbortSignal },
): Promise<{ totals: ArchiveTotals; problems: Problems }> {
  const problems = new Problems();
  let files = 0;
  let bytes = 0;
  let entries = 0;
  for (const { snapshot: sequence, paths } of parts) {
    const snapshot = await open.open(sequence);
    const options = {
      signal,
      onDamage: problems.addDamage.bind(problems),
      onUnsafe: ({ path }: { path: Buffer }) => problems.addUnsafe(path),
    };
    for await (const batch of wantedEntries(snapshot, paths, options)) {
      entries += batch.length;
      for (const entry of batch) {
        if (entry.type !== "file") continue;
        files++;
        bytes += entry.sizeBytes;
      }
      await tell();
    }
  }
  if (format === "zip" && entries > ZIP_ENTRIES_MAX)
    throw new HoldfastError("restore/too-many-for-zip", { entries, limit: ZIP_ENTRIES_MAX });
  return { totals: { files, bytes }, problems };
}
