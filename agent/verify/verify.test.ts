import { expect, test } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
import { fileEntry, folderEntry, noise, unreadFileEntry } from "../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../test/support/memory-vault.ts";
import { type VerifyOptions, verify } from "./verify.ts";

const large = noise(3_000_000, 4);

async function twoSnapshots() {
  const memory = new MemoryVault();
  const first = [folderEntry("a"), fileEntry("a/large", [large]), fileEntry("a/small", "tiny")];
  await memory.addSnapshot(first);
  await memory.addSnapshot([...first, fileEntry("a/zoo", "new"), unreadFileEntry("b", 9)]);
  return memory;
}

async function verified(memory: MemoryVault, options: VerifyOptions = {}) {
  await using vault = memory.open();
  return await verify(vault, options);
}

function spoil(memory: MemoryVault, type: number, nth = 0): void {
  const all = [...memory.packs.keys()].flatMap((pack) =>
    memory
      .frame(pack)
      .chunks.filter((chunk) => chunk.type === type)
      .map((chunk) => ({ pack, at: chunk.offset + 80 })),
  );
  const { pack, at } = all[nth] ?? { pack: "", at: 0 };
  const bytes = memory.packs.get(pack) ?? Buffer.alloc(0);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
}

test("a sound vault is sound, with and without reading the data", async () => {
  const memory = await twoSnapshots();
  const quick = await verified(memory);
  expect(quick).toMatchObject({ result: "sound", snapshots: 2, problemCount: 0, filesWithoutContent: 1 });
  expect(quick.bytesFetched).toBeLessThan(20_000);
  const whole = await verified(memory, { readData: true });
  expect(whole).toMatchObject({ result: "sound", snapshots: 2, problemCount: 0, isDataRead: true });
  expect(whole.chunks).toBe(quick.chunks);
  expect(whole.bytesFetched).toBeGreaterThan(3_000_000);
  expect(whole.bytesFetched).toBeLessThan(3_200_000);
});

test("a damaged chunk is found by reading and names the file in every snapshot", async () => {
  const memory = await twoSnapshots();
  spoil(memory, 1);
  expect((await verified(memory)).result).toBe("sound");
  const report = await verified(memory, { readData: true });
  expect(report.problems).toMatchObject([
    { snapshot: 1, path: "/a/large", code: "chunk/corrupt" },
    { snapshot: 2, path: "/a/large", code: "chunk/corrupt" },
  ]);
  expect(memory.progress.at(-1)).toMatchObject({ status: "incomplete", code: "chunk/corrupt" });
});

test("a lost chunk is found without reading the data", async () => {
  const memory = await twoSnapshots();
  memory.forget(memory.packsOf(0)[0] ?? "");
  const report = await verified(memory, { snapshots: [1] });
  expect(report.result).toBe("damaged");
  expect(report.problems.map(({ code }) => code)).toContain("chunk/lost");
  expect(report.problems.every(({ snapshot }) => snapshot === 1)).toBe(true);
});

test("a damaged page names the range of paths below it", async () => {
  const memory = new MemoryVault();
  await memory.addSnapshot(Array.from({ length: 5000 }, (_, at) => fileEntry(`f${String(at).padStart(4, "0")}`, "")));
  spoil(memory, 3, 1);
  const report = await verified(memory);
  expect(report.problems).toMatchObject([{ snapshot: 1, code: "chunk/corrupt" }]);
  expect(report.problems[0]?.path).toMatch(/^\/f\d+ … before \/f\d+$/);
});

test("a damaged list names its file", async () => {
  const memory = new MemoryVault();
  const parts = Array.from({ length: 200 }, (_, at) => (at % 2 ? 5000 : noise(100, at + 1)));
  await memory.addSnapshot([fileEntry("many", parts), fileEntry("other", "x")]);
  expect((await verified(memory, { readData: true })).result).toBe("sound");
  spoil(memory, 4);
  expect((await verified(memory)).problems).toMatchObject([{ path: "/many", code: "chunk/corrupt" }]);
});

test("a damaged record and a gap in the chain are found, and the others are checked", async () => {
  const memory = await twoSnapshots();
  await memory.addSnapshot([folderEntry("a")]);
  const record = memory.records.get(1) ?? Buffer.alloc(0);
  record[100] = (record[100] ?? 0) ^ 1;
  memory.views.splice(1, 1);
  const report = await verified(memory);
  expect(report.problems).toMatchObject([
    { snapshot: 1, path: "/ (everything)", code: "snapshot/corrupt" },
    { snapshot: 2, path: "/ (everything)", code: "snapshot/missing" },
  ]);
});

test("a snapshot that does not exist is refused", async () => {
  await expect(verified(await twoSnapshots(), { snapshots: [7] })).rejects.toMatchObject({ code: "snapshot/missing" });
});

test("a service that can't be reached is no damage", async () => {
  const memory = await twoSnapshots();
  memory.onRange = () => {
    throw new HoldfastError("service/unreachable", { address: "a", reason: "r" });
  };
  await expect(verified(memory)).rejects.toMatchObject({ code: "service/unreachable" });
  expect(memory.progress.at(-1)).toMatchObject({ status: "failed", code: "service/unreachable" });
});

test("a snapshot that retention has dropped is no gap as long as its record holds the chain together", async () => {
  const memory = await twoSnapshots();
  await memory.addSnapshot([folderEntry("a")]);
  const view = memory.views[1];
  if (view) memory.views[1] = { ...view, pruned: true };
  expect(await verified(memory)).toMatchObject({ result: "sound", snapshots: 2, problems: [] });
  const record = memory.records.get(2) ?? Buffer.alloc(0);
  record[200] = (record[200] ?? 0) ^ 1;
  expect((await verified(memory)).problems).toMatchObject([{ snapshot: 2, code: "snapshot/corrupt" }]);
  memory.records.delete(2);
  expect((await verified(memory)).problems).toMatchObject([{ snapshot: 2, code: "snapshot/missing" }]);
});
