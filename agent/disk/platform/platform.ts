/**
 * What file systems can do and Node's `fs` can't reach. `platform` is the running system's; where something is not
 * available it is `undefined` there, and the callers report what they could not keep. All paths are disk paths
 * (`disk-path.ts`). Failures throw errors with a `code` like those of `fs`.
 */

/**
 * `link`: a symlink at the end of the path is meant itself. `target`: it is followed; only for `/proc/self/fd/<number>`, which
 * the kernel takes as the open thing itself.
 */
export type Meant = "link" | "target";

export interface AttributeCalls {
  /** Names as the system lists them, unsorted. An empty list where the file system has no attributes. */
  list(path: Buffer, meant: Meant): Buffer[];
  /** `undefined` when it vanished since it was listed. */
  find(path: Buffer, name: Buffer): Buffer | undefined;
  set(path: Buffer, name: Buffer, value: Buffer, meant: Meant): void;
  remove(path: Buffer, name: Buffer, meant: Meant): void;
}

/** Names in an open folder, so that the system need not walk there each time. */
export interface FolderCalls {
  /** Gives a file descriptor, to be closed by `close`: Node warns of those that it has not opened itself. */
  open(folder: number, name: Buffer, flags: number, mode: number): number;
  close(file: number): void;
  /** Fails with EEXIST when `to` exists. */
  renameNew(folder: number, from: Buffer, to: Buffer): void;
  /** Of an open file: the modification time to the nanosecond; the access time stays. */
  setTime(file: number, seconds: number, nanoseconds: number): void;
}

export interface Platform {
  readonly attributes?: AttributeCalls;
  /** Sets the modification time to the nanosecond; the access time stays. */
  readonly setTime?: (path: Buffer, seconds: number, nanoseconds: number, meant: Meant) => void;
  /** FIFOs, sockets and devices; `mode` with its type bits. */
  readonly makeNode?: (path: Buffer, mode: number, major: number, minor: number) => void;
  /** Where the next data (or hole) at or after `at` begins; `undefined` when there is none. */
  readonly seekData?: (fd: number, at: number) => number | undefined;
  readonly seekHole?: (fd: number, at: number) => number | undefined;
  /** The system may forget what it cached of this stretch of a file. */
  readonly forgetCache?: (fd: number, from: number, length: number) => void;
  /** Fails with EEXIST when `to` exists. */
  readonly renameNew?: (from: Buffer, to: Buffer) => void;
  /** The same within an open folder, by names. */
  readonly inFolder?: FolderCalls;
  /** Makes everything written to the file system of `fd` durable. */
  readonly syncFileSystem?: (fd: number) => void;
}

async function load(): Promise<Platform> {
  if (process.platform !== "linux") return {};
  try {
    return (await import("./linux.ts")).linuxPlatform();
  } catch {
    // Node without node:ffi, or a C library without these functions.
    return {};
  }
}

export const platform: Platform = await load();
