/** Which copies lie in a folder: it may be a machine's own, or hold those of several machines. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { HoldfastError } from "../../protocol/errors.ts";
import { type CopyCard, findCard } from "./copy-card.ts";
import { onDisk } from "./disk-errors.ts";
import { CARD_NAME } from "./layout.ts";

export interface FoundCopy {
  /** The machine's own folder. */
  readonly root: string;
  readonly card: CopyCard;
}

/** Throws `local/missing` when the folder can't be listed. Copies that are damaged are left out, unless nothing else is there. */
export async function findCopies(folder: string): Promise<FoundCopy[]> {
  const own = await findCard(join(folder, CARD_NAME));
  if (own) return [{ root: folder, card: own }];
  const names = (await onDisk(folder, () => readdir(folder))).filter((name) => /^[0-9a-f]{32}$/.test(name)).sort();
  const found: FoundCopy[] = [];
  let damage: unknown;
  for (const name of names) {
    const root = join(folder, name);
    try {
      const card = await findCard(join(root, CARD_NAME));
      if (card) found.push({ root, card });
    } catch (error) {
      damage ??= error;
    }
  }
  if (found.length === 0 && damage) throw damage;
  return found;
}

/** `machine`: an id, or a name that only one of them has. `own`: which of several is meant when nothing is said. Throws `local/missing`, `local/several`. */
export async function chooseCopy(folder: string, machine: string | undefined, own?: string): Promise<FoundCopy> {
  const found = await findCopies(folder);
  const ownOne = machine === undefined ? found.find(({ card }) => card.machine === own) : undefined;
  if (ownOne) return ownOne;
  const meant = machine ? found.filter(({ card }) => card.machine === machine || card.name === machine) : found;
  const [first, second] = meant;
  if (first && !second) return first;
  if (!first) {
    const reason = found.length === 0 ? "no machine's copy is in it" : `it has none of machine ${machine ?? ""}`;
    throw new HoldfastError("local/missing", { path: folder, reason });
  }
  const machines = meant.map(({ card }) => `${card.machine} (${card.name})`);
  throw new HoldfastError("local/several", { path: folder, machines });
}
