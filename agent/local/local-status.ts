/** The local copy in a few facts, for people: a look at one small file on its disk, and at what is remembered. */
import { stat } from "node:fs/promises";
import { findCard } from "./copy-card.ts";
import { findCopySettings, type WhereCopies } from "./copy-settings.ts";
import { readKnownCopies } from "./known-copies.ts";
import { layoutOf, machineFolder } from "./layout.ts";

export interface LocalStatus {
  readonly folder: string;
  /** Its disk is there, with this machine's copy or ready for the first one. */
  readonly isPresent: boolean;
  readonly capBytes: number | null;
  /** Of the last backup to the copy that is there, or else to any in this folder; milliseconds since 1970. */
  readonly lastUpdateAt: number | undefined;
  /** As of then. */
  readonly bytes: number | undefined;
  readonly snapshots: number | undefined;
}

/** `undefined`: none is kept. `machine`: hexadecimal id. */
export async function localStatus(
  dataFolder: string,
  machine: string,
  config: WhereCopies,
): Promise<LocalStatus | undefined> {
  const settings = findCopySettings(config);
  if (!settings) return undefined;
  const { folder, capBytes } = settings;
  const known = (await readKnownCopies(dataFolder).catch(() => [])).filter((each) => each.folder === folder);
  const card = await findCard(layoutOf(machineFolder(folder, machine), "").card).catch(() => undefined);
  const isReady = known.length === 0 && (await isFolder(folder));
  const newest = known.toSorted((a, b) => (b.lastUpdateAt ?? 0) - (a.lastUpdateAt ?? 0))[0];
  const copy = known.find((each) => each.copy === card?.copy) ?? newest;
  return {
    folder,
    isPresent: card?.machine === machine || isReady,
    capBytes,
    lastUpdateAt: copy?.lastUpdateAt ?? undefined,
    bytes: copy?.bytes,
    snapshots: copy?.snapshots,
  };
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
