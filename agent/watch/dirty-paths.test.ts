import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
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
