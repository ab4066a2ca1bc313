/** Entries of a catalog as messages show them. */
import type { Entry } from "../../agent/model/entry.ts";
import { nameOf, spelledPath } from "../../agent/model/spelled-path.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import type { EntryView } from "../../protocol/messages/web-restore.ts";

/** What is not in the catalog itself. */
export type More = Partial<Pick<EntryView, "storedBytes" | "backedUpAt" | "deleted">>;

export const viewEntry = (entry: Entry, more: More = {}): EntryView => ({
  path: spelledPath(entry.path),
  name: nameOf(entry.path),
  kind: kindOf(entry),
  bytes: entry.type === "file" ? entry.sizeBytes : null,
  modifiedAt: new Date(modifiedMs(entry)).toISOString(),
  mode: entry.mode,
  owner: entry.owner.user || String(entry.owner.uid),
  group: entry.owner.group || String(entry.owner.gid),
  target: entry.type === "symlink" ? entry.target.toString() : null,
  isMissing: entry.type === "file" && entry.content.kind === "missing" && entry.sizeBytes > 0,
  storedBytes: null,
  backedUpAt: null,
  deleted: null,
  ...more,
});

export function kindOf({ type }: Pick<Entry, "type">): EntryView["kind"] {
  switch (type) {
    case "symlink":
      return "link";
    case "character-device":
    case "block-device":
      return "device";
    default:
      return type;
  }
}

/** Within what dates can say (years 1 to 9999). */
const modifiedMs = ({ mtimeSeconds, mtimeNanoseconds }: Entry): number =>
  Math.max(
    -62_135_596_800_000,
    Math.min(mtimeSeconds * 1000 + Math.floor(mtimeNanoseconds / 1e6), 253_402_300_799_999),
  );

export const shownSnapshot = ({ sequence, receivedAt, incomplete }: SnapshotView) => ({
  sequence,
  receivedAt,
  incomplete,
});
