/** Linux system calls through `node:ffi` (experimental in Node 26): the only file that knows C signatures. A wrong one crashes. */
import ffi from "node:ffi";
import { getSystemErrorName } from "node:util";
import { bug } from "../../../protocol/errors.ts";
import type { Platform } from "./platform.ts";

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const UTIME_OMIT = 0x3ffffffe;
const SEEK_DATA = 3;
const SEEK_HOLE = 4;
const POSIX_FADV_DONTNEED = 4;
const RENAME_NOREPLACE = 1;
/** The kernel's bounds of one attribute's value and of the list of names. */
const ATTRIBUTE_BYTES_MAX = 65_536;
/** Names have at most 255 bytes. */
const NAME_ROOM_BYTES = 512;

export function linuxPlatform(): Platform {
  // 64-bit glibc and musl agree on these: size_t and off_t have 64 bits, timespec is two 64-bit words.
  if (process.arch !== "x64" && process.arch !== "arm64") return {};
  const { functions: c } = ffi.dlopen(null, {
    __errno_location: { return: "pointer", arguments: [] },
    listxattr: { return: "int64", arguments: ["buffer", "buffer", "uint64"] },
    llistxattr: { return: "int64", arguments: ["buffer", "buffer", "uint64"] },
    lgetxattr: { return: "int64", arguments: ["buffer", "buffer", "buffer", "uint64"] },
    setxattr: { return: "int32", arguments: ["buffer", "buffer", "buffer", "uint64", "int32"] },
    lsetxattr: { return: "int32", arguments: ["buffer", "buffer", "buffer", "uint64", "int32"] },
    removexattr: { return: "int32", arguments: ["buffer", "buffer"] },
    lremovexattr: { return: "int32", arguments: ["buffer", "buffer"] },
    openat: { return: "int32", arguments: ["int32", "buffer", "int32", "uint32"] },
    close: { return: "int32", arguments: ["int32"] },
    futimens: { return: "int32", arguments: ["int32", "buffer"] },
    utimensat: { return: "int32", arguments: ["int32", "buffer", "buffer", "int32"] },
    mknod: { return: "int32", arguments: ["buffer", "uint32", "uint64"] },
    lseek: { return: "int64", arguments: ["int32", "int64", "int32"] },
    posix_fadvise: { return: "int32", arguments: ["int32", "int64", "int64", "int32"] },
    renameat2: { return: "int32", arguments: ["int32", "buffer", "int32", "buffer", "uint32"] },
    syncfs: { return: "int32", arguments: ["int32"] },
  });
  const errnoAt = c.__errno_location();
  const scratch = Buffer.alloc(ATTRIBUTE_BYTES_MAX);
  const times = Buffer.alloc(32);
  const names = [Buffer.alloc(NAME_ROOM_BYTES), Buffer.alloc(NAME_ROOM_BYTES)] as const;

  const lastError = () => getSystemErrorName(-ffi.getInt32(errnoAt));
  const fail = (call: string): never => {
    const code = lastError();
    throw Object.assign(new Error(`${code}: ${call}`), { code, syscall: call });
  };
  const seek = (fd: number, at: number, whence: number) => {
    const found = c.lseek(fd, BigInt(at), whence);
    if (found >= 0n) return Number(found);
    return lastError() === "ENXIO" ? undefined : fail("lseek");
  };

  return {
    attributes: {
      list(path, meant) {
        const call = meant === "link" ? c.llistxattr : c.listxattr;
        const length = Number(call(terminated(path), scratch, BigInt(scratch.length)));
        if (length < 0) return isUnsupported(lastError()) ? [] : fail("listxattr");
        return splitNames(scratch.subarray(0, length));
      },
      find(path, name) {
        const length = Number(c.lgetxattr(terminated(path), terminated(name), scratch, BigInt(scratch.length)));
        if (length < 0) return lastError() === "ENODATA" ? undefined : fail("lgetxattr");
        return Buffer.from(scratch.subarray(0, length));
      },
      set(path, name, value, meant) {
        const call = meant === "link" ? c.lsetxattr : c.setxattr;
        // An empty buffer has no address.
        const bytes = value.length === 0 ? scratch : value;
        if (call(terminated(path), terminated(name), bytes, BigInt(value.length), 0) < 0) fail("setxattr");
      },
      remove(path, name, meant) {
        const call = meant === "link" ? c.lremovexattr : c.removexattr;
        if (call(terminated(path), terminated(name)) < 0) fail("removexattr");
      },
    },
    setTime(path, seconds, nanoseconds, meant) {
      writeTimes(times, seconds, nanoseconds);
      const flags = meant === "link" ? AT_SYMLINK_NOFOLLOW : 0;
      if (c.utimensat(AT_FDCWD, terminated(path), times, flags) < 0) fail("utimensat");
    },
    makeNode(path, mode, major, minor) {
      if (c.mknod(terminated(path), mode, deviceNumber(major, minor)) < 0) fail("mknod");
    },
    seekData: (fd, at) => seek(fd, at, SEEK_DATA),
    seekHole: (fd, at) => seek(fd, at, SEEK_HOLE),
    forgetCache: (fd, from, length) => void c.posix_fadvise(fd, BigInt(from), BigInt(length), POSIX_FADV_DONTNEED),
    renameNew(from, to) {
      if (c.renameat2(AT_FDCWD, terminated(from), AT_FDCWD, terminated(to), RENAME_NOREPLACE) < 0) fail("renameat2");
    },
    inFolder: {
      open(folder, name, flags, mode) {
        const fd = c.openat(folder, terminatedIn(names[0], name), flags, mode);
        return fd < 0 ? fail("openat") : fd;
      },
      close(file) {
        if (c.close(file) < 0) fail("close");
      },
      renameNew(folder, from, to) {
        const given = [terminatedIn(names[0], from), terminatedIn(names[1], to)] as const;
        if (c.renameat2(folder, given[0], folder, given[1], RENAME_NOREPLACE) < 0) fail("renameat2");
      },
      setTime(file, seconds, nanoseconds) {
        writeTimes(times, seconds, nanoseconds);
        if (c.futimens(file, times) < 0) fail("futimens");
      },
    },
    syncFileSystem(fd) {
      if (c.syncfs(fd) < 0) fail("syncfs");
    },
  };
}

/** glibc's and musl's `dev_t`. */
export function deviceNumber(major: number, minor: number): bigint {
  const [a, b] = [BigInt(major), BigInt(minor)];
  return ((a & 0xfffn) << 8n) | ((a & ~0xfffn) << 32n) | (b & 0xffn) | ((b & ~0xffn) << 12n);
}

/** Two `timespec`: the access time stays. In halves, for a BigInt would be garbage for every file. */
function writeTimes(times: Buffer, seconds: number, nanoseconds: number): void {
  times.writeUInt32LE(UTIME_OMIT, 8);
  times.writeUInt32LE(seconds >>> 0, 16);
  times.writeInt32LE(Math.floor(seconds / 2 ** 32), 20);
  times.writeUInt32LE(nanoseconds, 24);
}

/** As `terminated`, in memory that is there: for what is called once a file. */
function terminatedIn(room: Buffer, name: Buffer): Buffer {
  if (name.length >= room.length) return terminated(name);
  if (name.includes(0)) bug("a name with a NUL reached the system");
  name.copy(room);
  room[name.length] = 0;
  return room;
}

/** A C string. A NUL inside would silently name something else. */
function terminated(bytes: Buffer): Buffer {
  if (bytes.includes(0)) bug("a path or attribute name with a NUL reached the system");
  const text = Buffer.allocUnsafe(bytes.length + 1);
  bytes.copy(text);
  text[bytes.length] = 0;
  return text;
}

function splitNames(list: Buffer): Buffer[] {
  const names: Buffer[] = [];
  for (let from = 0; from < list.length; ) {
    const to = list.indexOf(0, from);
    names.push(Buffer.from(list.subarray(from, to)));
    from = to + 1;
  }
  return names;
}

const isUnsupported = (code: string): boolean => code === "ENOTSUP" || code === "EOPNOTSUPP" || code === "ENOSYS";
