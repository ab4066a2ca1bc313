/** What a folder held: one level, or everything below. */
import { HoldfastError } from "../../protocol/errors.ts";
import { catalogPath } from "../disk/disk-path.ts";
import type { Entry } from "../model/entry.ts";
import type { Snapshot } from "../vault/vault.ts";

export interface ListOptions {
  readonly recursive?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** In catalog order. A path that is no folder gives itself. Throws `restore/no-match`. */
export async function* listFolder(
  snapshot: Snapshot,
  path: string | Buffer,
  { recursive = false, signal }: ListOptions = {},
): AsyncGenerator<Entry> {
  const { catalog } = snapshot;
  const folder = catalogPath(path);
  if (folder.length > 0) {
    const itself = await catalog.find(folder, signal);
    if (!itself) throw new HoldfastError("restore/no-match", { snapshot: snapshot.view.sequence, path: String(path) });
    if (itself.type !== "folder") {
      yield itself;
      return;
    }
  }
  const batches = recursive ? catalog.entries({ within: [folder], signal }) : catalog.folder(folder, { signal });
  for await (const batch of batches) for (const entry of batch) if (entry.path.length > folder.length) yield entry;
}
