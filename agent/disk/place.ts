/**
 * Place: restored things below one target folder. Nothing is written outside of it, no link in it is followed, and a thing
 * gets its real name only when it is whole: until then it is `.holdfast-part-…` beside it. Calls are synchronous.
 */

import { closeSync, constants, linkSync, lstatSync, openSync } from "node:fs";
import type { Random } from "../../base/random.ts";
import { systemCode, systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { FileEntry } from "../model/entry.ts";
import { comparePaths, isWithin } from "../model/path-order.ts";
import { applyMetadata, type Metadata, ownerHere } from "./apply-metadata.ts";
import type { DiskProblem } from "./found.ts";
import { guarded } from "./guard.ts";
import { partName, removeLeftParts } from "./left-parts.ts";
import { makeSpecial, type SpecialToPlace } from "./make-special.ts";
import type { OwnerNames } from "./owner-names.ts";
import { PartFile, type Placed } from "./part-file.ts";
import { removeQuietly } from "./rename-new.ts";
import { type Existing, settle } from "./settle.ts";
import { type TargetFolder, TargetFolders } from "./target-folders.ts";

export type { Existing };

export interface TargetOptions {
  /** Made when missing. */
  readonly folder: string;
  readonly existing: Existing;
  readonly owners: OwnerNames;
  readonly useNumericOwners?: boolean;
  readonly random: Random;
  /** `file/metadata`: what could not be set. Paths are relative to the target. */
  readonly onProblem: (problem: DiskProblem) => void;
}

export type { Placed };

/** A file's metadata and size; where its content comes from does not matter here. */
export type FileToPlace = Omit<FileEntry, "content" | "changing" | "path">;
/**
 * All paths are relative to the target, in the form of a catalog's. Every call may throw `restore/unsafe`, `restore/exists`,
 * `disk/full` or `restore/failed-file`; the others go on.
 */
export class Target implements Disposable {
  readonly #options: TargetOptions;
  readonly #folders: TargetFolders;
  readonly #parts = new Set<PartFile>();
  /** Folders whose metadata is still to be set, in catalog order. */
  #pending: { readonly path: Buffer; readonly entry: Metadata }[] = [];
  /** Where the first name of a link group was restored in this run. */
  readonly #links = new Map<string, { readonly path: Buffer; readonly dev: bigint; readonly ino: bigint }>();

  constructor(options: TargetOptions) {
    this.#options = options;
    this.#folders = new TargetFolders(options.folder);
    removeLeftParts(this.#folders.get(Buffer.alloc(0), this.#shown).base);
  }

  /**
   * Private until `finishFolders` sets its metadata. An existing folder keeps its metadata, unless it is to be overwritten or a restore that
   * was killed has left it unfinished.
   */
  folder(path: Buffer, entry: Metadata): void {
    this.#guard(path, () => {
      const made = this.#folders.make(path, this.#shown);
      if (made !== "new") removeLeftParts(this.#folders.get(path, this.#shown).base);
      if (made !== "there" || this.#options.existing === "overwrite") this.#pending.push({ path, entry });
    });
  }

  /** `undefined`: what has the name is kept. Write, then `finish` it. */
  file(path: Buffer, entry: FileToPlace): PartFile | undefined {
    return this.#guard(path, () => {
      if (this.#isKept(path)) return undefined;
      const name = partName(this.#options.random);
      const base = this.#baseOf(path);
      const part = new PartFile(Buffer.concat([base, name]), this.#shown(path), entry.sizeBytes, {
        finish: (file) => this.#guard(path, () => this.#finishFile(path, name, file, entry)),
        forget: (file) => this.#parts.delete(file),
        // The folder's handle may have been closed in between.
        remove: () => removeQuietly(Buffer.concat([this.#baseOf(path), name])),
      });
      this.#parts.add(part);
      return part;
    });
  }

  /** A further name of what this run restored with the same link group; `undefined` when there is none yet: restore it as a file of its own. */
  link(path: Buffer, entry: Pick<Metadata, "linkGroup">): Placed | undefined {
    const first = entry.linkGroup && this.#links.get(entry.linkGroup.toString("latin1"));
    if (!first) return undefined;
    return this.#guard(path, () => {
      if (this.#isKept(path)) return { kind: "kept" };
      const name = partName(this.#options.random);
      const part = Buffer.concat([this.#baseOf(path), name]);
      try {
        linkSync(Buffer.concat([this.#baseOf(first.path), lastName(first.path)]), part);
        const made = lstatSync(part, { bigint: true });
        if (made.ino === first.ino && made.dev === first.dev) return this.#settle(path, name);
      } catch (error) {
        // Too many names, no links on this file system, or the first one is gone: a file of its own is as good.
        if (error instanceof HoldfastError || !LINK_REFUSALS.has(systemCode(error) ?? "")) throw error;
      }
      removeQuietly(part);
      return undefined;
    });
  }

  /** Symlinks, FIFOs, sockets and devices. */
  special(path: Buffer, entry: SpecialToPlace): Placed {
    return this.#guard(path, () => {
      if (this.#isKept(path)) return { kind: "kept" };
      const name = partName(this.#options.random);
      const part = Buffer.concat([this.#baseOf(path), name]);
      try {
        makeSpecial(part, entry);
        this.#applyTo(path, part, entry);
        const placed = this.#settle(path, name);
        this.#rememberLink(placed, entry);
        return placed;
      } catch (error) {
        removeQuietly(part);
        throw error;
      }
    });
  }

  /**
   * Sets the metadata of folders, deepest first: of all, or of those that a restore in catalog order has left behind when it comes to `next`.
   * Nothing may be placed in them afterwards.
   */
  finishFolders(next?: Buffer): void {
    const isLeft = ({ path }: { path: Buffer }) => !next || (comparePaths(path, next) < 0 && !isWithin(next, path));
    const left = this.#pending.filter(isLeft);
    this.#pending = this.#pending.filter((folder) => !isLeft(folder));
    for (const { path, entry } of left.reverse()) {
      try {
        const { self } = this.#folders.get(path, this.#shown);
        this.#apply(path, self, entry, "target");
      } catch (cause) {
        const data = { path: this.#shown(path), what: "metadata", reason: systemReason(cause) };
        this.#options.onProblem({ path, error: new HoldfastError("file/metadata", data, { cause }) });
      }
    }
  }

  /** The target folder as it is held open, for `WholeFiles` in other threads; only while this lives. */
  get root(): Buffer {
    return this.#folders.get(Buffer.alloc(0), this.#shown).self;
  }

  shown(path: Buffer): string {
    return this.#shown(path);
  }

  /** What this machine calls the owner. */
  ownerOf(entry: Pick<Metadata, "owner">): { readonly uid: number; readonly gid: number } {
    return ownerHere(entry, this.#options);
  }

  /** Everything placed so far survives a power cut. */
  sync(): void {
    this.#folders.sync();
  }

  /** Removes what was begun and not finished. */
  [Symbol.dispose](): void {
    for (const part of [...this.#parts]) part.abandon();
    this.#folders[Symbol.dispose]();
  }

  #finishFile(path: Buffer, name: Buffer, file: PartFile, entry: FileToPlace): Placed {
    const part = Buffer.concat([this.#baseOf(path), name]);
    const fd = file.self && file.descriptor;
    this.#apply(path, file.self ?? part, entry, "target", fd);
    const placed = this.#settle(path, name);
    this.#rememberLink(placed, entry);
    return placed;
  }

  #settle(path: Buffer, part: Buffer): Placed {
    const name = lastName(path);
    const shown = () => this.#shown(path);
    const settled = settle(this.#folderOf(path), part, { name, existing: this.#options.existing, shown });
    if (settled.kind === "kept") return settled;
    const above = path.subarray(0, path.length - name.length);
    return { kind: "placed", path: settled.name === name ? path : Buffer.concat([above, settled.name]) };
  }

  /** Looks before anything is fetched; `#settle` makes sure. */
  #isKept(path: Buffer): boolean {
    const base = this.#baseOf(path);
    const { existing } = this.#options;
    if (existing === "rename") return false;
    const there = lstatSync(Buffer.concat([base, lastName(path)]), { throwIfNoEntry: false });
    if (!there || (existing === "overwrite" && !there.isDirectory())) return false;
    if (existing === "keep") return true;
    throw this.#exists(path);
  }

  #applyTo(path: Buffer, part: Buffer, entry: Metadata): void {
    if (entry.type === "symlink" || process.platform !== "linux") {
      this.#apply(path, part, entry, "link");
      return;
    }
    const fd = openSync(part, O_PATH | constants.O_NOFOLLOW);
    try {
      this.#apply(path, Buffer.from(`/proc/self/fd/${fd}`), entry, "target");
    } finally {
      closeSync(fd);
    }
  }

  #apply(path: Buffer, disk: Buffer, entry: Metadata, meant: "link" | "target", fd?: number): void {
    const { owners, useNumericOwners = false, onProblem } = this.#options;
    const onError = (error: HoldfastError) => onProblem({ path, error });
    applyMetadata({ path: disk, meant, fd, shown: this.#shown(path) }, entry, { owners, useNumericOwners, onError });
  }

  #rememberLink(placed: Placed, entry: Metadata): void {
    if (placed.kind !== "placed" || !entry.linkGroup) return;
    const disk = Buffer.concat([this.#baseOf(placed.path), lastName(placed.path)]);
    const stats = lstatSync(disk, { bigint: true, throwIfNoEntry: false });
    if (!stats) return;
    this.#links.set(entry.linkGroup.toString("latin1"), { path: placed.path, dev: stats.dev, ino: stats.ino });
  }

  #baseOf(path: Buffer): Buffer {
    return this.#folderOf(path).base;
  }

  #folderOf(path: Buffer): TargetFolder {
    const slash = path.lastIndexOf(SLASH);
    return this.#folders.get(path.subarray(0, Math.max(0, slash)), this.#shown);
  }

  #guard<Result>(path: Buffer, work: () => Result): Result {
    return guarded(path, this.#shown, work);
  }

  readonly #shown = (path: Buffer): string => `${this.#options.folder.replace(/\/$/, "")}/${path.toString()}`;

  #exists(path: Buffer, cause?: unknown): HoldfastError {
    return new HoldfastError("restore/exists", { path: this.#shown(path) }, { cause });
  }
}

const SLASH = 0x2f;
const O_PATH = 0o10000000;
const LINK_REFUSALS = new Set(["EMLINK", "EPERM", "ENOTSUP", "EXDEV", "ENOENT", "EOPNOTSUPP"]);

const lastName = (path: Buffer): Buffer => path.subarray(path.lastIndexOf(SLASH) + 1);
