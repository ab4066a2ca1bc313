import fc from "fast-check";
import { expect, test } from "vitest";
import { fileEntry, folderEntry } from "../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../test/support/memory-vault.ts";
import type { Entry } from "../model/entry.ts";
import { isWithin } from "../model/path-order.ts";
import type { Damage } from "./catalog-reader.ts";

const FOLDERS = 20;
const FILES = 400;

/** `top/f00…f19/n000…`, 8,021 entries over several levels of pages. */
function bigTree() {
  const entries = [folderEntry("top")];
  for (let folder = 0; folder < FOLDERS; folder++) {
    const path = `top/f${String(folder).padStart(2, "0")}`;
    entries.push(folderEntry(path));
    for (let file = 0; file < FILES; file++) entries.push(fileEntry(`${path}/n${file}`, ""));
  }
  return entries;
}

async function bigVault() {
  const memory = new MemoryVault();
  await memory.addSnapshot(bigTree());
  const vault = memory.open();
  const { catalog } = await vault.openSnapshot(1);
  return { memory, vault, catalog };
}

const paths = async (batches: AsyncIterable<readonly Entry[]>) =>
  (await Array.fromAsync(batches)).flat().map(({ path }) => path.toString());

test("all entries come in order, the same that were stored", async () => {
  const { vault, catalog } = await bigVault();
  await using _ = vault;
  const all = await paths(catalog.entries());
  expect(all).toHaveLength(1 + FOLDERS * (FILES + 1));
  expect(new Set(all)).toEqual(new Set(bigTree().map(({ path }) => path.toString())));
});

test("entries within some folders need only the pages that reach them", async () => {
  const { memory, vault, catalog } = await bigVault();
  await using _ = vault;
  const within = [Buffer.from("top/f03"), Buffer.from("top/f07/n11")];
  const before = memory.asked.bytes;
  const found = await paths(catalog.entries({ within }));
  const read = memory.asked.bytes - before;
  const expected = bigTree().filter(({ path }) => within.some((folder) => isWithin(path, folder)));
  expect(found.sort()).toEqual(expected.map(({ path }) => path.toString()).sort());
  const again = memory.asked.bytes;
  await paths(catalog.entries());
  expect(read).toBeLessThan((memory.asked.bytes - again) / 2);
});

test("a folder's level shows what lies directly in it and skips pages below", async () => {
  const { memory, vault, catalog } = await bigVault();
  await using _ = vault;
  expect(await paths(catalog.folder(Buffer.alloc(0)))).toEqual(["top"]);
  const before = memory.asked.bytes;
  expect(await paths(catalog.folder(Buffer.from("top")))).toHaveLength(FOLDERS);
  expect(memory.asked.bytes - before).toBeGreaterThan(0);
  expect(await paths(catalog.folder(Buffer.from("top/f05")))).toHaveLength(FILES);
  expect(await paths(catalog.folder(Buffer.from("top/f05/n1")))).toEqual([]);
});

test("one path is found by one page per level", async () => {
  const { memory, vault, catalog } = await bigVault();
  await using _ = vault;
  const before = memory.asked.ranges;
  expect((await catalog.find(Buffer.from("top/f13/n77")))?.path.toString()).toBe("top/f13/n77");
  expect(memory.asked.ranges - before).toBeLessThanOrEqual(4);
  expect(await catalog.find(Buffer.from("top/f13/n4000"))).toBeUndefined();
  expect(await catalog.find(Buffer.from("a"))).toBeUndefined();
  expect(await catalog.find(Buffer.from("z"))).toBeUndefined();
});

test("whatever the tree, lookups and folders agree with the whole", async () => {
  const name = fc.stringMatching(/^[a-c.\-/ ]{1,6}$/).map((text) => text.replace(/^\/+|\/+$|\/(?=\/)/g, ""));
  const valid = name.filter((path) => path.length > 0 && path.split("/").every((part) => !/^\.{0,2}$/.test(part)));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(valid, { minLength: 1, maxLength: 30 }), async (files) => {
      const all = new Set(
        files.flatMap((path) => path.split("/").map((_, at, parts) => parts.slice(0, at + 1).join("/"))),
      );
      const memory = new MemoryVault();
      await memory.addSnapshot([...all].map((path) => folderEntry(path)));
      await using vault = memory.open();
      const { catalog } = await vault.openSnapshot(1);
      expect(new Set(await paths(catalog.entries()))).toEqual(all);
      for (const path of all) {
        expect((await catalog.find(Buffer.from(path)))?.path.toString()).toBe(path);
        const below = [...all].filter(
          (each) => each.startsWith(`${path}/`) && !each.slice(path.length + 1).includes("/"),
        );
        expect((await paths(catalog.folder(Buffer.from(path)))).sort()).toEqual(below.sort());
      }
    }),
    { numRuns: 30 },
  );
});

test("an empty catalog has no entries", async () => {
  const memory = new MemoryVault();
  await memory.addSnapshot([]);
  await using vault = memory.open();
  const { catalog } = await vault.openSnapshot(1);
  expect(await paths(catalog.entries())).toEqual([]);
  expect(await catalog.find(Buffer.from("x"))).toBeUndefined();
});

test("damaged pages are named by path range and the rest is read", async () => {
  const { memory, vault, catalog } = await bigVault();
  await using _ = vault;
  const [pack] = memory.packsOf(1);
  const second = memory.frame(pack ?? "").chunks[1];
  const bytes = memory.packs.get(pack ?? "");
  if (!bytes || !second) throw new Error("no pages");
  bytes[second.offset + 100] = (bytes[second.offset + 100] ?? 0) ^ 1;
  const damages: Damage[] = [];
  const found = await paths(catalog.entries({ onDamage: (damage) => damages.push(damage) }));
  expect(damages.map(({ error }) => error.code)).toEqual(["chunk/corrupt"]);
  const whole = 1 + FOLDERS * (FILES + 1);
  expect(found.length).toBeGreaterThan(whole / 2);
  expect(found.length).toBeLessThan(whole);
  await expect(paths(catalog.entries())).rejects.toMatchObject({ code: "chunk/corrupt" });
});

test.each(["../x", "/x", "a/../b", "a//b", "."])("a catalog that names %j is refused", async (path) => {
  const memory = new MemoryVault();
  await memory.addSnapshot([fileEntry(path, "x")]);
  await using vault = memory.open();
  const { catalog } = await vault.openSnapshot(1);
  await expect(paths(catalog.entries())).rejects.toMatchObject({ code: "format/malformed" });
});
