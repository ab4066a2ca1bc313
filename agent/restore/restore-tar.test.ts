import { spawnSync } from "node:child_process";
import { lstatSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract, type Header } from "tar-stream";
import { expect, test } from "vitest";
import {
  type EntryToStore,
  fileEntry,
  folderEntry,
  noise,
  symlinkEntry,
  unreadFileEntry,
} from "../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../test/support/memory-vault.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { restoreTar } from "./restore-tar.ts";

const long = `${"folder/".repeat(30)}${"n".repeat(200)}`;
const large = noise(20_000_000, 5);
const linkGroup = Buffer.alloc(8, 1);
const tree: readonly EntryToStore[] = [
  folderEntry("a", { mode: 0o750 }),
  fileEntry("a/large", [large]),
  fileEntry("a/small", "tiny", { attributes: [{ name: Buffer.from("user.x"), value: Buffer.from([0, 255, 10]) }] }),
  fileEntry("a/old", "", { mtimeSeconds: -2, mtimeNanoseconds: 500_000_000 }),
  fileEntry("b1", "linked", { linkGroup }),
  fileEntry("b2", "linked", { linkGroup }),
  symlinkEntry("c", "a/small"),
  fileEntry(long, "deep"),
  fileEntry("ümläut", "u"),
  fileEntry("z/holes", [70_000, noise(100), 30]),
];

async function archived(memory: MemoryVault, paths: readonly string[] = []) {
  const parts: Buffer[] = [];
  const to = new Writable({
    highWaterMark: 1000,
    write(chunk, _, done) {
      parts.push(Buffer.from(chunk));
      setImmediate(done);
    },
  });
  await using vault = memory.open();
  const report = await restoreTar(vault, await vault.openSnapshot(1), { to, paths });
  return { report, tar: Buffer.concat(parts) };
}

async function parsed(tar: Buffer) {
  const entries = new Map<string, { header: Header; content: Buffer }>();
  const unpack = extract();
  unpack.end(tar);
  for await (const entry of unpack) {
    const content = await buffer(entry);
    entries.set(entry.header.name.replace(/\/$/, ""), { header: entry.header, content });
  }
  return entries;
}

async function memoryOf(entries: readonly EntryToStore[]) {
  const memory = new MemoryVault();
  await memory.addSnapshot(entries);
  return memory;
}

test("everything stands in the archive, exactly", async () => {
  const { report, tar } = await archived(await memoryOf(tree));
  expect(report).toMatchObject({ result: "completed", filesRetrieved: 8, folders: 1, others: 1 });
  const entries = await parsed(tar);
  expect([...entries.keys()].sort()).toEqual(tree.map(({ path }) => path.toString()).sort());
  expect(entries.get("a/large")?.content.equals(large)).toBe(true);
  expect(
    entries.get("z/holes")?.content.equals(Buffer.concat([Buffer.alloc(70_000), noise(100), Buffer.alloc(30)])),
  ).toBe(true);
  expect(entries.get(long)?.content.toString()).toBe("deep");
  expect(entries.get("b2")?.header).toMatchObject({ type: "link", linkname: "b1" });
  expect(entries.get("c")?.header).toMatchObject({ type: "symlink", linkname: "a/small" });
  expect(entries.get("a")?.header).toMatchObject({ type: "directory", mode: 0o750 });
  expect(entries.get("a/old")?.header.pax).toMatchObject({ mtime: "-1.500000000" });
  expect(entries.get("a/small")?.header.pax).toHaveProperty(["SCHILY.xattr.user.x"]);
});

test("the system's tar unpacks it", async () => {
  const { tar } = await archived(await memoryOf(tree));
  const folder = tempFolder();
  const { status, stderr } = spawnSync("tar", ["-xf", "-", "-C", folder], { input: tar, maxBuffer: 1e9 });
  expect([status, stderr.toString().replace(/.*implausibly old.*\n/, "")]).toEqual([0, ""]);
  expect(readFileSync(join(folder, "a/large")).equals(large)).toBe(true);
  expect(readFileSync(join(folder, long), "utf8")).toBe("deep");
  expect(statSync(join(folder, "a/small"), { bigint: true }).mtimeNs).toBe(1_700_000_000_123_456_789n);
  expect(lstatSync(join(folder, "b2")).ino).toBe(lstatSync(join(folder, "b1")).ino);
});

test("names that are not UTF-8 keep their bytes", async () => {
  const name = Buffer.from([0x66, 0xff, 0xfe]);
  const { tar } = await archived(await memoryOf([fileEntry(name, "x")]));
  expect(tar.includes(Buffer.concat([Buffer.from(" path="), name, Buffer.from("\n")]))).toBe(true);
});

test("a damaged file is left out and named, the archive stays whole", async () => {
  const memory = await memoryOf([...tree, unreadFileEntry("unread", 5)]);
  const pack = memory.packsOf(0).find((each) => memory.frame(each).chunks.some(({ type }) => type === 2)) ?? "";
  const chunk = memory.frame(pack).chunks.find(({ type }) => type === 2);
  const bytes = memory.packs.get(pack) ?? Buffer.alloc(0);
  const at = (chunk?.offset ?? 0) + 70;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const { report, tar } = await archived(memory);
  expect(report.result).toBe("incomplete");
  expect(report.problems.map(({ code }) => code)).toEqual(
    expect.arrayContaining(["chunk/corrupt", "restore/no-content"]),
  );
  const entries = await parsed(tar);
  expect(entries.has("a/small")).toBe(false);
  expect(entries.get("a/large")?.content.equals(large)).toBe(true);
});

test("when a file is damaged behind its beginning the archive breaks off", async () => {
  const memory = await memoryOf([fileEntry("a", [large])]);
  memory.forget(memory.packsOf(0).at(-1) ?? "");
  await expect(archived(memory)).rejects.toMatchObject({ code: "chunk/lost" });
  expect(memory.progress.at(-1)).toMatchObject({ status: "failed", code: "chunk/lost" });
});

test("a selection comes with the folders above it", async () => {
  const { tar } = await archived(await memoryOf(tree), ["/a/small"]);
  expect([...(await parsed(tar)).keys()]).toEqual(["a", "a/small"]);
});
