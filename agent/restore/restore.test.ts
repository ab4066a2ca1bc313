import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
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
import { type RestoreOptions, restore } from "./restore.ts";

const large = noise(5_000_000, 2);
const tree: readonly EntryToStore[] = [
  folderEntry("home", { mode: 0o751 }),
  folderEntry("home/docs", { mtimeSeconds: 1_600_000_000 }),
  fileEntry("home/docs/a.txt", "alpha", { mode: 0o640 }),
  fileEntry("home/docs/empty", ""),
  fileEntry("home/docs/large.bin", [large]),
  symlinkEntry("home/link", "docs/a.txt"),
  fileEntry("home/sparse", [1_000_000, noise(10_000, 3), 2_000_000]),
  folderEntry("home/void", { mode: 0o500 }),
];

async function memoryOf(entries: readonly EntryToStore[]) {
  const memory = new MemoryVault();
  await memory.addSnapshot(entries);
  return memory;
}

async function restored(memory: MemoryVault, options: Partial<RestoreOptions> = {}) {
  const target = options.target ?? join(tempFolder(), "out");
  await using vault = memory.open();
  const snapshot = await vault.openSnapshot(1);
  const report = await restore(vault, snapshot, { ...options, target });
  return { target, report, read: (path: string) => readFileSync(join(target, path)) };
}

/** All names below a folder, links not followed. */
const names = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();

test("everything comes back with its content, times, modes, holes and links", async () => {
  const memory = await memoryOf(tree);
  const { target, report, read } = await restored(memory);
  expect(report).toMatchObject({ result: "completed", filesRequested: 4, filesRetrieved: 4, folders: 3, others: 1 });
  expect(report.bytes).toBe(5 + 5_000_000 + 3_010_000);
  expect(read("home/docs/a.txt").toString()).toBe("alpha");
  expect(read("home/docs/large.bin").equals(large)).toBe(true);
  const sparse = Buffer.concat([Buffer.alloc(1_000_000), noise(10_000, 3), Buffer.alloc(2_000_000)]);
  expect(read("home/sparse").equals(sparse)).toBe(true);
  expect(statSync(join(target, "home/sparse")).blocks * 512).toBeLessThan(200_000);
  expect(readlinkSync(join(target, "home/link"))).toBe("docs/a.txt");
  expect(statSync(join(target, "home/docs/a.txt")).mode & 0o777).toBe(0o640);
  expect(statSync(join(target, "home/void")).mode & 0o777).toBe(0o500);
  expect(statSync(join(target, "home"), { bigint: true }).mtimeNs).toBe(1_700_000_000_123_456_789n);
  expect(statSync(join(target, "home/docs"), { bigint: true }).mtimeNs).toBe(1_600_000_000_123_456_789n);
  expect(memory.progress.at(-1)).toMatchObject({ status: "completed", filesRequested: 4, filesRetrieved: 4 });
});

test("each chunk is read once", async () => {
  const memory = await memoryOf(tree);
  const { report } = await restored(memory);
  expect(report.bytesFetched).toBeLessThan(5_200_000);
});

test("a selection comes with the folders above it and nothing else", async () => {
  const memory = await memoryOf([...tree, folderEntry("other"), fileEntry("other/x", "x")]);
  const { target, report } = await restored(memory, { paths: ["/home/docs/a.txt", "home/void/"] });
  expect(names(target)).toEqual(["home", "home/docs", "home/docs/a.txt", "home/void"]);
  expect(report).toMatchObject({ result: "completed", filesRequested: 1, filesRetrieved: 1 });
  expect(statSync(join(target, "home")).mode & 0o777).toBe(0o751);
});

test("a path that is not in the snapshot is refused before anything is written", async () => {
  const memory = await memoryOf(tree);
  const target = join(tempFolder(), "out");
  await expect(restored(memory, { target, paths: ["home/docs", "nowhere"] })).rejects.toMatchObject({
    code: "restore/no-match",
    data: { path: "nowhere" },
  });
  expect(() => lstatSync(target)).toThrow();
});

test("by default what exists stays, is reported, and is not fetched", async () => {
  const memory = await memoryOf(tree);
  const target = tempFolder();
  mkdirSync(join(target, "home/docs"), { recursive: true });
  writeFileSync(join(target, "home/docs/large.bin"), "mine");
  const { report, read } = await restored(memory, { target });
  expect(report).toMatchObject({ result: "incomplete", filesRetrieved: 3, problemCount: 1 });
  expect(report.problems[0]).toMatchObject({ path: "/home/docs/large.bin", code: "restore/exists" });
  expect(read("home/docs/large.bin").toString()).toBe("mine");
  expect(report.bytesFetched).toBeLessThan(200_000);
});

test("what exists is kept, joined by a new name, or replaced, as asked", async () => {
  const memory = await memoryOf(tree);
  const start = () => {
    const target = tempFolder();
    mkdirSync(join(target, "home/docs"), { recursive: true });
    writeFileSync(join(target, "home/docs/a.txt"), "mine");
    return target;
  };
  const keep = await restored(memory, { target: start(), existing: "keep" });
  expect(keep.report).toMatchObject({ result: "completed", kept: 1, problemCount: 0 });
  expect(keep.read("home/docs/a.txt").toString()).toBe("mine");
  const rename = await restored(memory, { target: start(), existing: "rename" });
  expect(rename.read("home/docs/a.txt").toString()).toBe("mine");
  expect(rename.read("home/docs/a (restored 1).txt").toString()).toBe("alpha");
  const overwrite = await restored(memory, { target: start(), existing: "overwrite" });
  expect(overwrite.read("home/docs/a.txt").toString()).toBe("alpha");
});

test("an interrupted restore goes on with what is not there yet", async () => {
  const memory = await memoryOf(tree);
  const target = tempFolder();
  const stop = new AbortController();
  memory.onRange = () => stop.abort();
  await expect(restored(memory, { target, signal: stop.signal })).rejects.toMatchObject({ code: "restore/cancelled" });
  expect(names(target).filter((name) => name.includes(".holdfast-part"))).toEqual([]);
  expect(memory.progress.at(-1)).toMatchObject({ status: "cancelled", code: "restore/cancelled" });
  memory.onRange = () => undefined;
  const { report, read } = await restored(memory, { target, existing: "keep" });
  expect(report.result).toBe("completed");
  expect(read("home/docs/large.bin").equals(large)).toBe(true);
});

test("a file with a damaged chunk is named and never written; the rest comes back", async () => {
  const memory = await memoryOf(tree);
  const pack = memory.packsOf(0).find((each) => memory.frame(each).chunks.some(({ type }) => type === 1)) ?? "";
  const chunk = memory.frame(pack).chunks.find(({ type }) => type === 1);
  const bytes = memory.packs.get(pack) ?? Buffer.alloc(0);
  const at = (chunk?.offset ?? 0) + 1000;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const { target, report } = await restored(memory);
  expect(report).toMatchObject({ result: "incomplete", filesRetrieved: 3 });
  expect(report.problems).toMatchObject([{ path: "/home/docs/large.bin", code: "chunk/corrupt" }]);
  expect(names(target)).not.toContain("home/docs/large.bin");
  expect(names(target).filter((name) => name.includes(".holdfast-part"))).toEqual([]);
  expect(memory.progress.at(-1)).toMatchObject({ status: "incomplete", code: "chunk/corrupt" });
});

test("a lost pack costs the files in it and no others", async () => {
  const memory = await memoryOf(tree);
  const bundlePack = memory.packsOf(0).find((pack) => memory.frame(pack).chunks.some(({ type }) => type === 2)) ?? "";
  memory.packs.delete(bundlePack);
  const { report } = await restored(memory);
  expect(report.problems.map(({ code }) => code)).toEqual(expect.arrayContaining(["chunk/lost"]));
  expect(report.problems.map(({ path }) => path)).toContain("/home/docs/a.txt");
  expect(report.filesRetrieved).toBe(4 - report.problemCount);
});

test("a file whose content could not be read at the backup is named", async () => {
  const { report } = await restored(await memoryOf([...tree, unreadFileEntry("secret", 100)]));
  expect(report).toMatchObject({ result: "incomplete", problems: [{ path: "/secret", code: "restore/no-content" }] });
});

test("hard links are links again, also when only some are selected", async () => {
  const linkGroup = Buffer.alloc(8, 1);
  const entries = [
    fileEntry("a", "shared", { linkGroup }),
    fileEntry("b", "shared", { linkGroup }),
    fileEntry("c", "shared", { linkGroup }),
    fileEntry("d", "shared"),
    symlinkEntry("s1", "x", { linkGroup: Buffer.alloc(8, 2) }),
    symlinkEntry("s2", "x", { linkGroup: Buffer.alloc(8, 2) }),
  ];
  const memory = await memoryOf(entries);
  const { target, report } = await restored(memory);
  const inode = (name: string) => lstatSync(join(target, name)).ino;
  expect(report).toMatchObject({ result: "completed", filesRetrieved: 4, others: 2 });
  expect(inode("b")).toBe(inode("a"));
  expect(inode("c")).toBe(inode("a"));
  expect(inode("d")).not.toBe(inode("a"));
  expect(inode("s2")).toBe(inode("s1"));
  const some = await restored(memory, { paths: ["b", "c"] });
  expect(lstatSync(join(some.target, "c")).ino).toBe(lstatSync(join(some.target, "b")).ino);
});

test("when the first name of a hard link can't be restored, the others still are, as links", async () => {
  const linkGroup = Buffer.alloc(8, 1);
  const content = [noise(3_000_000)];
  const memory = await memoryOf(["a", "b", "c"].map((name) => fileEntry(name, content, { linkGroup })));
  const target = tempFolder();
  mkdirSync(join(target, "a"));
  const { report, read } = await restored(memory, { target });
  expect(report).toMatchObject({ filesRetrieved: 2, problems: [{ path: "/a", code: "restore/exists" }] });
  expect(read("c").length).toBe(3_000_000);
  expect(lstatSync(join(target, "c")).ino).toBe(lstatSync(join(target, "b")).ino);
});

test("a catalog that leads through a link writes nothing behind it", async () => {
  const outside = tempFolder();
  const memory = await memoryOf([symlinkEntry("a", outside), fileEntry("a/evil", "x"), fileEntry("b", "fine")]);
  const { target, report, read } = await restored(memory);
  expect(readdirSync(outside)).toEqual([]);
  expect(report.problemCount).toBeGreaterThan(0);
  expect(read("b").toString()).toBe("fine");
  expect(names(target).some((name) => name.includes(".holdfast-part"))).toBe(false);
});

test("a link that stands in the target is not followed", async () => {
  const outside = tempFolder();
  const target = tempFolder();
  symlinkSync(outside, join(target, "home"));
  for (const existing of ["fail", "keep", "rename", "overwrite"] as const) {
    const { report } = await restored(await memoryOf(tree), { target, existing });
    expect(report.filesRetrieved).toBe(0);
    expect(readdirSync(outside)).toEqual([]);
  }
});

test.each(["../evil", "a/../../evil", "/evil"])("a catalog that names %j is refused as a whole page", async (path) => {
  const { target, report } = await restored(await memoryOf([fileEntry(path, "x")]));
  expect(report.problems).toMatchObject([{ code: "format/malformed" }]);
  expect(names(target)).toEqual([]);
});

test("a damaged page costs the paths it holds, which are named as a range", async () => {
  const entries = Array.from({ length: 2500 }, (_, at) => fileEntry(`f${String(at).padStart(5, "0")}`, `${at}`));
  const memory = await memoryOf(entries);
  const [pack = ""] = memory.packsOf(1);
  const leaf = memory.frame(pack).chunks[2];
  const bytes = memory.packs.get(pack) ?? Buffer.alloc(0);
  bytes[(leaf?.offset ?? 0) + 90] = (bytes[(leaf?.offset ?? 0) + 90] ?? 0) ^ 1;
  const { report, target } = await restored(memory);
  expect(report).toMatchObject({ result: "incomplete", problemCount: 1, problems: [{ code: "chunk/corrupt" }] });
  expect(report.problems[0]?.path).toMatch(/^\/f\d+ … before \/f\d+$/);
  expect(names(target)).toHaveLength(report.filesRetrieved);
  expect(report.filesRetrieved).toBeGreaterThan(1000);
});

test("a file with a long list of slices comes back, and one whose list is damaged is named", async () => {
  const parts = Array.from({ length: 3000 }, (_, at) => (at % 2 ? 4096 : noise(500, at + 1)));
  const memory = await memoryOf([fileEntry("many", parts), fileEntry("other", "x")]);
  const { read } = await restored(memory);
  const whole = Buffer.concat(parts.map((part) => (typeof part === "number" ? Buffer.alloc(part) : part)));
  expect(read("many").equals(whole)).toBe(true);
  const [pack = ""] = memory.packsOf(1);
  const list = memory.frame(pack).chunks.find(({ type }) => type === 4);
  const bytes = memory.packs.get(pack) ?? Buffer.alloc(0);
  bytes[(list?.offset ?? 0) + 90] = (bytes[(list?.offset ?? 0) + 90] ?? 0) ^ 1;
  const { report } = await restored(memory);
  expect(report).toMatchObject({ filesRetrieved: 1, problems: [{ path: "/many", code: "chunk/corrupt" }] });
});

test("however little is planned at a time, everything comes back", async () => {
  const entries: EntryToStore[] = [];
  for (let folder = 0; folder < 12; folder++) {
    entries.push(folderEntry(`d${folder}`, { mtimeSeconds: 1_500_000_000 + folder, mode: 0o555 }));
    for (let file = 0; file < 20; file++) entries.push(fileEntry(`d${folder}/f${file}`, `${folder}/${file}`));
    const parts = [noise(600_000, folder), 100_000, noise(300_000, folder + 50), noise(1_500_000, folder + 90), 1000];
    const linkGroup = Buffer.alloc(8, folder);
    for (const name of ["g1", "g2", "g3"]) entries.push(fileEntry(`d${folder}/${name}`, parts, { linkGroup }));
    entries.push(symlinkEntry(`d${folder}/s`, "f1"));
  }
  const memory = await memoryOf(entries);
  for (const limits of [
    { entries: 1, chunks: 1, openFiles: 1 },
    { entries: 7, chunks: 3, openFiles: 1 },
    { entries: 1000, chunks: 2, openFiles: 5 },
    { entries: 30, chunks: 1000, openFiles: 2 },
  ]) {
    const { target, report } = await restored(memory, { limits });
    expect(report).toMatchObject({ result: "completed", filesRetrieved: 12 * 23, folders: 12, others: 12 });
    for (let folder = 0; folder < 12; folder++) {
      const stats = statSync(join(target, `d${folder}`), { bigint: true });
      expect(stats.mtimeNs).toBe(BigInt(1_500_000_000 + folder) * 1_000_000_000n + 123_456_789n);
      expect(readFileSync(join(target, `d${folder}/f19`), "utf8")).toBe(`${folder}/19`);
      expect(statSync(join(target, `d${folder}/g3`))).toMatchObject({ size: 2_501_000, nlink: 3 });
      expect(
        readFileSync(join(target, `d${folder}/g1`))
          .subarray(1_000_000, 2_500_000)
          .equals(noise(1_500_000, folder + 90)),
      ).toBe(true);
    }
  }
});

test("a service that goes away ends the restore with nothing half-made", async () => {
  const memory = await memoryOf(tree);
  memory.onRange = (pack) => {
    if (memory.packsOf(0).includes(pack)) throw new HoldfastError("service/unreachable", { address: "a", reason: "r" });
  };
  const target = tempFolder();
  await expect(restored(memory, { target })).rejects.toMatchObject({ code: "service/unreachable" });
  expect(names(target).filter((name) => name.includes(".holdfast-part"))).toEqual([]);
  expect(memory.progress.at(-1)).toMatchObject({ status: "failed", code: "service/unreachable" });
});

test("progress is told and never exceeds what was announced", async () => {
  const told: number[] = [];
  const { report } = await restored(await memoryOf(tree), {
    onProgress: ({ bytes, totalBytes, files, totalFiles }) => {
      expect(bytes).toBeLessThanOrEqual(totalBytes);
      expect(files).toBeLessThanOrEqual(totalFiles);
      told.push(files);
    },
  });
  expect(told.at(-1)).toBe(report.filesRetrieved);
});
