import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { smallDisk, whyNoSmallDisk } from "../../test/support/small-disk.ts";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { DirtyPaths } from "./dirty-paths.ts";

function dirtyPaths({ folder = tempFolder(), rowsMax = 10_000 } = {}) {
  const clock = steeredClock();
  const open = () => {
    const dirty = new DirtyPaths({ path: join(folder, "watch.db"), clock, rowsMax });
    onTestFinished(() => dirty.close());
    return dirty;
  };
  return { clock, open, dirty: open() };
}

const file = (path: string) => ({ path, isDeep: false, isItselfOnly: true });
const pathsOf = (dirty: DirtyPaths) => dirty.take().changes.map(({ path }) => path);

test("whoever starts is told to walk, once", () => {
  const { dirty, clock } = dirtyPaths();
  const { walk, generation } = dirty.take();
  expect(walk).toEqual({ reason: "start", since: clock.now() });
  dirty.settle(generation);
  expect(dirty.take().walk).toBeUndefined();
});

test("what comes during a backup is for the next one", () => {
  const { dirty } = dirtyPaths();
  dirty.add([file("/a"), file("/b")]);
  const { generation } = dirty.take();
  dirty.add([file("/b"), file("/c")]);
  dirty.settle(generation);
  expect(pathsOf(dirty)).toEqual(["/b", "/c"]);
});

test("a backup that fails loses nothing", () => {
  const { dirty } = dirtyPaths();
  dirty.add([file("/a")]);
  dirty.take();
  dirty.add([file("/b")]);
  const { changes, walk } = dirty.take();
  expect(changes.map(({ path }) => path)).toEqual(["/a", "/b"]);
  expect(walk?.reason).toBe("start");
});

test("a gap during a walk asks for another", () => {
  const { dirty, clock } = dirtyPaths();
  const { generation } = dirty.take();
  clock.advance(1000);
  dirty.markGap("overflow");
  dirty.settle(generation);
  expect(dirty.take().walk).toEqual({ reason: "overflow", since: clock.now() });
});

test("changes survive the process, killed or not", () => {
  const folder = tempFolder();
  const { dirty, open } = dirtyPaths({ folder });
  dirty.add([
    { path: "/a", isDeep: true },
    { path: Buffer.from([0x2f, 0xff]), isDeep: false },
  ]);
  expect(dirty.count).toBe(2);
  // Opened a second time while the first is still open, as after a kill.
  const { changes, walk } = open().take();
  expect(changes).toEqual([
    { path: "/a", isDeep: true },
    { path: Buffer.from([0x2f, 0xff]), isDeep: false },
  ]);
  expect(walk?.reason).toBe("start");
});

test("a place is deep when any of its changes was", () => {
  const { dirty } = dirtyPaths();
  dirty.add([{ path: "/a", isDeep: true }, { path: "/a", isDeep: false }, file("/a")]);
  expect(dirty.take().changes).toEqual([{ path: "/a", isDeep: true }]);
});

test("many changes become folders, never more rows than allowed", () => {
  const { dirty } = dirtyPaths({ rowsMax: 100 });
  for (let at = 0; at < 1000; at++) {
    dirty.add([file(`/busy/${at}`)]);
    expect(dirty.count).toBeLessThanOrEqual(101);
  }
  dirty.add([file("/quiet/one")]);
  const paths = pathsOf(dirty);
  expect(paths).toContain("/busy");
  expect(paths).toContain("/quiet/one");
});

test("since when something waits, and when the last came", () => {
  const { dirty, clock } = dirtyPaths();
  dirty.settle(dirty.take().generation);
  expect(dirty.pendingSince).toBeUndefined();
  const first = clock.now();
  dirty.add([file("/a")]);
  expect(dirty.pendingSince).toBe(first);
  clock.advance(5000);
  dirty.add([file("/a")]);
  expect([dirty.pendingSince, dirty.newestAt]).toEqual([first, first + 5000]);
  dirty.settle(dirty.take().generation);
  expect([dirty.pendingSince, dirty.newestAt, dirty.count]).toEqual([undefined, first + 5000, 0]);
});

test("a file that is no database is begun anew, with a walk", () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "watch.db"), "x".repeat(10_000));
  const { dirty } = dirtyPaths({ folder });
  expect(dirty.take()).toMatchObject({ changes: [], walk: { reason: "start" } });
});

const noSmallDisk = whyNoSmallDisk();

test.skipIf(noSmallDisk !== undefined)(
  "on a full disk nobody is stopped, and what came is there when there is room",
  async () => {
    const folder = join(tempFolder(), "disk");
    const disk = smallDisk(folder, 1);
    onTestFinished(() => disk[Symbol.dispose]());
    const { dirty, clock } = dirtyPaths({ folder, rowsMax: 1000 });
    dirty.add([file("/before")]);
    dirty.settle(dirty.take().generation);
    const fill = join(folder, "fill");
    expect(() => writeFileSync(fill, Buffer.alloc(2 << 20))).toThrow();

    const came = Array.from({ length: 500 }, (_, i) => file(`/${"long".repeat(20)}/${i}`));
    const since = clock.now();
    dirty.add(came);
    await setImmediate();
    await setImmediate();
    clock.advance(1000);
    dirty.markGap("sleep");
    expect([dirty.count, dirty.pendingSince]).toEqual([500, since]);
    expect(() => dirty.take()).toThrow(expect.objectContaining({ code: "disk/full" }));
    expect(dirty.count).toBe(500);

    rmSync(fill);
    const { changes, walk, generation } = dirty.take();
    expect(changes.map(({ path }) => path).toSorted()).toEqual(came.map(({ path }) => path).toSorted());
    expect(walk?.reason).toBe("sleep");
    dirty.settle(generation);
    expect([dirty.count, dirty.pendingSince]).toEqual([0, undefined]);

    // More than is kept in any case becomes a look at everything.
    expect(() => writeFileSync(fill, Buffer.alloc(2 << 20))).toThrow();
    for (let i = 0; i < 3; i++) {
      dirty.add(Array.from({ length: 400 }, (_, j) => file(`/${"more".repeat(20)}/${i}-${j}`)));
      await setImmediate();
      await setImmediate();
    }
    rmSync(fill);
    expect(dirty.take().walk?.reason).toBe("overflow");
  },
);
