import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
import { type EntryToStore, fileEntry, folderEntry, noise, symlinkEntry } from "../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../test/support/memory-vault.ts";
import { treeDifferences } from "../../test/support/same-tree.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { type RestoreOptions, restore } from "./restore.ts";

const THREADS = [0, 1, 3] as const;

/** A file of any make: tiny, in several chunks, with holes, with the content of others. */
const anyFile = fc.record({
  folder: fc.nat(3),
  kind: fc.constantFrom("tiny", "small", "large", "sparse", "same", "linked"),
  size: fc.nat(400_000),
  seed: fc.nat(1_000_000),
  mode: fc.constantFrom(0o600, 0o644, 0o755, 0o4711, 0o440),
});

const anyTree = fc.array(anyFile, { minLength: 1, maxLength: 25 }).map((files): EntryToStore[] => [
  ...["d0", "d0/d1", "d0/d1/d2", "d3"].map((path, at) =>
    folderEntry(path, { mode: [0o755, 0o500, 0o2750, 0o700][at] ?? 0 }),
  ),
  symlinkEntry("d3/link", "somewhere"),
  ...files.map(({ folder, kind, size, seed, mode }, at) => {
    const path = `${["d0", "d0/d1", "d0/d1/d2", "d3"][folder]}/file-${at}`;
    const more = {
      mode,
      mtimeSeconds: 1_600_000_000 + seed,
      linkGroup: kind === "linked" ? Buffer.alloc(8, 1) : undefined,
    };
    const contents = {
      tiny: [noise(size % 100, seed)],
      small: [noise(size % 50_000, seed)],
      large: [noise(size * 6, seed)],
      sparse: [1_000_000, noise(1 + size, seed), 300_000, noise(1 + (size % 7_000), seed + 1), 100_000],
      same: [noise(300_000, 7)],
      linked: [noise(10_000, 8)],
    };
    const content = contents[kind].filter((part) => typeof part === "number" || part.length > 0);
    return fileEntry(path, content, kind === "linked" ? { ...more, mode: 0o644, mtimeSeconds: 1 } : more);
  }),
]);

async function restored(memory: MemoryVault, options: Partial<RestoreOptions>) {
  const target = options.target ?? join(tempFolder(), "out");
  await using vault = memory.open();
  const snapshot = await vault.openSnapshot(1);
  const { durationMs, ...report } = await restore(vault, snapshot, { ...options, target });
  return { target, report };
}

test("however many threads work and however little is planned at a time, the same tree comes back", async () => {
  await fc.assert(
    fc.asyncProperty(anyTree, fc.integer({ min: 1, max: 30 }), async (tree, few) => {
      const memory = new MemoryVault();
      await memory.addSnapshot(tree);
      const [first, ...others] = [
        await restored(memory, { threads: 0 }),
        await restored(memory, { threads: 1, limits: { entries: few, chunks: few, openFiles: 1 } }),
        await restored(memory, { threads: 3 }),
      ];
      expect(first.report).toMatchObject({ result: "completed", problemCount: 0 });
      for (const { target, report } of others) {
        expect(treeDifferences(first.target, target, { root: false })).toEqual([]);
        const { bytesFetched, ...rest } = report;
        expect({ ...first.report, ...rest }).toEqual(first.report);
      }
    }),
    { numRuns: 5 },
  );
});

/** 60 small files, five larger ones, and one chunk that is spoiled or gone. */
async function spoilt(spoil: (memory: MemoryVault) => void) {
  const memory = new MemoryVault();
  await memory.addSnapshot([
    folderEntry("a"),
    ...Array.from({ length: 60 }, (_, at) => fileEntry(`a/small-${at}`, noise(40_000, at + 1))),
    ...Array.from({ length: 5 }, (_, at) => fileEntry(`a/large-${at}`, [noise(3_000_000, at + 100)])),
  ]);
  spoil(memory);
  return memory;
}

test.each(THREADS)("damage is named by its files and the rest comes back, with %i threads", async (threads) => {
  const memory = await spoilt((each) => {
    for (const pack of each.packsOf(0).slice(0, 2)) {
      const bytes = each.packs.get(pack) ?? Buffer.alloc(0);
      const { offset } = each.frame(pack).chunks[0] ?? { offset: 0 };
      bytes[offset + 200] = (bytes[offset + 200] ?? 0) ^ 1;
    }
  });
  const { target, report } = await restored(memory, { threads });
  expect(report.result).toBe("incomplete");
  expect(new Set(report.problems.map(({ code }) => code))).toEqual(new Set(["chunk/corrupt"]));
  const there = readdirSync(join(target, "a"));
  expect(there.length).toBe(report.filesRetrieved);
  expect(there.length + report.problemCount).toBe(65);
  const named = new Set(report.problems.map(({ path }) => path.slice("/a/".length)));
  expect(there.filter((name) => named.has(name) || name.startsWith("."))).toEqual([]);
});

test.each(THREADS)("a service that stays away ends a restore, with %i threads", async (threads) => {
  const memory = await spoilt((each) => {
    each.onRange = () => {
      throw new HoldfastError("service/unreachable", { address: "a", reason: "r" });
    };
  });
  await expect(restored(memory, { threads })).rejects.toMatchObject({ code: "service/unreachable" });
});

test.each(THREADS)("a restore that is cancelled leaves whole files only, with %i threads", async (threads) => {
  const stop = new AbortController();
  let ranges = 0;
  const memory = await spoilt((each) => {
    each.onRange = (pack) => {
      if (each.frame(pack).kind === 0 && ++ranges === 3) stop.abort(new Error("enough"));
    };
  });
  const target = join(tempFolder(), "out");
  const cancelled = restored(memory, { target, threads, signal: stop.signal });
  await expect(cancelled).rejects.toMatchObject({ code: "restore/cancelled" });
  const whole = await restored(await spoilt(() => undefined), {});
  const names = readdirSync(join(target, "a"));
  expect(names.filter((name) => name.startsWith("."))).toEqual([]);
  const differences = treeDifferences(join(whole.target, "a"), join(target, "a"), { root: false });
  expect(differences.filter((line) => !/missing|is not there|only/.test(line))).toEqual([]);
});
