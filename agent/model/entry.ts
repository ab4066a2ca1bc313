/** Entry: one file, folder, link or device with its metadata, as a catalog holds it (format §6.3). */

export const ENTRY_TYPES = ["file", "folder", "symlink", "fifo", "socket", "character-device", "block-device"] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

export interface Owner {
  readonly uid: number;
  readonly gid: number;
  /** Empty when the system knows no name. */
  readonly user: string;
  readonly group: string;
}

export interface Attribute {
  readonly name: Buffer;
  readonly value: Buffer;
}

/** A part of a file: bytes of a chunk, or a hole. */
export type Slice =
  | { readonly kind: "chunk"; readonly chunk: Buffer; readonly offset: number; readonly length: number }
  | { readonly kind: "hole"; readonly length: number };

/** `missing`: the file could not be read; only its metadata is known. */
export type Content =
  | { readonly kind: "slices"; readonly slices: readonly Slice[] }
  | { readonly kind: "list"; readonly list: Buffer }
  | { readonly kind: "missing" };

export interface EntryBase {
  /** Bytes without a leading slash; not necessarily UTF-8. */
  readonly path: Buffer;
  /** The low 12 permission bits. */
  readonly mode: number;
  readonly owner: Owner;
  /** Modification time: whole seconds since 1970 (may be negative) and nanoseconds within the second. */
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  /** Sorted by name. */
  readonly attributes: readonly Attribute[];
  /** 8 bytes; entries of one snapshot with equal groups are hard links of one another. */
  readonly linkGroup?: Buffer | undefined;
}

export interface FileEntry extends EntryBase {
  readonly type: "file";
  readonly sizeBytes: number;
  readonly content: Content;
  /** It changed while it was read: stored as read. */
  readonly changing: boolean;
}

export interface SymlinkEntry extends EntryBase {
  readonly type: "symlink";
  readonly target: Buffer;
}

export interface DeviceEntry extends EntryBase {
  readonly type: "character-device" | "block-device";
  readonly major: number;
  readonly minor: number;
}

export interface PlainEntry extends EntryBase {
  readonly type: "folder" | "fifo" | "socket";
}

export type Entry = FileEntry | SymlinkEntry | DeviceEntry | PlainEntry;
