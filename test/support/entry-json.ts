/** Entries as the test vectors write them: binary fields in hexadecimal, and nothing that has no meaning. */
import type { Entry, Slice } from "../../agent/model/entry.ts";

export type SliceJson = { chunk: string; offset: number; length: number } | { hole: number };

export interface EntryJson {
  path: string;
  type: Entry["type"];
  mode: number;
  owner: { uid: number; gid: number; user: string; group: string };
  mtimeSeconds: number;
  mtimeNanoseconds: number;
  attributes?: { name: string; value: string }[];
  linkGroup?: string;
  sizeBytes?: number;
  changing?: boolean;
  slices?: SliceJson[];
  list?: string;
  missing?: boolean;
  target?: string;
  major?: number;
  minor?: number;
}

const hex = (bytes: Buffer): string => bytes.toString("hex");
const bytes = (text: string): Buffer => Buffer.from(text, "hex");

export const sliceToJson = (slice: Slice): SliceJson =>
  slice.kind === "hole"
    ? { hole: slice.length }
    : { chunk: hex(slice.chunk), offset: slice.offset, length: slice.length };

export const sliceFromJson = (json: SliceJson): Slice =>
  "hole" in json
    ? { kind: "hole", length: json.hole }
    : { kind: "chunk", chunk: bytes(json.chunk), offset: json.offset, length: json.length };

export function entryToJson(entry: Entry): EntryJson {
  const { path, type, mode, owner, mtimeSeconds, mtimeNanoseconds, attributes, linkGroup } = entry;
  const json: EntryJson = { path: hex(path), type, mode, owner, mtimeSeconds, mtimeNanoseconds };
  if (attributes.length > 0)
    json.attributes = attributes.map(({ name, value }) => ({ name: hex(name), value: hex(value) }));
  if (linkGroup) json.linkGroup = hex(linkGroup);
  if (entry.type === "symlink") json.target = hex(entry.target);
  if (entry.type === "character-device" || entry.type === "block-device")
    [json.major, json.minor] = [entry.major, entry.minor];
  if (entry.type !== "file") return json;
  json.sizeBytes = entry.sizeBytes;
  if (entry.changing) json.changing = true;
  if (entry.content.kind === "slices") json.slices = entry.content.slices.map(sliceToJson);
  if (entry.content.kind === "list") json.list = hex(entry.content.list);
  if (entry.content.kind === "missing") json.missing = true;
  return json;
}

export function entryFromJson(json: EntryJson): Entry {
  const base = {
    path: bytes(json.path),
    mode: json.mode,
    owner: json.owner,
    mtimeSeconds: json.mtimeSeconds,
    mtimeNanoseconds: json.mtimeNanoseconds,
    attributes: (json.attributes ?? []).map(({ name, value }) => ({ name: bytes(name), value: bytes(value) })),
    linkGroup: json.linkGroup === undefined ? undefined : bytes(json.linkGroup),
  };
  const { type, sizeBytes = 0, changing = false, major = 0, minor = 0 } = json;
  if (type === "symlink") return { ...base, type, target: bytes(json.target ?? "") };
  if (type === "character-device" || type === "block-device") return { ...base, type, major, minor };
  if (type !== "file") return { ...base, type };
  const file = { ...base, type, sizeBytes, changing };
  if (json.missing) return { ...file, content: { kind: "missing" } };
  if (json.list !== undefined) return { ...file, content: { kind: "list", list: bytes(json.list) } };
  return { ...file, content: { kind: "slices", slices: (json.slices ?? []).map(sliceFromJson) } };
}
