import {
  appendFileSync,
  chmodSync,
  ftruncateSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { afterEach, expect, test } from "vitest";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";

const euid = process.geteuid?.() ?? 0;
afterEach(() => process.seteuid?.(euid));

/** Nobody may read another's files; the administrator of a test machine may read all. */
function becomeNobody(place: BackupPlace): void {
  if (euid !== 0) return;
  for (const path of [place.source, dirname(place.data)]) chmodSync(path, 0o777);
  process.seteuid?.(65_534);
}

/**
 * A place whose reading thread stops in the middle of `a-large` until `meanwhile` is done. By then the walk has seen everything, and nothing
 * but the beginning of `a-large` was read.
 */
function placeWithPause(meanwhile: (place: BackupPlace) => void): { place: BackupPlace; run: BackupPlace["run"] } {
  const place = new BackupPlace();
  place.write("a-large", noise(40_000_000));
  let isDone = false;
  place.service.beforePack = async () => {
    if (isDone) return;
    isDone = true;
    meanwhile(place);
  };
  return { place, run: (more) => place.run({ threads: 1, ...more }) };
}

test("a file that can't be read keeps its last version, and the snapshot is incomplete", async () => {
  const place = new BackupPlace();
  for (const name of ["secret", "new", "open"]) place.write(name, `first ${name}`);
  rmSync(place.path("new"));
  becomeNobody(place);
  await place.run();
  process.seteuid?.(euid);
  for (const name of ["secret", "new", "open"]) place.write(name, `second version of ${name}`);
  for (const name of ["secret", "new"]) chmodSync(place.path(name), 0o000);
  if (euid === 0) process.seteuid?.(65_534);
  const report = await place.run();
  expect(report).toMatchObject({ result: "incomplete", code: "file/unreadable", problems: { count: 2 } });
  expect(report.problems.list.map(({ code }) => code)).toEqual(["file/unreadable", "file/unreadable"]);
  const files = await place.snapshot();
  expect(files.get("secret")?.content?.toString()).toBe("first secret");
  expect(files.get("new")?.entry).toMatchObject({ type: "file", content: { kind: "missing" } });
  expect(files.get("open")?.content?.toString()).toBe("second version of open");
  // When it can be read again it is, though its size and time are the same.
  process.seteuid?.(euid);
  for (const name of ["secret", "new"]) chmodSync(place.path(name), 0o644);
  expect(await place.run()).toMatchObject({ result: "success" });
  expect((await place.snapshot()).get("secret")?.content?.toString()).toBe("second version of secret");
});

test("a file that vanishes between walk and reading is told, and the snapshot is complete without it", async () => {
  const { place, run } = placeWithPause(() => rmSync(place.path("gone")));
  place.write("gone", "soon");
  place.write("stays", "here");
  const report = await run();
  expect(report).toMatchObject({ result: "success", code: undefined });
  expect(report.problems.list).toMatchObject([{ code: "file/vanished" }]);
  const files = await place.snapshot();
  expect(files.has("gone")).toBe(false);
  expect(files.get("stays")?.content?.toString()).toBe("here");
});

test("of a hard-linked file one name may vanish: the others are read", async () => {
  const { place, run } = placeWithPause(() => rmSync(place.path("name-1")));
  place.write("name-1", "linked content");
  for (const name of ["name-2", "name-3"]) linkSync(place.path("name-1"), place.path(name));
  await run();
  const files = await place.snapshot();
  expect(files.has("name-1")).toBe(false);
  for (const name of ["name-2", "name-3"]) expect(files.get(name)?.content?.toString(), name).toBe("linked content");
});

test("a file that was replaced after the walk is read as what stands there now", async () => {
  const { place, run } = placeWithPause(() => {
    place.write("fresh", "the new one");
    renameSync(place.path("fresh"), place.path("settings"));
  });
  place.write("settings", "the old one");
  await run();
  expect((await place.snapshot()).get("settings")?.content?.toString()).toBe("the new one");
});

test("a large file that is written to while it is read is marked, and read again next time", async () => {
  const { place, run } = placeWithPause(() => appendFileSync(place.path("a-large"), "more"));
  const report = await run();
  expect(report).toMatchObject({ result: "success" });
  expect(report.problems.list).toMatchObject([{ code: "file/changing" }]);
  const first = (await place.snapshot()).get("a-large");
  expect(first?.entry).toMatchObject({ changing: true, sizeBytes: 40_000_000 });
  expect(first?.content?.equals(noise(40_000_000))).toBe(true);
  expect(await place.run()).toMatchObject({ result: "success", problems: { count: 0 } });
  const second = (await place.snapshot()).get("a-large");
  expect(second?.entry).toMatchObject({ changing: false, sizeBytes: 40_000_004 });
});

test("a large file that becomes shorter while it is read is stored as far as it was there", async () => {
  const { place, run } = placeWithPause(() => truncateSync(place.path("a-large"), 30_000_000));
  const report = await run();
  expect(report.problems.list).toMatchObject([{ code: "file/changing" }]);
  const { entry, content } = (await place.snapshot()).get("a-large") ?? {};
  expect(entry).toMatchObject({ changing: true, sizeBytes: content?.length });
  expect(content?.length).toBeGreaterThanOrEqual(30_000_000);
  expect(content?.equals(noise(40_000_000).subarray(0, content.length))).toBe(true);
});

test("a small file that has grown out of its bundle is read by itself", async () => {
  const grown = noise(6_000_000, 3);
  const { place, run } = placeWithPause(() => writeFileSync(place.path("small"), grown));
  place.write("before", "before");
  place.write("small", "small");
  place.write("zz", "after");
  expect(await run()).toMatchObject({ result: "success" });
  const files = await place.snapshot();
  expect(files.get("small")?.content?.equals(grown)).toBe(true);
  expect(files.get("small")?.entry).toMatchObject({ sizeBytes: 6_000_000 });
  expect(files.get("before")?.content?.toString()).toBe("before");
  expect(files.get("zz")?.content?.toString()).toBe("after");
});

test("a small file that is emptied after the walk is stored empty", async () => {
  const { place, run } = placeWithPause(() => truncateSync(place.path("small"), 0));
  place.write("small", "not for long");
  expect(await run()).toMatchObject({ result: "success" });
  const file = (await place.snapshot()).get("small");
  expect(file?.content?.length).toBe(0);
  expect(file?.entry).toMatchObject({ sizeBytes: 0 });
});

test("holes of a sparse file are neither read nor stored, and every byte is as it was", async () => {
  const place = new BackupPlace();
  const fd = openSync(place.path("sparse"), "w");
  ftruncateSync(fd, 60_000_000);
  for (const at of [8_000_000, 30_000_000]) writeSync(fd, noise(1_000_000, at), 0, 1_000_000, at);
  await place.run();
  expect(place.service.storedBytes).toBeLessThan(2_300_000);
  const file = (await place.snapshot()).get("sparse");
  const expected = Buffer.alloc(60_000_000);
  for (const at of [8_000_000, 30_000_000]) noise(1_000_000, at).copy(expected, at);
  expect(file?.content?.equals(expected)).toBe(true);
  const slices = file?.entry.type === "file" && file.entry.content.kind === "slices" ? file.entry.content.slices : [];
  if (statSync(place.path("sparse")).blocks * 512 < 10_000_000)
    expect(slices.filter(({ kind }) => kind === "hole")).toHaveLength(3);
});

test("a file of very many pieces lies in a list, and is whole", async () => {
  const place = new BackupPlace();
  place.write("pieces", noise(60_000_000));
  await place.run();
  const file = (await place.snapshot()).get("pieces");
  expect(file?.entry).toMatchObject({ content: { kind: "list" } });
  expect(file?.content?.equals(noise(60_000_000))).toBe(true);
});

test("hard links are stored once and stay linked", async () => {
  const place = new BackupPlace();
  place.write("one", noise(500_000));
  linkSync(place.path("one"), place.path("other"));
  place.write("alone", noise(500_000, 2));
  await place.run();
  expect(place.service.storedBytes).toBeLessThan(1_100_000);
  const files = await place.snapshot();
  const [one, other] = [files.get("one"), files.get("other")];
  expect(one?.entry.linkGroup).toBeInstanceOf(Buffer);
  expect(other?.entry.linkGroup).toEqual(one?.entry.linkGroup);
  expect(files.get("alone")?.entry.linkGroup).toBeUndefined();
  expect(other?.content?.equals(noise(500_000))).toBe(true);
});

test("an empty folder is a whole backup", async () => {
  const place = new BackupPlace();
  expect(await place.run()).toMatchObject({ result: "success", counters: { files: 0, bytes: 0 } });
  expect([...(await place.snapshot())]).toEqual([]);
});

test("a root that is not there is told; the others are backed up", async () => {
  const place = new BackupPlace();
  place.write("here", "x");
  const gone = new BackupPlace();
  rmSync(gone.source, { recursive: true });
  const roots = [place.source, gone.source].map((path) => Buffer.from(path.slice(1)));
  const report = await place.run({ roots });
  expect(report).toMatchObject({ result: "incomplete", code: "root/missing" });
  expect((await place.snapshot()).get("here")?.content?.toString()).toBe("x");
});

test("without any root nothing is begun", async () => {
  const place = new BackupPlace();
  await expect(place.run({ roots: [] })).rejects.toMatchObject({ code: "root/none" });
  expect(place.service.ends).toEqual([]);
});
