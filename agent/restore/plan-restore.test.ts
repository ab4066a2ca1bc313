import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileEntry, folderEntry, noise, symlinkEntry } from "../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../test/support/memory-vault.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { planRestore } from "./plan-restore.ts";
import { restore } from "./restore.ts";

async function memoryOfSome() {
  const memory = new MemoryVault();
  await memory.addSnapshot([
    folderEntry("a"),
    fileEntry("a/large", [noise(2_000_000)]),
    fileEntry("a/small", "tiny"),
    fileEntry("b", "b"),
    symlinkEntry("c", "b"),
  ]);
  return memory;
}

test("a plan announces what the restore then does, and does nothing itself", async () => {
  const memory = await memoryOfSome();
  const target = join(tempFolder(), "out");
  await using vault = memory.open();
  const snapshot = await vault.openSnapshot(1);
  const plan = await planRestore(vault, snapshot, { target });
  expect(existsSync(target)).toBe(false);
  const report = await restore(vault, snapshot, { target });
  expect(plan).toMatchObject({ files: 3, bytes: 2_000_005, folders: 1, others: 1, problemCount: 0 });
  expect([plan.files, plan.bytes, plan.folders, plan.others]).toEqual([
    report.filesRetrieved,
    report.bytes,
    report.folders,
    report.others,
  ]);
  // The pages with the names come on top.
  expect(report.bytesFetched - plan.bytesToFetch).toBeLessThan(1000);
  expect(report.bytesFetched).toBeGreaterThanOrEqual(plan.bytesToFetch);
});

test("a plan names what exists already and what is lost", async () => {
  const memory = await memoryOfSome();
  const target = tempFolder();
  writeFileSync(join(target, "b"), "mine");
  await using vault = memory.open();
  const snapshot = await vault.openSnapshot(1);
  expect(await planRestore(vault, snapshot, { target })).toMatchObject({
    files: 2,
    problems: [{ path: "/b", code: "restore/exists" }],
  });
  expect(await planRestore(vault, snapshot, { target, existing: "keep" })).toMatchObject({
    files: 2,
    kept: 1,
    problemCount: 0,
  });
  expect(await planRestore(vault, snapshot, { target, existing: "overwrite" })).toMatchObject({
    files: 3,
    problemCount: 0,
  });
  for (const pack of memory.packsOf(0)) memory.forget(pack);
  const { problems } = await planRestore(vault, snapshot, { target, paths: ["a"] });
  expect(problems.map(({ path, code }) => [path, code]).sort()).toEqual([
    ["/a/large", "chunk/lost"],
    ["/a/small", "chunk/lost"],
  ]);
});
