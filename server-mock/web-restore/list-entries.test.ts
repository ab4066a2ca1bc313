import fc from "fast-check";
import { expect, test } from "vitest";
import { entriesRequest, searchRequest } from "../../protocol/messages/web-restore.ts";
import { type EntryToStore, fileEntry, folderEntry, symlinkEntry } from "../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../test/support/memory-vault.ts";
import { listEntries } from "./list-entries.ts";
import { OpenVault } from "./open-vaults.ts";
import { searchEntries } from "./search-entries.ts";
import { sizeFolder } from "./size-folder.ts";

const LATEST = { kind: "latest" } as const;

async function opened(...snapshots: (readonly EntryToStore[])[]): Promise<{ open: OpenVault; memory: MemoryVault }> {
  const memory = new MemoryVault();
  for (const entries of snapshots) await memory.addSnapshot(entries);
  return { open: new OpenVault(memory.open()), memory };
}

/** All pages of a folder, by name. */
async function listed(open: OpenVault, request: Record<string, unknown>): Promise<{ names: string[]; pages: number }> {
  const snapshot = await open.snapshot(LATEST);
  const names: string[] = [];
  let pages = 0;
  for (let cursor: string | undefined; ; ) {
    const page = await listEntries(open, snapshot, entriesRequest.parse({ ...request, cursor }));
    names.push(...page.items.map(({ name, deleted }) => (deleted === null ? name : `${name}!${deleted.snapshot}`)));
    pages++;
    if (page.next === null) return { names, pages };
    cursor = page.next;
  }
}

const empty = (path: string) => fileEntry(path, []);

test("pages of any size give each entry once, folders first, whatever lies below them", async () => {
  const many = Array.from({ length: 300 }, (_, at) => [
    folderEntry(`top/folder-${at}`),
    empty(`top/folder-${at}/inside`),
    empty(`top/file-${at}`),
  ]).flat();
  const { open } = await opened([folderEntry("top"), ...many, empty("top.txt")]);
  const sorted = (kind: string) => Array.from({ length: 300 }, (_, at) => `${kind}-${at}`).sort();
  for (const limit of [1000, 300, 299, 7]) {
    const { names } = await listed(open, { folder: "/top", limit });
    expect(names, `pages of ${limit}`).toEqual([...sorted("folder"), ...sorted("file")]);
  }
  expect((await listed(open, { folder: "/top", order: "name", limit: 11 })).names).toEqual([
    ...sorted("file"),
    ...sorted("folder"),
  ]);
  expect((await listed(open, { folder: "/" })).names).toEqual(["top", "top.txt"]);
});

test("deleted entries come once, from the newest snapshot that has them, also page by page", async () => {
  const files = (...names: string[]) => [folderEntry("d"), ...names.map((name) => empty(`d/${name}`))];
  const { open } = await opened(files("a", "b", "x"), files("a", "c", "x"), files("a", "c", "y"), files("a", "y"));
  for (const limit of [1, 2, 3, 100])
    expect((await listed(open, { folder: "/d", includeDeleted: true, limit })).names, `pages of ${limit}`).toEqual([
      "a",
      "b!1",
      "c!3",
      "x!2",
      "y",
    ]);
  expect((await listed(open, { folder: "/d" })).names).toEqual(["a", "y"]);
});

test("whatever came and went, pages of any size say what comparing whole snapshots says", async () => {
  const name = (at: number) => `d/f${String(at).padStart(3, "0")}`;
  const history = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 399 }), { maxLength: 30 }), {
    minLength: 2,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(history, fc.integer({ min: 1, max: 150 }), async (gone, limit) => {
      const all = Array.from({ length: 400 }, (_, at) => at);
      const kept = gone.map((some) => all.filter((at) => !some.includes(at)));
      const { open } = await opened(...kept.map((some) => [folderEntry("d"), ...some.map((at) => empty(name(at)))]));
      const lastOf = (at: number) => kept.findLastIndex((some) => some.includes(at)) + 1;
      const expected = all
        .filter((at) => lastOf(at) > 0)
        .map((at) => `${name(at).slice(2)}${lastOf(at) === kept.length ? "" : `!${lastOf(at)}`}`);
      expect((await listed(open, { folder: "/d", includeDeleted: true, limit })).names).toEqual(expected);
    }),
    { numRuns: 12 },
  );
});

test("a folder that was deleted can be looked into", async () => {
  const { open } = await opened([folderEntry("d"), empty("d/a"), empty("d/b")], [empty("other")]);
  expect((await listed(open, { folder: "/d", includeDeleted: true })).names).toEqual(["a!1", "b!1"]);
  await expect(listed(open, { folder: "/d" })).rejects.toMatchObject({ code: "entry/missing" });
  await expect(listed(open, { folder: "/other" })).rejects.toMatchObject({ code: "entry/missing" });
});

test("a search goes on where it stopped, and finds deleted names once each", async () => {
  const names = Array.from({ length: 50 }, (_, at) => `d/note-${String(at).padStart(2, "0")}.txt`);
  const files = (some: readonly string[]) => [folderEntry("d"), ...some.map(empty), empty("d/other")];
  const { open } = await opened(files(names), files(names.slice(10)), files(names.slice(20)));
  const snapshot = await open.snapshot(LATEST);
  const found: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const request = searchRequest.parse({ pattern: "*.TXT", includeDeleted: true, limit: 7, cursor });
    const page = await searchEntries(open, snapshot, request);
    expect(page.items.length).toBeLessThanOrEqual(7);
    found.push(...page.items.map(({ name, deleted }) => `${name}${deleted === null ? "" : `!${deleted.snapshot}`}`));
    if (page.next === null) break;
    cursor = page.next;
  }
  const expected = names.map((path, at) => `${path.slice(2)}${at < 10 ? "!1" : at < 20 ? "!2" : ""}`);
  expect(found.toSorted()).toEqual(expected.toSorted());
});

test("what is deleted, comes back and is deleted again is found once, where it was last", async () => {
  const { open } = await opened([empty("a"), empty("z")], [empty("z")], [empty("a"), empty("z")], [empty("z")]);
  const request = searchRequest.parse({ pattern: "a", includeDeleted: true });
  const { items } = await searchEntries(open, await open.snapshot(LATEST), request);
  expect(items.map(({ deleted }) => deleted?.snapshot)).toEqual([3]);
});

test("sizes below a folder are those of all files there, counted from pages that need not be opened", async () => {
  const inside = Array.from({ length: 4000 }, (_, at) => fileEntry(`big/many/f${at}`, [at + 1]));
  const tree = [
    folderEntry("big"),
    folderEntry("big/many"),
    ...inside,
    fileEntry("big/one", [5]),
    symlinkEntry("big/zlink", "one"),
  ];
  const { open, memory } = await opened([...tree, fileEntry("small", [7])]);
  const sum = (4000 * 4001) / 2;
  const snapshot = await open.snapshot(LATEST);
  const asked = memory.asked.locates;
  const top = await sizeFolder(snapshot, "/");
  expect(top).toMatchObject({ bytes: sum + 12, entries: tree.length + 1 });
  expect(top.items.map(({ name, bytes, kind }) => [name, bytes, kind])).toEqual([
    ["big", sum + 5, "folder"],
    ["small", 7, "file"],
  ]);
  expect(memory.asked.locates - asked).toBeLessThan(5);
  const big = await sizeFolder(snapshot, "/big");
  expect(big.items.map(({ name, bytes, entries, kind }) => [name, bytes, entries, kind])).toEqual([
    ["many", sum, 4001, "folder"],
    ["one", 5, 1, "file"],
    ["zlink", 0, 1, "link"],
  ]);
  await expect(sizeFolder(snapshot, "/none")).rejects.toMatchObject({ code: "entry/missing" });
});

test("a folder of 100,000 entries is paged through, each page reading a few catalog pages", async () => {
  const many = Array.from({ length: 100_000 }, (_, at) => empty(`lot/file-${String(at).padStart(6, "0")}`));
  const { open, memory } = await opened([folderEntry("lot"), ...many]);
  const snapshot = await open.snapshot(LATEST);
  let cursor: string | undefined;
  let seen = 0;
  let readMost = 0;
  for (;;) {
    const before = memory.asked.bytes;
    const page = await listEntries(
      open,
      snapshot,
      entriesRequest.parse({ folder: "/lot", order: "name", limit: 1000, cursor }),
    );
    readMost = Math.max(readMost, memory.asked.bytes - before);
    expect(page.items[0]?.name).toBe(`file-${String(seen).padStart(6, "0")}`);
    seen += page.items.length;
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(seen).toBe(100_000);
  expect(readMost).toBeLessThan(1024 * 1024);
});
