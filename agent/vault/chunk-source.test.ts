import { expect, test } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
import { fileEntry, folderEntry, noise } from "../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../test/support/memory-vault.ts";
import type { ReadChunk } from "./chunk-source.ts";

/** Some 12 MB in data chunks of a megabyte over several packs. */
async function stored() {
  const memory = new MemoryVault();
  const content = noise(12_000_000);
  await memory.addSnapshot([folderEntry("a"), fileEntry("a/large", [content])]);
  const ids = memory.packsOf(0).flatMap((pack) => memory.frame(pack).chunks.map(({ id }) => id));
  return { memory, content, ids };
}

const sum = (chunks: readonly ReadChunk[]) => chunks.reduce((bytes, chunk) => bytes + (chunk.plain?.length ?? 0), 0);

test("chunks are read once each, neighbours together", async () => {
  const { memory, content, ids } = await stored();
  await using vault = memory.open();
  const chunks = await Array.fromAsync(vault.chunks.read(ids, { kind: "content" }));
  expect(new Set(chunks.map(({ id }) => id.toString("hex"))).size).toBe(ids.length);
  expect(chunks).toHaveLength(ids.length);
  expect(sum(chunks)).toBe(content.length);
  expect(memory.asked.locates).toBe(1);
  expect(memory.asked.ranges).toBe(memory.packsOf(0).length);
});

test("a damaged chunk is named and its neighbours are read", async () => {
  const { memory, ids } = await stored();
  await using vault = memory.open();
  const [pack = ""] = memory.packsOf(0);
  const bytes = memory.packs.get(pack) ?? Buffer.alloc(0);
  bytes[5000] = (bytes[5000] ?? 0) ^ 1;
  const chunks = await Array.fromAsync(vault.chunks.read(ids, { kind: "content" }));
  expect(chunks.filter(({ error }) => error).map(({ error }) => error?.code)).toEqual(["chunk/corrupt"]);
});

test("of a pack that is cut short, what is left is read", async () => {
  const { memory, ids } = await stored();
  await using vault = memory.open();
  const pack = memory.packsOf(0).find((each) => memory.frame(each).chunks.length > 1) ?? "";
  const [first, second] = memory.frame(pack).chunks;
  memory.packs.set(pack, (memory.packs.get(pack) ?? Buffer.alloc(0)).subarray(0, (second?.offset ?? 0) + 100));
  const chunks = await Array.fromAsync(vault.chunks.read(ids, { kind: "content" }));
  const byId = new Map(chunks.map((chunk) => [chunk.id.toString("hex"), chunk]));
  expect(byId.get(first?.id.toString("hex") ?? "")?.plain).toBeDefined();
  expect(byId.get(second?.id.toString("hex") ?? "")?.error?.code).toBe("chunk/corrupt");
});

test("a missing pack and an unknown id are lost chunks", async () => {
  const { memory, ids } = await stored();
  await using vault = memory.open();
  const [pack = ""] = memory.packsOf(0);
  const gone = memory.frame(pack).chunks.length;
  memory.packs.delete(pack);
  const chunks = await Array.fromAsync(vault.chunks.read([...ids, Buffer.alloc(32, 1)], { kind: "content" }));
  const errors = chunks.flatMap(({ error }) => (error ? [error.code] : []));
  expect(errors).toEqual(new Array(gone + 1).fill("chunk/lost"));
  await expect(vault.chunks.get(Buffer.alloc(32, 1), "content")).rejects.toMatchObject({ code: "chunk/lost" });
});

test("a page is not taken for content, nor content for a page", async () => {
  const { memory, ids } = await stored();
  await using vault = memory.open();
  const [id = Buffer.alloc(32)] = ids;
  await expect(vault.chunks.get(id, "page")).rejects.toMatchObject({ code: "chunk/corrupt" });
  const { record } = await vault.openSnapshot(1);
  await expect(vault.chunks.get(record.root, "content")).rejects.toMatchObject({ code: "chunk/corrupt" });
});

test("a service that is away for a moment is waited for, one that stays away ends the reading", async () => {
  const { memory, ids } = await stored();
  const waits: number[] = [];
  const clock = {
    now: () => 0,
    sleep: async (ms: number) => {
      waits.push(ms);
    },
  };
  await using vault = memory.open({ clock });
  let failures = 2;
  memory.onRange = () => {
    if (failures-- > 0) throw new HoldfastError("service/unreachable", { address: "a", reason: "r" });
  };
  expect(sum(await Array.fromAsync(vault.chunks.read(ids, { kind: "content" })))).toBe(12_000_000);
  expect(waits.length).toBe(2);
  memory.onRange = () => {
    throw new HoldfastError("service/unreachable", { address: "a", reason: "r" });
  };
  const reading = Array.fromAsync(vault.chunks.read(ids, { kind: "content" }));
  await expect(reading).rejects.toMatchObject({ code: "service/unreachable" });
});

test("reading stops when it is told to", async () => {
  const { memory, ids } = await stored();
  await using vault = memory.open();
  const stop = new AbortController();
  const reading = (async () => {
    for await (const _ of vault.chunks.read(ids, { kind: "content", signal: stop.signal }))
      stop.abort(new Error("enough"));
  })();
  await expect(reading).rejects.toThrow("enough");
});
