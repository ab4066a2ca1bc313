import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LocalPlace } from "../../test/support/local-place.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { diskError } from "./disk-errors.ts";
import { chooseCopy, findCopies } from "./find-copies.ts";
import { Room } from "./room.ts";

const failure = (code: string) => Object.assign(new Error(`${code}: it failed`), { code });

test.each([
  ["ENOSPC", "local/full"],
  ["EDQUOT", "local/full"],
  ["ENOENT", "local/missing"],
  ["ENODEV", "local/missing"],
  ["EROFS", "local/unwritable"],
  ["EIO", "local/unwritable"],
  ["EACCES", "local/unwritable"],
])("%s of a disk is %s", (code, told) => {
  expect(diskError(failure(code), "/mnt/disk")).toMatchObject({ code: told, data: { path: "/mnt/disk" } });
});

test.each([
  [13, "local/full"],
  [8, "local/unwritable"],
  [0x10a, "local/unwritable"],
])("SQLite's %i is %s", (errcode, told) => {
  expect(diskError(Object.assign(new Error("sqlite"), { errcode }), "/x")).toMatchObject({ code: told });
});

test("damage of a database, and what is no trouble of a disk, stay what they are", () => {
  for (const error of [Object.assign(new Error("malformed"), { errcode: 11 }), new TypeError("bug")])
    expect(diskError(error, "/x")).toBe(error);
});

const ID = (digit: string): string => digit.repeat(32);

function copyOf(folder: string, machine: string, name: string): string {
  const root = join(folder, machine);
  mkdirSync(root);
  const card = {
    ...{ version: 1, copy: "ab".repeat(32), vault: ID("c"), machine, epoch: 1, name, wrap: null },
    ...{ readKey: Buffer.alloc(32).toString("base64"), madeAt: "2026-11-22T12:00:00.000Z" },
  };
  writeFileSync(join(root, "copy.json"), JSON.stringify(card));
  return root;
}

test("the copies of several machines in one folder are told apart by id or name; this computer's own is meant first", async () => {
  const folder = tempFolder();
  const [attic, den] = [copyOf(folder, ID("1"), "attic"), copyOf(folder, ID("2"), "den")];
  mkdirSync(join(folder, "photos"));
  expect((await findCopies(folder)).map(({ root }) => root)).toEqual([attic, den]);
  expect((await chooseCopy(folder, "den")).root).toBe(den);
  expect((await chooseCopy(folder, ID("1"))).root).toBe(attic);
  expect((await chooseCopy(folder, undefined, ID("2"))).root).toBe(den);
  expect((await chooseCopy(attic, undefined)).root).toBe(attic);
  await expect(chooseCopy(folder, undefined)).rejects.toMatchObject({ code: "local/several" });
  await expect(chooseCopy(folder, "cellar")).rejects.toMatchObject({ code: "local/missing" });
  await expect(chooseCopy(join(folder, "photos"), undefined)).rejects.toMatchObject({ code: "local/missing" });
  // In words, not as a system call.
  await expect(chooseCopy(join(folder, "none"), undefined)).rejects.toMatchObject({
    code: "local/missing",
    data: { reason: "it is not there" },
  });
});

test("a copy.json that makes no sense is damage, also of a later version", async () => {
  const folder = tempFolder();
  const root = copyOf(folder, ID("1"), "attic");
  for (const text of ["", "{}", '{"version": 2}', "\0\0\0"]) {
    writeFileSync(join(root, "copy.json"), text);
    await expect(findCopies(folder)).rejects.toMatchObject({ code: "local/damaged" });
  }
});

test("room is reserved: two that come at once don't share what is left", async () => {
  const place = new LocalPlace();
  using copy = await place.open();
  const sign = (message: Buffer) => place.signer.sign(message);
  const room = new Room(copy, { capBytes: 4_000_000, nowMs: 0, sign, onGone: () => undefined });
  const first = room.reserve(1_500_000);
  const second = room.reserve(1_500_000);
  const held = await first;
  await expect(second).rejects.toMatchObject({ code: "local/full", data: { limit: 4_000_000, wanted: 1_500_000 } });
  held[Symbol.dispose]();
  (await room.reserve(1_500_000))[Symbol.dispose]();
});
