import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { LastCatalog, LostPage } from "./last-catalog.ts";
import { openState, State } from "./state.ts";

const id = (name: string): Buffer => sha256(Buffer.from(name));
const newPath = (): string => join(tempFolder(), "state.db");
const head = (sequence: number, root: Buffer) => ({
  sequence,
  record: id(`record ${sequence}`),
  root,
  files: 3,
  bytes: 2 ** 45,
  scannedAt: 1_700_000_000_123,
  selection: id("selection"),
  isPatchable: true,
});
const latin1 = (name: string): string => id(name).toString("latin1");
const all = (...names: string[]) => ({ kind: "all" as const, live: new Set(names.map(latin1)) });

test("a new state knows nothing", () => {
  using state = openState(newPath());
  expect(state.findHead()).toBeUndefined();
  expect(state.findLastReceipt()).toBeUndefined();
  expect(state.hasChunk(id("a"))).toBe(false);
  expect(state.findPage(id("a"))).toBeUndefined();
  expect([...state.bundles()]).toEqual([]);
  expect(state.unsettled()).toEqual([]);
});

test("what it was told it knows after it was closed and opened again", () => {
  const path = newPath();
  {
    using state = openState(path);
    state.putPage(id("page"), { plain: Buffer.from("plain"), marks: Buffer.alloc(32, 1) });
    state.setHead(head(1, id("page")), all("page"), [Buffer.from("a/b")]);
    state.addChunks([id("a"), id("b"), id("a")]);
    state.addBundle({ id: id("bundle"), files: Buffer.alloc(48, 2) });
    state.addReceipt(1, Buffer.from("receipt"));
  }
  using state = openState(path);
  expect(state.findHead()).toEqual(head(1, id("page")));
  expect(state.unsettled()).toEqual([Buffer.from("a/b")]);
  expect(state.findPage(id("page"))).toEqual({ plain: Buffer.from("plain"), marks: Buffer.alloc(32, 1) });
  expect([id("a"), id("b"), id("c")].map((each) => state.hasChunk(each))).toEqual([true, true, false]);
  expect([...state.bundles()]).toEqual([{ id: id("bundle"), files: Buffer.alloc(48, 2) }]);
  expect(state.findLastReceipt()?.toString()).toBe("receipt");
});

test("a new head forgets the pages that are not of its catalog, and what was unsettled before", () => {
  using state = openState(newPath());
  const page = { plain: Buffer.from("x"), marks: Buffer.alloc(0) };
  for (const name of ["kept", "dropped"]) state.putPage(id(name), page);
  state.setHead(head(1, id("kept")), all("kept", "dropped"), [Buffer.from("x")]);
  state.putPage(id("new"), page);
  state.setHead(head(2, id("new")), all("kept", "new"));
  expect(["kept", "new", "dropped"].map((name) => state.findPage(id(name)) !== undefined)).toEqual([true, true, false]);
  expect(state.findHead()?.sequence).toBe(2);
  expect(state.unsettled()).toEqual([]);
});

test("a new head of which only the difference is told keeps all pages but those that it dropped", () => {
  using state = openState(newPath());
  const page = { plain: Buffer.from("x"), marks: Buffer.alloc(0) };
  for (const name of ["a", "b", "c"]) state.putPage(id(name), page);
  state.setHead(head(1, id("a")), { kind: "some", dropped: [latin1("b")] });
  expect(["a", "b", "c"].map((name) => state.findPage(id(name)) !== undefined)).toEqual([true, false, true]);
});

test("a run that stops before its commit leaves the last catalog readable", () => {
  using state = openState(newPath());
  const page = { plain: Buffer.from("x"), marks: Buffer.alloc(0) };
  state.putPage(id("old"), page);
  state.setHead(head(1, id("old")), all("old"));
  state.putPage(id("half"), page);
  expect(state.findPage(id("old"))).toBeDefined();
  expect(state.findHead()?.root).toEqual(id("old"));
  // The next run that sees everything forgets what was half made.
  state.putPage(id("whole"), page);
  state.setHead(head(2, id("whole")), all("whole"));
  expect(state.findPage(id("half"))).toBeUndefined();
});

test("a run counts as unfinished until it has a head, also after the process is gone", () => {
  const path = newPath();
  {
    using state = openState(path);
    expect(state.isUnfinished).toBe(false);
    state.beginRun();
    state.beginRun();
  }
  using state = openState(path);
  expect(state.isUnfinished).toBe(true);
  state.setHead(head(1, id("root")), all("root"));
  expect(state.isUnfinished).toBe(false);
});

test("what the service has lost is forgotten, as a chunk and as a bundle", () => {
  using state = openState(newPath());
  state.addChunks([id("a"), id("b")]);
  for (const name of ["a", "b"]) state.addBundle({ id: id(name), files: Buffer.alloc(24) });
  state.removeChunks([id("a"), id("unknown")]);
  expect(state.hasChunk(id("a"))).toBe(false);
  expect(state.hasChunk(id("b"))).toBe(true);
  expect([...state.bundles()].map((bundle) => bundle.id)).toEqual([id("b")]);
  state.clearChunks();
  expect(state.hasChunk(id("b"))).toBe(false);
});

test("the last receipt is the one that was added last, also when a longer history was given up", () => {
  using state = openState(newPath());
  for (const sequence of [1, 2, 3]) state.addReceipt(sequence, Buffer.from(`receipt ${sequence}`));
  expect(state.findLastReceipt()?.toString()).toBe("receipt 3");
  state.addReceipt(2, Buffer.from("another 2"));
  expect(state.findLastReceipt()?.toString()).toBe("another 2");
});

test("a file that is no database is put aside, not overwritten", () => {
  const path = newPath();
  const content = noise(20_000);
  writeFileSync(path, content);
  using state = openState(path);
  expect(state.findHead()).toBeUndefined();
  expect(readFileSync(`${path}.damaged`).equals(content)).toBe(true);
});

test("a state of a later version is put aside too", () => {
  const path = newPath();
  {
    using state = new State(path);
    state.addChunks([id("a")]);
  }
  const bytes = readFileSync(path);
  bytes.writeUInt32BE(999, 60); // SQLite's user_version.
  writeFileSync(path, bytes);
  using state = openState(path);
  expect(state.hasChunk(id("a"))).toBe(false);
  expect(existsSync(`${path}.damaged`)).toBe(true);
});

test("a catalog whose pages are gone says so, or ends early where that is allowed", () => {
  using state = openState(newPath());
  const last = new LastCatalog({ state, root: id("nothing"), namePage: sha256, leavesHeld: 1 });
  expect(() => last.top()).toThrow(LostPage);
  expect(() => last.find(Buffer.from("a"))).toThrow(LostPage);
  expect(() => [...last.leaves({ mayLose: false })]).toThrow(LostPage);
  expect([...last.leaves({ mayLose: true })]).toEqual([]);
});
