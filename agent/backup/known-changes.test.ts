import { chmodSync, cpSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeSnapshotRecord } from "../../protocol/snapshot-record.ts";
import { BackupPlace, outerTimes } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { MemoryService } from "../../test/support/memory-service.ts";
import { readSnapshot } from "../../test/support/read-snapshot.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import type { ChangedPath } from "../disk/changed-paths.ts";
import { catalogPath } from "../disk/disk-path.ts";
import type { BackupOptions, BackupReport } from "./backup-options.ts";

const named = (place: BackupPlace, name: string, isDeep = false): ChangedPath => ({
  path: catalogPath(name === "" ? place.source : place.path(name)),
  isDeep,
});

const runOf = async (place: BackupPlace, names: readonly string[], more: Partial<BackupOptions> = {}) =>
  await place.run({
    threads: 1,
    changed: names.map((name) => named(place, name.replace(/\/$/, ""), name.endsWith("/"))),
    ...more,
  });

/** The same service and the same memory of it, to go on from twice. */
function copyOf(place: BackupPlace): { readonly service: MemoryService; readonly dataFolder: string } {
  const service = new MemoryService();
  for (const [id, pack] of place.service.packs) service.packs.set(id, { ...pack });
  service.records.push(...place.service.records);
  const dataFolder = join(tempFolder(), "data");
  cpSync(place.data, dataFolder, { recursive: true });
  return { service, dataFolder };
}

const rootOf = (service: MemoryService): string => {
  const record = service.records.at(-1);
  return record ? decodeSnapshotRecord(record).root.toString("hex") : "none";
};

async function entriesOf(service: MemoryService, source: string): Promise<unknown[]> {
  const start = source.slice(1);
  return [...(await readSnapshot(service))].filter(([path]) => path.startsWith(start)).map(([, file]) => file);
}

/** A backup of the changed names gives what a walk over everything gives, to the byte. */
async function expectSameAsWalk(place: BackupPlace, names: readonly string[]): Promise<BackupReport> {
  const other = copyOf(place);
  const before = outerTimes();
  const report = await runOf(place, names);
  const service = place.service;
  place.service = other.service;
  const full = await place.run({ dataFolder: other.dataFolder, threads: 1 });
  place.service = service;
  expect(report).toMatchObject({ result: "success", isPartial: true, skipped: [] });
  expect(full.isPartial).toBe(false);
  expect(await entriesOf(service, place.source)).toEqual(await entriesOf(other.service, place.source));
  expect(report.counters.files).toBe(full.counters.files);
  expect(report.counters.bytes).toBe(full.counters.bytes);
  // The folders above are in the catalog too, and other tests work there.
  if (outerTimes() === before) expect(rootOf(service)).toBe(rootOf(other.service));
  return report;
}

function manyFolders(): BackupPlace {
  const place = new BackupPlace();
  for (let folder = 0; folder < 8; folder++) {
    mkdirSync(place.path(`f${folder}`));
    mkdirSync(place.path(`f${folder}/below`));
    for (let file = 0; file < 100; file++)
      place.write(`f${folder}/file-${file}`, file % 10 === 0 ? `${folder} ${file}` : "");
    for (let file = 0; file < 20; file++) place.write(`f${folder}/below/${file}`, "");
  }
  return place;
}

const kinds = [
  "write",
  "grow",
  "remove",
  "rename",
  "new folder",
  "remove folder",
  "rename folder",
  "file to folder",
  "folder to file",
  "link",
  "mode",
  "symlink",
] as const;
const anyChange = fc.record({
  kind: fc.constantFrom(...kinds),
  folder: fc.nat({ max: 8 }),
  file: fc.nat({ max: 104 }),
  to: fc.nat({ max: 8 }),
});

type Change = Parameters<Parameters<typeof anyChange.map>[0]>[0];

/** Changes the disk and gives what a watcher would have told. */
function change(place: BackupPlace, { kind, folder, file, to }: Change, step: number): string[] {
  const a = `f${folder}`;
  const b = `f${to}`;
  const name = `${a}/file-${file}`;
  const other = `${b}/file-${file + 1}`;
  const full = (path: string) => place.path(path);
  switch (kind) {
    case "write":
    case "grow":
      writeFileSync(full(name), noise(kind === "grow" ? 3000 : 30, step + 1), kind === "grow" ? { flag: "a" } : {});
      return [name];
    case "remove":
      rmSync(full(name), { recursive: true });
      return [name];
    case "rename":
      renameSync(full(name), full(other));
      return [name, other];
    case "new folder":
      mkdirSync(full(`${a}/new-${step}/in/it`), { recursive: true });
      place.write(`${a}/new-${step}/in/it/x`, "x");
      return [`${a}/new-${step}`];
    case "remove folder":
      rmSync(full(a), { recursive: true });
      return [a];
    case "rename folder":
      renameSync(full(`${a}/below`), full(`${b}/moved-${step}`));
      return [`${a}/below`, `${b}/moved-${step}`];
    case "file to folder":
      rmSync(full(name), { recursive: true });
      mkdirSync(full(name));
      place.write(`${name}/inside`, "inside");
      return [name];
    case "folder to file":
      rmSync(full(`${a}/below`), { recursive: true });
      place.write(`${a}/below`, "was a folder");
      return [`${a}/below`];
    case "link":
      linkSync(full(name), full(`${b}/link-${step}`));
      return [`${b}/link-${step}`];
    case "mode":
      chmodSync(full(name), 0o600 + (step % 64));
      return [name];
    case "symlink":
      symlinkSync(`to-${step}`, full(`${a}/symlink-${step}`));
      return [`${a}/symlink-${step}`];
  }
}

test("a backup of known changes gives the same catalog as a walk over everything, whatever changed", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyChange, { maxLength: 8 }), { minLength: 1, maxLength: 3 }),
      async (rounds) => {
        const place = manyFolders();
        await place.run();
        let step = 0;
        for (const changes of rounds) {
          const told = new Set<string>();
          for (const each of changes) {
            try {
              for (const name of change(place, each, ++step)) told.add(name);
            } catch {
              // What it was about is gone by now.
            }
          }
          await expectSameAsWalk(place, [...told]);
        }
      },
    ),
    { numRuns: 5 },
  );
});

test("nothing that changed is nothing that is sent", async () => {
  const place = manyFolders();
  await place.run();
  const packs = await place.newPacks(() => runOf(place, []));
  if (place.isOuterSame) expect(packs).toEqual([]);
});

test("changes that nobody named wait for the next walk over everything", async () => {
  const place = manyFolders();
  await place.run();
  place.write("f1/file-1", "named");
  place.write("f2/file-2", "not named");
  await runOf(place, ["f1/file-1"]);
  const files = await place.snapshot();
  expect(files.get("f1/file-1")?.content?.toString()).toBe("named");
  expect(files.get("f2/file-2")?.content?.toString()).toBe("");
  await place.run();
  expect((await place.snapshot()).get("f2/file-2")?.content?.toString()).toBe("not named");
});

test("a folder's name stands for what lies directly in it, with a slash for everything below", async () => {
  const place = manyFolders();
  await place.run();
  place.write("f1/added", "1");
  rmSync(place.path("f1/file-3"));
  place.write("f1/below/5", "below");
  await runOf(place, ["f1"]);
  let files = await place.snapshot();
  expect(files.get("f1/added")?.content?.toString()).toBe("1");
  expect(files.has("f1/file-3")).toBe(false);
  expect(files.get("f1/below/5")?.content?.toString()).toBe("");
  await expectSameAsWalk(place, ["f1/"]);
  files = await place.snapshot();
  expect(files.get("f1/below/5")?.content?.toString()).toBe("below");
});

test("a folder that took another's place is looked through, although only its parent was named", async () => {
  const place = manyFolders();
  await place.run();
  rmSync(place.path("f1/below"), { recursive: true });
  renameSync(place.path("f2/below"), place.path("f1/below"));
  place.write("f1/below/extra", "extra");
  await expectSameAsWalk(place, ["f1", "f2/below"]);
});

test("a name whose folder is gone takes the folder with it", async () => {
  const place = manyFolders();
  await place.run();
  rmSync(place.path("f3"), { recursive: true });
  await expectSameAsWalk(place, ["f3/below/4"]);
  expect([...(await place.snapshot()).keys()].filter((name) => name.startsWith("f3"))).toEqual([]);
});

test("rules that come, change or go decide anew about their whole folder", async () => {
  const place = manyFolders();
  await place.run();
  place.write("f1/.holdfastignore", "file-1*\n");
  await expectSameAsWalk(place, ["f1/.holdfastignore"]);
  expect((await place.snapshot()).has("f1/file-10")).toBe(false);
  place.write("f1/.holdfastignore", "below/\n");
  await expectSameAsWalk(place, ["f1"]);
  expect((await place.snapshot()).has("f1/below/1")).toBe(false);
  rmSync(place.path("f1/.holdfastignore"));
  await expectSameAsWalk(place, ["f1"]);
  expect((await place.snapshot()).has("f1/below/1")).toBe(true);
});

test("names outside the backup or left out by rules are skipped and told", async () => {
  const place = manyFolders();
  place.write(".holdfastignore", "*.tmp\n");
  await place.run();
  place.write("f1/x.tmp", "x");
  const elsewhere = catalogPath(tempFolder());
  const report = await place.run({ changed: [named(place, "f1/x.tmp"), { path: elsewhere, isDeep: true }] });
  expect(report).toMatchObject({ result: "success", isPartial: true });
  expect(report.skipped).toEqual([
    { path: elsewhere, reason: "outside" },
    { path: named(place, "f1/x.tmp").path, reason: "ignored" },
  ]);
  expect((await place.snapshot()).has("f1/x.tmp")).toBe(false);
});

test("other names of a linked file are never left with older content", async () => {
  const place = manyFolders();
  place.write("f1/one", "first");
  linkSync(place.path("f1/one"), place.path("f7/two"));
  await place.run();
  writeFileSync(place.path("f1/one"), "second");
  await expectSameAsWalk(place, ["f1/one"]);
  expect((await place.snapshot()).get("f7/two")?.content?.toString()).toBe("second");
});

test("a root that is gone is told, and does not look like an empty one", async () => {
  const place = manyFolders();
  const second = tempFolder();
  writeFileSync(join(second, "x"), "x");
  const roots = [catalogPath(place.source), catalogPath(second)];
  await place.run({ roots });
  renameSync(second, `${second}-away`);
  try {
    const report = await place.run({ roots, changed: [] });
    expect(report).toMatchObject({ result: "incomplete", code: "root/missing" });
    await expect(place.run({ roots: [catalogPath(second)], changed: [] })).rejects.toMatchObject({
      code: "root/missing",
    });
  } finally {
    renameSync(`${second}-away`, second);
  }
  expect(await place.run({ roots, changed: [] })).toMatchObject({ result: "success" });
  expect((await readSnapshot(place.service)).get(`${second.slice(1)}/x`)?.content?.toString()).toBe("x");
});

test("everything is looked at when the last catalog can't be gone on from", async () => {
  const place = manyFolders();
  expect(await runOf(place, [])).toMatchObject({ isPartial: false, result: "success" });
  expect(await runOf(place, [])).toMatchObject({ isPartial: true });
  expect(await runOf(place, [], { excludes: ["file-1*"] })).toMatchObject({ isPartial: false });
  expect((await place.snapshot()).has("f1/file-10")).toBe(false);
  place.forget();
  expect(await runOf(place, [], { excludes: ["file-1*"] })).toMatchObject({ isPartial: false });
});

test("a file that could not be read is tried again, though nobody names it", async () => {
  if (process.getuid?.() === 0) return; // The superuser can read everything.
  const place = manyFolders();
  place.write("f1/locked", "locked");
  chmodSync(place.path("f1/locked"), 0);
  expect(await place.run()).toMatchObject({ result: "incomplete" });
  chmodSync(place.path("f1/locked"), 0o600);
  expect(await runOf(place, [])).toMatchObject({ result: "success", isPartial: true });
  expect((await place.snapshot()).get("f1/locked")?.content?.toString()).toBe("locked");
});
