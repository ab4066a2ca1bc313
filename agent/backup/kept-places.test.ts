import { lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { readSnapshot } from "../../test/support/read-snapshot.ts";
import { smallDisk, whyNoSmallDisk } from "../../test/support/small-disk.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { catalogPath } from "../disk/disk-path.ts";
import { foundOf } from "../disk/found.ts";
import { openState } from "../state/state.ts";
import { KeptPlaces } from "./kept-places.ts";

/** Two roots, `home` and `disk`, with more than a page's worth of files; `outer` is the folder above them. */
class TwoRoots {
  readonly place = new BackupPlace();
  readonly outer = this.place.source;
  readonly home = join(this.outer, "home");
  /** Not directly in the folder above: the folders in between go with it. */
  readonly disk = join(this.outer, "media", "usb", "docs");

  constructor() {
    mkdirSync(this.home);
    this.place.write("home/a", "a");
    this.fill(600);
  }

  fill(count: number): void {
    mkdirSync(join(this.disk, "deep"), { recursive: true });
    for (let number = 0; number < count; number++)
      writeFileSync(join(this.disk, "deep", `file-${number}`), `${number}`);
    writeFileSync(join(this.disk, "last"), "last");
  }

  run(more = {}) {
    return this.place.run({ roots: [catalogPath(this.home), catalogPath(this.disk)], ...more });
  }

  async names(): Promise<string[]> {
    return [...(await this.place.snapshot()).keys()];
  }

  /** As if what was remembered had been another disk. */
  moveDevice(path: string): void {
    using state = openState(join(this.place.data, "state.db"));
    const key = catalogPath(path).toString("latin1");
    const device = state.devices().get(key) ?? expect.unreachable();
    state.setDevices(new Map([...state.devices(), [key, device + 1n]]));
  }
}

test("a root that is missing keeps its last entries, unread, and the snapshot is incomplete", async () => {
  const at = new TwoRoots();
  await at.run();
  const before = await at.names();
  const away = join(tempFolder(), "away");
  renameSync(join(at.outer, "media"), away);
  at.place.write("home/b", "b");
  for (let times = 0; times < 2; times++) {
    const report = await at.run();
    expect(report).toMatchObject({ result: "incomplete", code: "root/missing", problems: { count: 1 } });
    expect(report.counters.files).toBe(603);
    expect(await at.names()).toEqual(before.toSpliced(before.indexOf("home/a") + 1, 0, "home/b"));
  }
  renameSync(away, join(at.outer, "media"));
  const { result, counters } = await at.run();
  expect([result, counters.filesEncoded]).toEqual(["success", 0]);
});

test("a root that is empty, and on another disk than last time, keeps its last entries; on the same disk it was emptied", async () => {
  const at = new TwoRoots();
  await at.run();
  const before = await at.names();
  rmSync(at.disk, { recursive: true });
  mkdirSync(at.disk);
  at.moveDevice(at.disk);
  for (let times = 0; times < 2; times++) {
    expect(await at.run()).toMatchObject({ result: "incomplete", code: "root/missing" });
    expect(await at.names()).toEqual(before);
  }
  const problem = (await at.run()).problems.list[0];
  expect(problem?.message).toContain("on another disk");
  at.fill(3);
  expect((await at.run()).result).toBe("success");
  expect((await at.names()).filter((name) => name.startsWith("media"))).toHaveLength(8);
  rmSync(at.disk, { recursive: true });
  mkdirSync(at.disk);
  expect((await at.run()).result).toBe("success");
  expect((await at.names()).filter((name) => name.startsWith("media/usb/docs/"))).toEqual([]);
});

test("when every root is lost nothing is committed", async () => {
  const at = new TwoRoots();
  await at.run();
  for (const root of [at.disk, at.home]) {
    rmSync(root, { recursive: true });
    mkdirSync(root);
    at.moveDevice(root);
  }
  await expect(at.run()).rejects.toMatchObject({ code: "root/missing" });
  expect(at.place.service.records).toHaveLength(1);
});

test("with known changes only a lost root is kept, too", async () => {
  const at = new TwoRoots();
  await at.run();
  const before = await at.names();
  rmSync(at.disk, { recursive: true });
  mkdirSync(at.disk);
  at.moveDevice(at.disk);
  const changed = [{ path: catalogPath(at.disk), isDeep: true }];
  expect(await at.run({ changed })).toMatchObject({ isPartial: true, code: "root/missing" });
  expect(await at.names()).toEqual(before);
  at.place.write("home/b", "b");
  const more = [{ path: catalogPath(at.home), isDeep: false }];
  expect(await at.run({ changed: more })).toMatchObject({ isPartial: true, code: "root/missing" });
  expect(await at.names()).toHaveLength(before.length + 1);
});

test("something else in a lost root's place is what is backed up", async () => {
  const at = new TwoRoots();
  await at.run();
  rmSync(at.disk, { recursive: true });
  symlinkSync("/nowhere", at.disk);
  expect(await at.run()).toMatchObject({ code: "root/missing" });
  expect((await at.names()).filter((name) => name.startsWith("media/"))).toEqual(["media/usb", "media/usb/docs"]);
  rmSync(join(at.outer, "media", "usb"), { recursive: true });
  writeFileSync(join(at.outer, "media", "usb"), "a file");
  expect(await at.run()).toMatchObject({ code: "root/missing" });
  expect((await at.names()).filter((name) => name.startsWith("media/usb/"))).toEqual([]);
});

const noDisk = whyNoSmallDisk();

test.skipIf(noDisk)("a disk below a root that is no longer mounted keeps its last entries", async () => {
  const place = new BackupPlace();
  const files = async () => [...(await readSnapshot(place.service)).keys()].filter((path) => path.endsWith("on-disk"));
  {
    using _disk = smallDisk(place.path("data"), 1);
    place.write("data/on-disk", "x");
    place.write("beside", "x");
    expect((await place.run()).result).toBe("success");
  }
  expect(await place.run()).toMatchObject({ result: "incomplete", code: "mount/missing" });
  expect(await files()).toHaveLength(1);
  {
    using _disk = smallDisk(place.path("data"), 1);
    place.write("data/new", "x");
    expect((await place.run()).result).toBe("success");
  }
  expect(await files()).toHaveLength(0);
});

test("what lies below a folder that can't be listed is kept", () => {
  const kept = new KeptPlaces({ last: undefined, devices: new Map(), roots: [], onProblem: () => undefined });
  const [a, b] = ["a", "b"].map((name) => foundOf(Buffer.from(name), lstatSync("/", { bigint: true })));
  function* found() {
    if (!a || !b) return;
    yield a;
    kept.note({ path: a.path, error: new HoldfastError("file/unreadable", { path: "/a", reason: "denied" }) });
    yield b;
  }
  const gap = { isKept: true, until: { path: a?.path, side: "behind" } };
  expect([...kept.around(found())]).toEqual([a, expect.objectContaining({ isKept: false }), gap, b]);
});
