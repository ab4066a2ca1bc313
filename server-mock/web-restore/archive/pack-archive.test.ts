import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Problem } from "../../../protocol/messages/sessions.ts";
import {
  type EntryToStore,
  fileEntry,
  folderEntry,
  noise,
  symlinkEntry,
} from "../../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../../test/support/memory-vault.ts";
import { unpack, zipNames } from "../../../test/support/unpack.ts";
import type { ArchiveWish } from "../../domain/restores/wishes.ts";
import { OpenVault } from "../open-vaults.ts";
import { countArchive } from "./count-archive.ts";
import { ArchiveCounts, packArchive } from "./pack-archive.ts";

const FORMATS = ["zip", "tar", "tar.gz"] as const;
type Format = (typeof FORMATS)[number];
type Wish = Partial<Omit<ArchiveWish, "format">>;

async function vaultOf(...snapshots: (readonly EntryToStore[])[]): Promise<MemoryVault> {
  const memory = new MemoryVault();
  for (const entries of snapshots) await memory.addSnapshot(entries);
  return memory;
}

async function packed(memory: MemoryVault, format: Format, wish: Wish = {}, known: readonly Problem[] = []) {
  const pieces: Buffer[] = [];
  const counts = new ArchiveCounts();
  const write = async (piece: Uint8Array) => void pieces.push(Buffer.from(piece));
  const whole = { parts: [{ snapshot: 1, paths: ["/"] }], format, fileName: "a", ...wish };
  const open = new OpenVault(memory.open());
  const error: unknown = await packArchive(open, { wish: whole, known, counts, write, signal: NEVER }).catch(
    (each) => each,
  );
  return { bytes: Buffer.concat(pieces), counts, error };
}

const NEVER = new AbortController().signal;

const namesBelow = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();

test.each(FORMATS)("hostile names stay below the folder that a %s archive is unpacked to", async (format) => {
  const memory = await vaultOf([
    fileEntry("C:", "drive"),
    fileEntry("back\\..\\..\\slash", "backslash"),
    fileEntry("line\nbreak", "newline"),
    fileEntry(Buffer.from("caf\xe9", "latin1"), "latin1"),
    fileEntry("caf%E9", "percent"),
    symlinkEntry("evil", "/nowhere/at/all"),
    fileEntry("evil/inside", "through the link"),
    fileEntry("plain", "plain"),
  ]);
  const { bytes, counts, error } = await packed(memory, format);
  expect(error).toBeUndefined();
  expect(counts.problems.list).toMatchObject([{ path: "/evil/inside", code: "restore/unsafe" }]);
  const folder = unpack(format, bytes);
  expect(namesBelow(folder)).toEqual(
    ["C%3A", "back%5C..%5C..%5Cslash", "caf%25E9", "caf%E9", "evil", "line%0Abreak", "plain"].sort(),
  );
  expect(lstatSync(join(folder, "evil")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, "caf%E9"), "utf8")).toBe("latin1");
});

test.each(FORMATS)("holes, hard links and versions of two snapshots come out of a %s archive", async (format) => {
  const linkGroup = Buffer.alloc(8, 5);
  const memory = await vaultOf(
    [folderEntry("d"), fileEntry("d/letter.txt", "old"), fileEntry("d/gone.txt", "gone")],
    [
      folderEntry("d"),
      fileEntry("d/letter.txt", "new"),
      fileEntry("d/sparse", [noise(1000, 1), 3_000_000, noise(400_000, 2)]),
      fileEntry("d/twin-1", "twins", { linkGroup }),
      fileEntry("d/twin-2", "twins", { linkGroup }),
    ],
  );
  const parts = [
    { snapshot: 2, paths: ["/d"] },
    { snapshot: 1, paths: ["/d/letter.txt", "/d/gone.txt"] },
  ];
  const { bytes, counts, error } = await packed(memory, format, { parts });
  expect(error).toBeUndefined();
  expect(counts).toMatchObject({ files: 6, folders: 1 });
  const folder = join(unpack(format, bytes), "d");
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  expect([read("letter.txt"), read("letter (snapshot 1).txt"), read("gone.txt")]).toEqual(["new", "old", "gone"]);
  expect(readFileSync(join(folder, "sparse"))).toEqual(
    Buffer.concat([noise(1000, 1), Buffer.alloc(3_000_000), noise(400_000, 2)]),
  );
  expect([read("twin-1"), read("twin-2")]).toEqual(["twins", "twins"]);
});

test.each(FORMATS)("a damaged file is left out of a %s archive and named, the others are whole", async (format) => {
  const bad = noise(300_000, 1);
  const memory = await vaultOf([fileEntry("bad", [bad]), fileEntry("good", "good")]);
  spoil(memory);
  const { bytes, counts, error } = await packed(memory, format);
  expect(error).toBeUndefined();
  expect(counts.problems.list).toMatchObject([{ path: "/bad", code: "chunk/corrupt" }]);
  expect(namesBelow(unpack(format, bytes))).toEqual(["good"]);
});

test.each(FORMATS)(
  "when damage shows in the middle of a file, a %s archive breaks off, and the next one is whole without it",
  async (format) => {
    const memory = await vaultOf([fileEntry("bad", [noise(9_000_000, 1)]), fileEntry("good", "good")]);
    spoil(memory);
    const first = await packed(memory, format);
    expect(first.error).toMatchObject({ code: "chunk/corrupt" });
    expect(first.counts.problems.list).toMatchObject([{ path: "/bad" }]);
    const second = await packed(memory, format, {}, first.counts.problems.list);
    expect(second.error).toBeUndefined();
    expect(second.counts.problems.list).toEqual(first.counts.problems.list);
    expect(namesBelow(unpack(format, second.bytes))).toEqual(["good"]);
  },
);

/** Turns a bit near the end of the last chunk of content. */
function spoil(memory: MemoryVault): void {
  const pack = memory.packsOf(0).at(-1) ?? "";
  const bytes = memory.packs.get(pack);
  const last = memory.frame(pack).chunks.findLast(({ length }) => length > 100_000);
  if (bytes === undefined || last === undefined) throw new Error("nothing to spoil");
  const at = last.offset + last.length - 50;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
}

test("a zip archive of 70,000 files is packed in the time that its files take", async () => {
  const memory = await vaultOf(Array.from({ length: 70_000 }, (_, at) => fileEntry(`f${at}`, [])));
  const { bytes, error } = await packed(memory, "zip");
  expect(error).toBeUndefined();
  expect(new Set(zipNames(bytes)).size).toBe(70_000);
});

test("more entries than a zip archive takes are refused while they are counted", async () => {
  const memory = await vaultOf(Array.from({ length: 100_001 }, (_, at) => fileEntry(`f${at}`, [])));
  const open = new OpenVault(memory.open());
  const count = (format: Format) =>
    countArchive(
      open,
      { parts: [{ snapshot: 1, paths: ["/"] }], format, fileName: "a" },
      { tell: async () => undefined, signal: NEVER },
    );
  await expect(count("zip")).rejects.toMatchObject({ code: "restore/too-many-for-zip" });
  expect((await count("tar")).totals).toEqual({ files: 100_001, bytes: 0 });
});

test("whoever stops taking an archive stops its packing", async () => {
  const memory = await vaultOf([fileEntry("large", [noise(30_000_000, 1)])]);
  const open = new OpenVault(memory.open());
  const gone = new Error("gone");
  let pieces = 0;
  const write = async () => {
    if (++pieces === 3) throw gone;
  };
  const wish: ArchiveWish = { parts: [{ snapshot: 1, paths: ["/"] }], format: "tar", fileName: "a" };
  const packing = packArchive(open, { wish, known: [], counts: new ArchiveCounts(), write, signal: NEVER });
  await expect(packing).rejects.toBe(gone);
  const read = memory.asked.bytes;
  await new Promise((resolve) => setImmediate(resolve));
  expect(memory.asked.bytes).toBe(read);
  expect(read).toBeLessThan(25_000_000);
});
