/**
 * Small files, placed whole by the thread that has their bytes: made beside, written, given their metadata and their names. As `Target.file`, with
 * fewer system calls: what a new file has anyway is not set again. Folders are those that a `Target` has made.
 */
import { closeSync, fstatSync, ftruncateSync, openSync } from "node:fs";
import type { Random } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { applyMetadata, type Made, type Metadata, type Thing } from "./apply-metadata.ts";
import { asPlaceError, isSafe } from "./guard.ts";
import { partNames } from "./left-parts.ts";
import type { OwnerNames } from "./owner-names.ts";
import { beyondSize, PART_FLAGS } from "./part-file.ts";
import { platform } from "./platform/platform.ts";
import { removeQuietly } from "./rename-new.ts";
import { type Existing, type Settled, settle } from "./settle.ts";
import { type TargetFolder, TargetFolders } from "./target-folders.ts";
import { writeAll } from "./write-all.ts";

export interface WholeFilesOptions {
  /** `Target.root`. */
  readonly root: Buffer;
  /** What people call it. */
  readonly shown: string;
  readonly existing: Existing;
  readonly random: Random;
}

/** Owners are numbers of this machine. */
export interface WholeFile extends Metadata {
  readonly type: "file";
  /** Of the folder it comes into, relative to the target. */
  readonly folder: Buffer;
  readonly name: Buffer;
  readonly sizeBytes: number;
  /** Where its only bytes begin; what is around them is a hole. */
  readonly position: number;
}

/** What new files in a folder have, as the first one showed. */
interface Fresh {
  readonly uid: number;
  readonly gid: number;
  readonly mayHaveLists: boolean;
  /** Their modes are what was asked for, less the mask. */
  readonly isPlain: boolean;
}

const PRIVATE_MODE = 0o600;

export class WholeFiles implements Disposable {
  readonly #options: WholeFilesOptions;
  readonly #folders: TargetFolders;
  readonly #nextName: () => Buffer;
  readonly #fresh = new WeakMap<TargetFolder, Fresh>();
  readonly #mask = process.umask();
  #safe: Buffer | undefined;

  constructor(options: WholeFilesOptions) {
    this.#options = options;
    this.#folders = new TargetFolders(options.root);
    this.#nextName = partNames(options.random);
  }

  /** `onProblem` hears `file/metadata`. Throws `restore/unsafe`, `restore/exists`, `disk/full`, `restore/failed-file`. */
  place(file: WholeFile, bytes: Uint8Array, onProblem: (error: HoldfastError) => void): Settled {
    const shown = () => this.#shown(pathOf(file));
    if (!isSafe(file.name) || file.name.includes(SLASH_BYTE) || !this.#isSafeFolder(file.folder))
      throw new HoldfastError("restore/unsafe", { path: pathOf(file).toString() });
    try {
      if (file.position + bytes.length > file.sizeBytes) throw beyondSize(shown());
      return this.#place(file, bytes, { shown, onProblem });
    } catch (cause) {
      throw asPlaceError(cause, shown());
    }
  }

  #place(
    file: WholeFile,
    bytes: Uint8Array,
    { shown, onProblem }: { shown: () => string; onProblem: (error: HoldfastError) => void },
  ): Settled {
    const folder = this.#folders.get(file.folder, this.#shown);
    const part = this.#nextName();
    const { fd, made } = this.#make(folder, part, file);
    try {
      try {
        writeAll(fd, bytes, file.position);
        if (file.position + bytes.length < file.sizeBytes) ftruncateSync(fd, file.sizeBytes);
        applyMetadata(new OpenThing(folder, { part, fd, made, shown }), file, {
          owners: NOBODY,
          useNumericOwners: true,
          onError: onProblem,
        });
      } finally {
        closeIn(folder, fd);
      }
      return settle(folder, part, { name: file.name, existing: this.#options.existing, shown });
    } catch (error) {
      removeQuietly(Buffer.concat([folder.base, part]));
      throw error;
    }
  }

  /** Files of one folder come one after the other. */
  #isSafeFolder(folder: Buffer): boolean {
    if (folder === this.#safe || folder.length === 0) return true;
    if (!isSafe(folder)) return false;
    this.#safe = folder;
    return true;
  }

  /** As `Target.sync`. */
  sync(): void {
    try {
      this.#folders.sync();
    } catch (cause) {
      throw asPlaceError(cause, this.#options.shown);
    }
  }

  [Symbol.dispose](): void {
    this.#folders[Symbol.dispose]();
  }

  /** With its own mode at once when it has its owner at once; else nobody may read it before that. */
  #make(folder: TargetFolder, part: Buffer, { mode, owner }: WholeFile): { fd: number; made: Made } {
    const fresh = this.#fresh.get(folder);
    const isOwned = fresh?.uid === owner.uid && fresh.gid === owner.gid;
    const asked = isOwned ? mode & 0o777 : PRIVATE_MODE;
    const fd = openIn(folder, part, asked);
    if (fresh?.isPlain) return { fd, made: { ...fresh, mode: asked & ~this.#mask } };
    const stats = fstatSync(fd);
    const { uid, gid } = stats;
    const mayHaveLists = fresh?.mayHaveLists ?? passesListsOn(folder);
    const made = { uid, gid, mode: stats.mode & 0o7777, mayHaveLists };
    const isPlain = !mayHaveLists && made.mode === (asked & ~this.#mask);
    if (folder.fd !== undefined) this.#fresh.set(folder, { uid, gid, mayHaveLists, isPlain });
    return { fd, made };
  }

  readonly #shown = (path: Buffer): string => `${this.#options.shown.replace(/\/$/, "")}/${path.toString()}`;
}

const SLASH_BYTE = 0x2f;
const SLASH = Buffer.from("/");

const pathOf = ({ folder, name }: WholeFile): Buffer =>
  folder.length === 0 ? name : Buffer.concat([folder, SLASH, name]);

/** What it is called is needed for little: most files have neither attributes nor trouble. */
class OpenThing implements Thing {
  readonly meant = "target";
  readonly fd: number;
  readonly made: Made;
  readonly #folder: TargetFolder;
  readonly #part: Buffer;
  readonly #shown: () => string;

  constructor(folder: TargetFolder, about: { part: Buffer; fd: number; made: Made; shown: () => string }) {
    this.fd = about.fd;
    this.made = about.made;
    this.#folder = folder;
    this.#part = about.part;
    this.#shown = about.shown;
  }

  get path(): Buffer {
    const { fd, base } = this.#folder;
    return fd === undefined ? Buffer.concat([base, this.#part]) : Buffer.from(`/proc/self/fd/${this.fd}`);
  }

  get shown(): string {
    return this.#shown();
  }
}

/** Owners come as numbers. */
const NOBODY: OwnerNames = {
  ownerOf: (uid, gid) => ({ uid, gid, user: "", group: "" }),
  userName: () => "",
  groupName: () => "",
  findUid: () => undefined,
  findGid: () => undefined,
};

function openIn(folder: TargetFolder, name: Buffer, mode: number): number {
  if (folder.fd !== undefined && platform.inFolder) return platform.inFolder.open(folder.fd, name, PART_FLAGS, mode);
  return openSync(Buffer.concat([folder.base, name]), PART_FLAGS, mode);
}

function closeIn(folder: TargetFolder, fd: number): void {
  if (folder.fd !== undefined && platform.inFolder) platform.inFolder.close(fd);
  else closeSync(fd);
}

/** Whether new things get an access list from it. */
function passesListsOn({ self }: TargetFolder): boolean {
  try {
    const names = platform.attributes?.list(self, "target") ?? [];
    return names.some((name) => name.toString("latin1") === "system.posix_acl_default");
  } catch {
    return true;
  }
}
