import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Entry } from "../agent/index.ts";
import { diskName, entryJson, entryLine, nameOf } from "./entry-text.ts";
import { Terminal } from "./terminal.ts";

const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
const terminal = new Terminal(streams, { json: false, quiet: false, verbose: false, color: true });

const base = {
  path: Buffer.from("home/ada/letter.txt"),
  mode: 0o640,
  owner: { uid: 1000, gid: 100, user: "ada", group: "" },
  mtimeSeconds: 0,
  mtimeNanoseconds: 5,
  attributes: [],
};
const file: Entry = { ...base, type: "file", sizeBytes: 2048, content: { kind: "missing" }, changing: false };

test("a file's line has mode, owner by name or number, size, time and name", () => {
  expect(entryLine(file, nameOf(file), terminal, "UTC")).toBe(
    "-rw-r----- ada      100        2.0 KiB 1970-01-01 00:00:00 UTC letter.txt  (could not be read)",
  );
});

test("a link shows where it points, escaped; a folder ends with a slash", () => {
  const link: Entry = { ...base, type: "symlink", target: Buffer.from("a\x1b[2J") };
  expect(entryLine(link, diskName(link.path), terminal, "UTC")).toMatch(/ \/home\/ada\/letter\.txt → a\\e\[2J$/);
  expect(entryLine({ ...base, type: "folder" }, nameOf(file), terminal, "UTC")).toMatch(/ letter\.txt\/$/);
});

test("a time that no calendar has is still shown", () => {
  expect(entryLine({ ...file, mtimeSeconds: 1e15 }, nameOf(file), terminal, "UTC")).toContain("1000000000000000 s");
});

test("a path that is not UTF-8 comes as base64 too", () => {
  expect(entryJson({ ...file, path: Buffer.from([0x61, 0xff]) })).toMatchObject({
    path: "/a\ufffd",
    pathBase64: "Yf8=",
  });
  expect(entryJson(file)).not.toHaveProperty("pathBase64");
});
