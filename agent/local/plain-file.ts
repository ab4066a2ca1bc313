/**
 * Files of a disk that may have been anybody's: what is no file itself is not opened (a link leads elsewhere, a pipe is waited for, a device never ends), and
 * no more is read than the thing may have.
 */
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { HoldfastError } from "../../protocol/errors.ts";

/** Opening a pipe does not wait for somebody at its other end. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Throws `local/damaged` for what is no file, and what the system says. */
export async function openPlain(path: string): Promise<FileHandle> {
  const file = await open(path, FLAGS).catch((error: unknown) => fail(path, error));
  try {
    if (!(await file.stat()).isFile()) throw noFile(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

export function openPlainSync(path: string): number {
  const fd = tryOpen(path);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw noFile(path);
}

/** The whole file. Throws `local/damaged` when it is larger, or no file. */
export async function readPlain(path: string, bytesMax: number): Promise<Buffer> {
  await using file = await openPlain(path);
  const { size } = await file.stat();
  if (size > bytesMax) throw new HoldfastError("local/damaged", { path, reason: "it is too large" });
  return await file.readFile();
}

/** A folder that leads elsewhere would have its files written, and removed, there. Throws `local/damaged`. */
export async function refuseLink(folder: string): Promise<void> {
  if (!(await lstat(folder)).isDirectory())
    throw new HoldfastError("local/damaged", { path: folder, reason: "it is a link, or no folder" });
}

function tryOpen(path: string): number {
  try {
    return openSync(path, FLAGS);
  } catch (error) {
    return fail(path, error);
  }
}

// ELOOP: a link. ENXIO: a socket.
function fail(path: string, cause: unknown): never {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  throw code === "ELOOP" || code === "ENXIO" ? noFile(path, cause) : cause;
}

const noFile = (path: string, cause?: unknown): HoldfastError =>
  new HoldfastError("local/damaged", { path, reason: "it is a link, or no file" }, { cause });
