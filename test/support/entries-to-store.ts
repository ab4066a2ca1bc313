/** Short ways to say what a test's snapshot holds. */
import type { EntryBase, EntryType } from "../../agent/model/entry.ts";

/** An entry with its bytes instead of references to chunks. Numbers are holes; a file without content could not be read. */
export type EntryToStore = EntryBase & {
  readonly type: EntryType;
  readonly content?: readonly (Buffer | number)[] | undefined;
  readonly target?: Buffer;
  readonly major?: number;
  readonly minor?: number;
  readonly sizeBytes?: number;
  readonly changing?: boolean;
};

type More = Partial<Omit<EntryToStore, "path" | "type">>;

const base = (path: string | Buffer): EntryBase => ({
  path: Buffer.from(path),
  mode: 0o644,
  owner: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, user: "", group: "" },
  mtimeSeconds: 1_700_000_000,
  mtimeNanoseconds: 123_456_789,
  attributes: [],
});

export const fileEntry = (
  path: string | Buffer,
  content: string | Buffer | readonly (Buffer | number)[],
  more: More = {},
): EntryToStore => ({
  ...base(path),
  type: "file",
  changing: false,
  content: Array.isArray(content) ? content : [Buffer.from(content as string | Buffer)], // The other two.
  ...more,
});

export const unreadFileEntry = (path: string, sizeBytes: number): EntryToStore => ({
  ...base(path),
  type: "file",
  changing: false,
  sizeBytes,
});

export const folderEntry = (path: string | Buffer, more: More = {}): EntryToStore => ({
  ...base(path),
  type: "folder",
  mode: 0o755,
  ...more,
});

export const symlinkEntry = (path: string, target: string, more: More = {}): EntryToStore => ({
  ...base(path),
  type: "symlink",
  mode: 0o777,
  target: Buffer.from(target),
  ...more,
});

/** `length` bytes that don't compress and differ by `seed`. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let state = seed * 2654435761 + 1;
  for (let at = 0; at < length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
  return bytes;
}
