/** Symlinks, FIFOs, sockets and devices, made without any rights for others. */
import { symlinkSync } from "node:fs";
import { bug } from "../../protocol/errors.ts";
import type { DeviceEntry, PlainEntry, SymlinkEntry } from "../model/entry.ts";
import { platform } from "./platform/platform.ts";

export type SpecialToPlace = Omit<SymlinkEntry, "path"> | Omit<DeviceEntry, "path"> | Omit<PlainEntry, "path">;

/** Sockets get a name only: who listens there makes it anew. Devices need the administrator. Not for folders. */
export function makeSpecial(path: Buffer, entry: SpecialToPlace): void {
  if (entry.type === "symlink") symlinkSync(entry.target, path);
  else if (entry.type === "character-device" || entry.type === "block-device") {
    makeNode(path, FILE_TYPE_BITS[entry.type], entry.major, entry.minor);
  } else if (entry.type === "folder") bug("a folder was to be made as a special file");
  else makeNode(path, FILE_TYPE_BITS[entry.type], 0, 0);
}

const FILE_TYPE_BITS = { fifo: 0o010000, socket: 0o140000, "character-device": 0o020000, "block-device": 0o060000 };

function makeNode(path: Buffer, type: number, major: number, minor: number): void {
  if (!platform.makeNode) throw Object.assign(new Error("no mknod"), { code: "ENOTSUP" });
  platform.makeNode(path, type | 0o600, major, minor);
}
