/** Entries of a catalog as lines and as JSON. */
import { isUtf8 } from "node:buffer";
import type { Entry } from "../agent/index.ts";
import { shown } from "./names.ts";
import type { Terminal } from "./terminal.ts";
import { moment, permissions, size } from "./units.ts";

const LETTERS: Readonly<Record<Entry["type"], string>> = {
  file: "-",
  folder: "d",
  symlink: "l",
  fifo: "p",
  socket: "s",
  "character-device": "c",
  "block-device": "b",
};

/** As `ls -l` has it. `name`: what stands at its end. */
export function entryLine(entry: Entry, name: Uint8Array, terminal: Terminal, timeZone: string): string {
  const { owner, mode, type } = entry;
  const who = (named: string, number: number) => shown(named || String(number)).padEnd(8);
  const amount = type === "file" ? size(entry.sizeBytes) : "";
  return [
    permissions(LETTERS[type], mode),
    who(owner.user, owner.uid),
    who(owner.group, owner.gid),
    amount.padStart(9),
    modified(entry, timeZone),
    entryName(entry, name, terminal),
  ].join(" ");
}

function entryName(entry: Entry, name: Uint8Array, terminal: Terminal): string {
  if (entry.type === "folder") return terminal.style("cyan", `${shown(name)}/`);
  if (entry.type === "symlink") return `${shown(name)} → ${shown(entry.target)}`;
  if (entry.type !== "file") return shown(name);
  if (entry.content.kind === "missing") return `${shown(name)}  ${terminal.style("yellow", "(could not be read)")}`;
  return entry.changing ? `${shown(name)}  ${terminal.style("yellow", "(changed while it was read)")}` : shown(name);
}

/** The last part of a path. */
export const nameOf = ({ path }: Entry): Uint8Array => path.subarray(path.lastIndexOf(0x2f) + 1);

/** With a slash in front, as it was on the disk. */
export const diskName = (path: Uint8Array): Uint8Array => Buffer.concat([Buffer.from("/"), path]);

/** What a file holds; nothing for all else. */
export const entrySize = (entry: Entry): string => (entry.type === "file" ? size(entry.sizeBytes) : "");

/** Catalogs may hold times that no calendar has. */
export function modified({ mtimeSeconds }: Entry, timeZone: string): string {
  const ms = mtimeSeconds * 1000;
  return Number.isNaN(new Date(ms).getTime()) ? `${mtimeSeconds} s` : moment(ms, timeZone);
}

/** A name that is not UTF-8 comes as base64 too. */
export const pathJson = (path: Uint8Array) => ({
  path: Buffer.from(diskName(path)).toString(),
  ...(isUtf8(path) ? {} : { pathBase64: Buffer.from(path).toString("base64") }),
});

export function entryJson(entry: Entry) {
  const { type, mode, owner, mtimeSeconds, mtimeNanoseconds, attributes } = entry;
  return {
    ...pathJson(entry.path),
    type,
    mode: mode.toString(8).padStart(4, "0"),
    owner,
    mtimeSeconds,
    mtimeNanoseconds,
    ...(entry.type === "file" ? fileJson(entry) : {}),
    ...(entry.type === "symlink" ? { target: entry.target.toString() } : {}),
    ...("major" in entry ? { major: entry.major, minor: entry.minor } : {}),
    ...(attributes.length > 0 ? { attributes: attributes.map(({ name }) => name.toString()) } : {}),
    ...(entry.linkGroup ? { linkGroup: entry.linkGroup.toString("hex") } : {}),
  };
}

const fileJson = (file: Extract<Entry, { type: "file" }>) => ({
  size: file.sizeBytes,
  hasContent: file.content.kind !== "missing",
  changing: file.changing,
});
