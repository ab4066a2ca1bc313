/**
 * Metadata put on a restored thing: owner, then mode, then attributes and ACLs, then times, because each may change the ones
 * after it. What can't be set is reported, and the rest is set.
 */

import {
  chmodSync,
  chownSync,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  lutimesSync,
  utimesSync,
} from "node:fs";
import { systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { EntryBase, EntryType } from "../model/entry.ts";
import type { OwnerNames } from "./owner-names.ts";
import { type Meant, platform } from "./platform/platform.ts";

export interface Thing {
  /** A disk path that nobody can turn to something else: of a symlink itself, or through an open file. */
  readonly path: Buffer;
  readonly meant: Meant;
  /** When it is open. */
  readonly fd?: number | undefined;
  /** For people. */
  readonly shown: string;
  /** How it was made, as far as that is certain: what is so already is not set again. */
  readonly made?: Made | undefined;
}

/** What a new thing has before anything is set. */
export interface Made {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** It may have access lists that it got from its folder. */
  readonly mayHaveLists: boolean;
}

export interface ApplyOptions {
  readonly owners: OwnerNames;
  /** The numbers of the backup rather than what this machine calls the same names. */
  readonly useNumericOwners?: boolean;
  /** `file/metadata`. */
  readonly onError: (error: HoldfastError) => void;
}

export type Metadata = Omit<EntryBase, "path"> & { readonly type: EntryType };

export function applyMetadata(thing: Thing, entry: Metadata, options: ApplyOptions): void {
  const attempt = (what: string, set: () => void): boolean => {
    try {
      set();
      return true;
    } catch (cause) {
      tell(what, systemReason(cause), cause);
      return false;
    }
  };
  const tell = (what: string, reason: string, cause?: unknown) =>
    options.onError(new HoldfastError("file/metadata", { path: thing.shown, what, reason }, { cause }));

  const { made } = thing;
  const { uid, gid } = ownerHere(entry, options);
  const isMadeSo = made?.uid === uid && made.gid === gid;
  const isOwned = isMadeSo || attempt("owner", () => setOwner(thing, uid, gid));
  const inherited = made?.mayHaveLists === false ? undefined : removeInheritedLists(thing, entry);
  if (inherited !== undefined) tell("inherited access list", systemReason(inherited), inherited);

  if (entry.type !== "symlink") {
    // With another owner these bits would lend that owner's rights.
    const mode = isOwned ? entry.mode : entry.mode & ~SET_ID_BITS;
    if (mode !== entry.mode) tell("set-user-id and set-group-id bits", "the owner could not be set");
    if (!isMadeSo || mode !== made.mode) attempt("mode", () => setMode(thing, mode));
  }
  setAttributes(thing, entry, tell, attempt);
  attempt("modification time", () => setTime(thing, entry));
}

const SET_ID_BITS = 0o6000;
const ACL = "system.posix_acl_";

function setOwner({ fd, path, meant }: Thing, uid: number, gid: number): void {
  if (fd !== undefined) fchownSync(fd, uid, gid);
  else (meant === "link" ? lchownSync : chownSync)(path, uid, gid);
}

function setMode({ fd, path }: Thing, mode: number): void {
  if (fd !== undefined) fchmodSync(fd, mode);
  else chmodSync(path, mode);
}

/** The same name here counts more than the same number, except for the administrator's 0. */
export function ownerHere(
  entry: Pick<Metadata, "owner">,
  options: Omit<ApplyOptions, "onError">,
): { readonly uid: number; readonly gid: number } {
  const { uid, gid, user, group } = entry.owner;
  if (options.useNumericOwners) return { uid, gid };
  return {
    uid: uid === 0 ? 0 : (options.owners.findUid(user) ?? uid),
    gid: gid === 0 ? 0 : (options.owners.findGid(group) ?? gid),
  };
}

/** New things get their folder's default access list; the entry has its own or none. Returns what went wrong. */
function removeInheritedLists(thing: Thing, entry: Metadata): unknown {
  const { attributes } = platform;
  if (!attributes || entry.type === "symlink") return undefined;
  try {
    for (const name of attributes.list(thing.path, thing.meant)) {
      if (!name.toString("latin1").startsWith(ACL)) continue;
      if (!entry.attributes.some((own) => own.name.equals(name))) attributes.remove(thing.path, name, thing.meant);
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

function setAttributes(
  thing: Thing,
  entry: Metadata,
  tell: (what: string, reason: string) => void,
  attempt: (what: string, set: () => void) => boolean,
): void {
  const calls = platform.attributes;
  for (const { name, value } of entry.attributes) {
    const what = `attribute ${name}`;
    if (!calls) tell(what, "this system has no extended attributes");
    else if (isPrivileged(name) && process.geteuid?.() !== 0) tell(what, "only the administrator may set it");
    else attempt(what, () => calls.set(thing.path, name, value, thing.meant));
  }
}

/** Capabilities and labels lend rights. */
function isPrivileged(name: Buffer): boolean {
  const text = name.toString("latin1");
  return text.startsWith("security.") || text.startsWith("trusted.");
}

function setTime(thing: Thing, entry: Metadata): void {
  const { mtimeSeconds, mtimeNanoseconds } = entry;
  if (thing.fd !== undefined && platform.inFolder) {
    platform.inFolder.setTime(thing.fd, mtimeSeconds, mtimeNanoseconds);
    return;
  }
  if (platform.setTime) {
    platform.setTime(thing.path, mtimeSeconds, mtimeNanoseconds, thing.meant);
    return;
  }
  // To about a quarter of a microsecond.
  const time = mtimeSeconds + mtimeNanoseconds / 1e9;
  if (thing.fd !== undefined) futimesSync(thing.fd, time, time);
  else (thing.meant === "link" ? lutimesSync : utimesSync)(thing.path, time, time);
}
