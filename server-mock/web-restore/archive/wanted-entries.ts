/** The entries of one part of an archive: what lies at and below the chosen paths of one snapshot, with the folders on the way there. */
import type { Entry } from "../../../agent/model/entry.ts";
import { isWithin } from "../../../agent/model/path-order.ts";
import { catalogPathOf, spelledPath } from "../../../agent/model/spelled-path.ts";
import { select, selectedEntries } from "../../../agent/restore/selection.ts";
import type { Damage } from "../../../agent/vault/catalog-reader.ts";
import type { Snapshot } from "../../../agent/vault/vault.ts";
import { HoldfastError } from "../../../protocol/errors.ts";

export interface WantedOptions {
  readonly signal: AbortSignal;
  readonly onDamage: (damage: Damage) => void;
  /** What no honest catalog has: something below a file or link. */
  readonly onUnsafe: (entry: Entry) => void;
}

/** Throws `entry/missing` for a path that is not there. */
export async function* wantedEntries(
  snapshot: Snapshot,
  paths: readonly string[],
  { signal, onDamage, onUnsafe }: WantedOptions,
): AsyncGenerator<readonly Entry[]> {
  const within = paths.map(catalogPathOf);
  for (const path of within) {
    if (path.length === 0 || (await snapshot.catalog.find(path, signal)) !== undefined) continue;
    throw new HoldfastError("entry/missing", { snapshot: snapshot.view.sequence, path: spelledPath(path) });
  }
  const selection = await select(snapshot, within, signal);
  // Whoever unpacks would follow a link that was made before what lies "below" it.
  let leaf: Buffer | undefined;
  for await (const batch of selectedEntries(snapshot, selection, { signal, onDamage })) {
    const safe: Entry[] = [];
    for (const entry of batch) {
      if (leaf !== undefined && isWithin(entry.path, leaf)) {
        onUnsafe(entry);
        continue;
      }
      leaf = entry.type === "folder" ? undefined : entry.path;
      safe.push(entry);
    }
    yield safe;
  }
}
