/** A copy of what this machine has installed; not the same elsewhere. */
import { chmodSync, copyFileSync, lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { GIB } from "./content.ts";
import { changePercentOfFiles, changeTenFiles } from "./tree-changes.ts";
import type { Workload } from "./workload.ts";
import { setTime, settleTimes } from "./write-tree.ts";

const SOURCES = ["/usr/share", "/usr/include", "/usr/lib/python3", "/usr/lib/python3.11", "/usr/lib/python3.13"];

export const realTree: Workload = {
  name: "real",
  about: "documentation, headers and Python of this machine, up to 60,000 files or 1 GiB",
  percent: "1 % of the files",
  generate: (folder, { scale }) => {
    const room: Room = { files: Math.round(60_000 * scale), bytes: GIB * scale };
    const folders: string[] = [];
    for (const source of SOURCES) copyTree(source, folder, source.slice(1).replaceAll("/", "_"), room, folders);
    settleTimes(folder, folders);
  },
  changeTen: changeTenFiles,
  changePercent: changePercentOfFiles,
};

interface Room {
  files: number;
  bytes: number;
}

/** Folders, files and links, until there is no room; what can't be read is left out. */
function copyTree(source: string, folder: string, path: string, room: Room, folders: string[]): void {
  const names = readNames(source);
  if (names === undefined || room.files <= 0 || room.bytes <= 0) return;
  mkdirSync(join(folder, path));
  folders.push(path);
  for (const name of names) {
    if (room.files <= 0 || room.bytes <= 0) return;
    const from = join(source, name);
    const to = join(folder, path, name);
    const found = lstatSync(from);
    if (found.isDirectory()) copyTree(from, folder, join(path, name), room, folders);
    else if (found.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else if (found.isFile() && found.size <= room.bytes) {
      copyFileSync(from, to);
      chmodSync(to, found.mode & 0o777);
      setTime(to, Math.floor(found.mtimeMs / 1000));
      room.files -= 1;
      room.bytes -= found.size;
    }
  }
}

function readNames(folder: string): string[] | undefined {
  try {
    return readdirSync(folder).sort();
  } catch {
    return undefined;
  }
}
