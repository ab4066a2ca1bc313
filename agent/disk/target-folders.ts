/**
 * The folders of a restore's target, held open. Nothing is ever reached by a path that somebody could bend: a folder is
 * opened by its name in its open parent, not through a symlink, and what is made in it is made as `/proc/self/fd/<number>/<name>`.
 * On systems without that, each folder on the way is looked at right before.
 */

import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  statSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { systemCode, systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { platform } from "./platform/platform.ts";

/** Enough for the folders on the way to a place and its neighbours; far below the 1,024 open files a process may have. */
const OPEN_MAX = 64;
const O_PATH = 0o10000000;
/** A folder of one's own with this mode (sticky, though nobody else may enter) is one that a restore has made and not finished. */
const UNFINISHED_MODE = 0o1700;
const SLASH = 0x2f;

export interface TargetFolder {
  /** A disk path with a slash at its end, for one name more. */
  readonly base: Buffer;
  /** The folder itself, for setting its metadata. */
  readonly self: Buffer;
  /** `undefined` on systems where folders aren't held open. */
  readonly fd: number | undefined;
}

export class TargetFolders implements Disposable {
  readonly #root: TargetFolder;
  /** By path as Latin-1; the least recently used comes first. */
  readonly #open = new Map<string, TargetFolder>();
  readonly #isPinned = process.platform === "linux" && existsSync("/proc/self/fd");

  /**
   * The target may itself be reached through symlinks: it is what the user chose. It is made when missing. Throws `restore/target`.
   * Bytes are the `self` of a target that is open already.
   */
  constructor(target: string | Buffer) {
    if (typeof target !== "string") {
      this.#root = this.#openFolder(target, constants.O_DIRECTORY);
      return;
    }
    try {
      makeFolders(resolve(target));
      const real = realpathSync.native(target, { encoding: "buffer" });
      this.#root = this.#openFolder(real, constants.O_DIRECTORY);
    } catch (cause) {
      const isTaken = ["EEXIST", "ENOTDIR"].includes(systemCode(cause) ?? "");
      const reason = isTaken ? "something there is not a folder" : systemReason(cause);
      throw new HoldfastError("restore/target", { path: target, reason }, { cause });
    }
  }

  /**
   * An empty path is the target itself. Missing folders on the way are made like any new folder. Throws `restore/exists` when
   * something else is in the way.
   */
  get(path: Buffer, shown: (path: Buffer) => string): TargetFolder {
    if (path.length === 0) return this.#root;
    const whole = path.toString("latin1");
    let known = whole.length;
    let folder = this.#recall(whole);
    while (!folder) {
      known = whole.lastIndexOf("/", known - 1);
      folder = known < 0 ? this.#root : this.#recall(whole.slice(0, known));
    }
    for (let from = known + 1; from < whole.length; ) {
      const slash = whole.indexOf("/", from);
      const to = slash < 0 ? whole.length : slash;
      folder = this.#enter(folder, Buffer.from(whole.slice(from, to), "latin1"), shown(path.subarray(0, to)));
      this.#remember(whole.slice(0, to), folder);
      from = to + 1;
    }
    return folder;
  }

  /** Makes a folder that only its owner may enter. Throws `restore/exists` when something else is there. */
  make(path: Buffer, shown: (path: Buffer) => string): "new" | "unfinished" | "there" {
    const slash = path.lastIndexOf(SLASH);
    const { base } = this.get(path.subarray(0, Math.max(0, slash)), shown);
    try {
      mkdirSync(Buffer.concat([base, path.subarray(slash + 1)]), UNFINISHED_MODE);
      return "new";
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
      const { mode, uid } = statSync(this.get(path, shown).self);
      return (mode & 0o7777) === UNFINISHED_MODE && uid === process.geteuid?.() ? "unfinished" : "there";
    }
  }

  /** Everything written below the target becomes durable. */
  sync(): void {
    if (this.#root.fd === undefined || !platform.syncFileSystem) return;
    const fd = openSync(this.#root.base, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      platform.syncFileSystem(fd);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  [Symbol.dispose](): void {
    for (const folder of this.#open.values()) close(folder);
    this.#open.clear();
    close(this.#root);
  }

  #enter(above: TargetFolder, name: Buffer, shown: string): TargetFolder {
    const path = Buffer.concat([above.base, name]);
    try {
      return this.#openFolder(path, constants.O_DIRECTORY | constants.O_NOFOLLOW);
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw inTheWay(error, shown);
    }
    try {
      mkdirSync(path);
      return this.#openFolder(path, constants.O_DIRECTORY | constants.O_NOFOLLOW);
    } catch (error) {
      throw inTheWay(error, shown);
    }
  }

  #openFolder(path: Buffer, flags: number): TargetFolder {
    if (this.#isPinned) {
      const fd = openSync(path, O_PATH | flags);
      return { fd, base: Buffer.from(`/proc/self/fd/${fd}/`), self: Buffer.from(`/proc/self/fd/${fd}`) };
    }
    if (!lstatSync(path).isDirectory()) throw Object.assign(new Error("not a folder"), { code: "ENOTDIR" });
    return { fd: undefined, base: Buffer.concat([path, Buffer.from("/")]), self: path };
  }

  #recall(path: string): TargetFolder | undefined {
    const folder = this.#open.get(path);
    if (folder) {
      this.#open.delete(path);
      this.#open.set(path, folder);
    }
    return folder;
  }

  #remember(path: string, folder: TargetFolder): void {
    // Without handles a remembered folder would be trusted without a look.
    if (folder.fd === undefined) return;
    this.#open.set(path, folder);
    if (this.#open.size <= OPEN_MAX) return;
    for (const [oldest, oldFolder] of this.#open) {
      this.#open.delete(oldest);
      close(oldFolder);
      return;
    }
  }
}

function close(folder: TargetFolder): void {
  if (folder.fd !== undefined) closeSync(folder.fd);
}

function inTheWay(error: unknown, shown: string): unknown {
  const code = systemCode(error);
  if (code !== "ENOTDIR" && code !== "ELOOP" && code !== "EEXIST") return error;
  return new HoldfastError("restore/exists", { path: shown }, { cause: error });
}

/** Not by `recursive`, which in places where nothing can be made (`/proc`) never ends, and elsewhere names the wrong reason. */
function makeFolders(path: string): void {
  const missing: string[] = [];
  for (let folder = path; !existsSync(folder) && folder !== dirname(folder); folder = dirname(folder))
    missing.push(folder);
  for (const folder of missing.reverse()) mkdirSync(folder);
}
