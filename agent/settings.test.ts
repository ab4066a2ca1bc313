import { writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { smallDisk, whyNoSmallDisk } from "../test/support/small-disk.ts";
import {
  changeSettings,
  DEFAULT_SETTINGS,
  findSettings,
  loadSettings,
  type Settings,
  saveSettings,
} from "./settings.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-settings-"));
});
afterEach(() => rm(folder, { recursive: true }));

const example: Settings = {
  ...DEFAULT_SETTINGS,
  service: { url: "http://127.0.0.1:8470" },
  machine: "00112233445566778899aabbccddeeff",
  name: "desk",
};

test("what was saved is loaded, and only its owner can read it", async () => {
  const data = join(folder, "made", "when", "needed");
  await saveSettings(data, example);
  expect(await loadSettings(data)).toEqual(example);
  expect((await stat(join(data, "settings.json"))).mode & 0o777).toBe(0o600);
  expect((await stat(data)).mode & 0o777).toBe(0o700);
});

test("without a file there are no settings, and loading says to register", async () => {
  expect(await findSettings(join(folder, "none"))).toBeUndefined();
  await expect(loadSettings(folder)).rejects.toMatchObject({ code: "settings/not-registered" });
});

test("settings that can't be read are not called wrong: nobody removes them for that", async () => {
  await mkdir(join(folder, "settings.json"));
  await expect(findSettings(folder)).rejects.toMatchObject({ code: "settings/unreadable" });
});

test.skipIf(whyNoSmallDisk())(
  "on a full disk the settings stay as they were, and nobody is told to remove them",
  async () => {
    const data = join(folder, "disk");
    using _disk = smallDisk(data, 1);
    await saveSettings(data, example);
    expect(() => writeFileSync(join(data, "fill"), Buffer.alloc(2 << 20))).toThrow();
    const excludes = Array.from({ length: 500 }, (_, i) => `${"long".repeat(20)}-${i}`);
    await expect(changeSettings(data, { excludes })).rejects.toMatchObject({
      code: "settings/unwritable",
      data: { reason: "no room left on the disk" },
    });
    expect(await loadSettings(data)).toEqual(example);
    expect((await readdir(data)).sort()).toEqual(["fill", "settings.json"]);
  },
);

test("speeds are kept as people wrote them", async () => {
  const limited = { ...example, uploadLimit: "2M", downloadLimit: "16 Mbit/s" };
  await saveSettings(folder, limited);
  expect(await loadSettings(folder)).toEqual(limited);
});

test("a change keeps the rest", async () => {
  await saveSettings(folder, { ...example, email: "a@example.org" });
  await changeSettings(folder, { roots: ["/home"], email: undefined });
  expect(await loadSettings(folder)).toEqual({ ...example, roots: ["/home"] });
});

test("a change to what it is already leaves the file alone", async () => {
  await saveSettings(folder, { ...example, roots: ["/home"] });
  const before = await stat(join(folder, "settings.json"), { bigint: true });
  await changeSettings(folder, { roots: ["/home"], excludes: [] });
  const after = await stat(join(folder, "settings.json"), { bigint: true });
  expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
});

test("what conf has written and what is read by hand are the same rule", async () => {
  await writeFile(join(folder, "settings.json"), JSON.stringify({ ...example, roots: ["/x"], email: "a@example.org" }));
  const read = await loadSettings(folder);
  await saveSettings(folder, { ...read, oneFileSystem: true });
  expect(await loadSettings(folder)).toEqual({ ...read, oneFileSystem: true });
});

test.each([
  ["cut JSON", '{"service":', /JSON/],
  ["a wrong value", JSON.stringify({ ...example, uploads: 99 }), /uploads/],
  ["a speed without a unit", JSON.stringify({ ...example, uploadLimit: "500" }), /uploadLimit.*500k/],
  ["an unknown name", JSON.stringify({ ...example, upload: 1 }), /upload/],
  ["a missing name", JSON.stringify({ ...example, machine: undefined }), /machine/],
])("%s in the file is settings/invalid and the file stays as it is", async (_, text, reason) => {
  await writeFile(join(folder, "settings.json"), text);
  await expect(loadSettings(folder)).rejects.toMatchObject({
    code: "settings/invalid",
    data: { reason: expect.stringMatching(reason) },
  });
  await expect(saveSettings(folder, example)).rejects.toMatchObject({ code: "settings/invalid" });
  expect(await readFile(join(folder, "settings.json"), "utf8")).toBe(text);
});
