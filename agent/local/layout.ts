/** Where things lie in a local copy (format §9.4): one folder for each machine, so that several may share a disk. */
import { join } from "node:path";

export interface Layout {
  /** `<folder>/<machine id>`. */
  readonly root: string;
  readonly card: string;
  readonly index: string;
  readonly packs: string;
  readonly records: string;
  readonly notes: string;
}

export const CARD_NAME = "copy.json";

/** `root`: a machine's own folder. Ids in hexadecimal. */
export function layoutOf(root: string, vault: string): Layout {
  return {
    root,
    card: join(root, CARD_NAME),
    index: join(root, "index.db"),
    packs: join(root, "packs", vault),
    records: join(root, "records", vault),
    notes: join(root, "pruned", vault),
  };
}

export const machineFolder = (folder: string, machine: string): string => join(folder, machine);

export const packPath = ({ packs }: Layout, pack: string): string => join(packs, pack.slice(0, 2), pack);

export const recordName = (sequence: number, record: string): string =>
  `${String(sequence).padStart(16, "0")}-${record}`;

/** `undefined` for what is no record's name. */
export function parseRecordName(name: string): { readonly sequence: number; readonly record: string } | undefined {
  const [, sequence, record] = /^(\d{16})-([0-9a-f]{64})$/.exec(name) ?? [];
  return sequence && record ? { sequence: Number(sequence), record } : undefined;
}

/** Files under way have this ending (base/durable-file.ts); a power cut may leave some. */
export const isPart = (name: string): boolean => name.endsWith(".part");
