/**
 * A backup that looks only at changes somebody knows of (a watcher, a script): whether the last catalog allows it, and what must be looked at
 * besides: what the last run could not settle, and the other names of hard-linked files, which must not differ within a snapshot.
 */
import { sha256 } from "../../base/digest.ts";
import type { BackupSet, FileRules } from "../../protocol/messages/policies.ts";
import { type ChangedPath, changedPlaces, type ResolvedRoot } from "../disk/changed-paths.ts";
import type { DefaultRules } from "../disk/defaults/default-rules.ts";
import type { Found } from "../disk/found.ts";
import type { NetworkMount } from "../disk/platform/network-mounts.ts";
import { type KnownChanges, type WalkOptions, walk } from "../disk/walk.ts";
import { type LastCatalog, MARK_BYTES, type MarkedEntry } from "../state/last-catalog.ts";
import type { Head } from "../state/state.ts";
import { inodeOf, isSameFolder, isUnchanged } from "./mark.ts";
import { merge } from "./merge.ts";
import { OldCursor } from "./old-cursor.ts";

/** What is backed up; another choice needs a walk over everything. */
export function selectionDigest(
  options: {
    readonly excludes: readonly string[];
    readonly leftOut: readonly Buffer[];
    readonly oneFileSystem: boolean;
    readonly sets?: readonly BackupSet[];
    readonly defaults?: DefaultRules | undefined;
    readonly refusedMounts?: readonly NetworkMount[];
  },
  roots: readonly ResolvedRoot[] | undefined,
): Buffer {
  const hex = (paths: readonly Buffer[]) => paths.map((path) => path.toString("hex")).sort();
  const { excludes, leftOut, oneFileSystem, sets = [], defaults, refusedMounts = [] } = options;
  const where = roots && hex(roots.map(({ path }) => path));
  const said = sets.map(({ name, exclusionary, roots, include, exclude }) => [
    ...[name, exclusionary, roots, rulesText(include), rulesText(exclude)],
  ]);
  const never = [defaults?.rules, hex(refusedMounts.map(({ path }) => path))];
  return sha256(Buffer.from(JSON.stringify([where, excludes, hex(leftOut), oneFileSystem, said, never])));
}

/** Whatever order the members are in. */
const rulesText = (rules: FileRules): string => JSON.stringify(Object.entries(rules).sort());

export const isPatchable = (head: Head, selection: Buffer): boolean =>
  head.isPatchable && head.selection.equals(selection);

export interface KnownChangesOptions {
  readonly changed: readonly ChangedPath[];
  /** From the last run. */
  readonly unsettled: readonly Buffer[];
  readonly roots: readonly ResolvedRoot[];
  readonly last: LastCatalog;
  readonly walk: Omit<WalkOptions, "onProblem">;
  readonly onOutside: (path: Buffer) => void;
  readonly onIgnored: (path: Buffer) => void;
}

/** What there is to do. */
export interface ChangePlan {
  readonly changes: KnownChanges;
  /** Of files that seem to have changed. */
  readonly files: number;
  readonly bytes: number;
}

/** Throws `LostPage`. */
export function planChanges(options: KnownChangesOptions): ChangePlan {
  const { unsettled, roots, last, onOutside, onIgnored } = options;
  const changed = [...options.changed, ...unsettled.map((path) => ({ path, isDeep: true }))];
  const known = new Set<bigint>();
  for (let isFirst = true; ; isFirst = false) {
    const changes: KnownChanges = {
      places: changedPlaces(changed, roots, isFirst ? onOutside : () => undefined),
      isSame: (path, found) => isSame(last, path, found),
      onIgnored: () => undefined,
    };
    const { inodes, files, bytes } = lookThrough(options, changes);
    const linked = [...inodes].filter((inode) => !known.has(inode));
    if (linked.length === 0) return { changes: { ...changes, onIgnored }, files, bytes };
    for (const inode of linked) known.add(inode);
    for (const path of namesOf(last, linked)) changed.push({ path, isDeep: false });
  }
}

function isSame(last: LastCatalog, path: Buffer, found: Found | undefined): boolean {
  const old = last.find(path);
  if (!found || !old) return !found && !old;
  return found.type === "folder" ? isSameFolder(found, old) : isUnchanged(found, old);
}

/** `inodes`: of what changed and has, or had, more than one name. */
function lookThrough({ last, walk: how }: KnownChangesOptions, changes: KnownChanges) {
  const inodes = new Set<bigint>();
  let [files, bytes] = [0, 0];
  const addOld = (old: MarkedEntry | undefined) => old?.entry.linkGroup && inodes.add(inodeOf(old.mark));
  const found = walk({ ...how, onProblem: () => undefined }, changes);
  const cursor = new OldCursor({ last, mayLose: false });
  for (const step of merge({ found, last: cursor, isUsable: () => true })) {
    if (step.kind === "changed" || step.kind === "gone") addOld(step.old);
    if (step.kind !== "changed" || step.found.type === "folder") continue;
    if (step.found.nlink > 1) inodes.add(step.found.ino);
    files++;
    bytes += step.found.sizeBytes;
  }
  return { inodes, files, bytes };
}

/** All leaves are read: few files have several names. */
function* namesOf(last: LastCatalog, inodes: readonly bigint[]): Generator<Buffer> {
  const wanted = new Set(inodes);
  for (const { page, marks } of last.leaves({ mayLose: false })) {
    for (let at = 0; at < marks.length; at += MARK_BYTES) {
      if (!wanted.has(marks.readBigUInt64LE(at))) continue;
      const old = last.entriesOf(page)[at / MARK_BYTES];
      if (old) yield old.entry.path;
    }
  }
}
