import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { privateFolder } from "./prepare-start.ts";

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "holdfast-start-")));
});
afterEach(() => rmSync(home, { recursive: true }));

test("compiled code is kept in a folder of our own, a version in each; a new version removes the others", () => {
  const parent = join(home, ".cache", "compiled");
  const first = privateFolder(parent, "1.0.0");
  expect(first).toBe(join(parent, "1.0.0"));
  writeFileSync(join(parent, "1.0.0", "code"), "");
  expect(privateFolder(parent, "1.0.0")).toBe(first);
  expect(existsSync(join(parent, "1.0.0", "code"))).toBe(true);
  privateFolder(parent, "1.0.1");
  expect(existsSync(join(parent, "1.0.0"))).toBe(false);
});

test("a home that is a link is entered once and checked where it leads", () => {
  mkdirSync(join(home, "real"));
  symlinkSync("real", join(home, "link"));
  expect(privateFolder(join(home, "link", "compiled"), "1")).toBe(join(home, "real", "compiled", "1"));
});

test("a folder that others can write to, or one below it, is not used", () => {
  const parent = join(home, "compiled");
  mkdirSync(join(parent, "1"), { recursive: true });
  chmodSync(join(parent, "1"), 0o777);
  expect(privateFolder(parent, "1")).toBeUndefined();
  chmodSync(join(parent, "1"), 0o700);
  chmodSync(parent, 0o777);
  expect(privateFolder(parent, "1")).toBeUndefined();
  chmodSync(parent, 0o1777); // As /tmp: what is ours there stays ours.
  expect(privateFolder(parent, "1")).toBe(join(parent, "1"));
});

test.skipIf(process.getuid?.() !== 0)("the administrator uses nothing of another user, whatever HOME says", () => {
  const parent = join(home, "compiled");
  mkdirSync(join(parent, "1"), { recursive: true, mode: 0o700 });
  chownSync(parent, 65534, 65534);
  expect(privateFolder(parent, "1")).toBeUndefined();
});

test("where nothing can be made there is none, and that is no error", () => {
  writeFileSync(join(home, "file"), "");
  expect(privateFolder(join(home, "file", "compiled"), "1")).toBeUndefined();
});
