import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { storedLeaves } from "./last-catalog.ts";
import { openState, State } from "./state.ts";

const id = (name: string): Buffer => sha256(Buffer.from(name));
const newPath = (): string => join(tempFolder(), "state.db");
const head = (sequence: number, root: Buffer) => ({
  sequence,
  record: id(`record ${sequence}`),
  root,
  files: 3,
  bytes: 2 ** 45,
});

test("a new state knows nothing", () => {
  using state = openState(newPath());
  expect(state.findHead()).toBeUndefined();
  expect(state.findLastReceipt()).toBeUndefined();
  expect(state.hasChunk(id("a"))).toBe(false);
  expect(state.findPage(id("a"))).toBeUndefined();
  expect([...state.bundles()]).toEqual([]);
  expect(state.nextGeneration()).toBe(1);
});

test("what it was told it knows after it was closed and opened again", () => {
  const path = newPath();
  {
    using state = openState(path);
    state.putPage(id("page"), { plain: Buffer.from("plain"), marks: Buffer.alloc(32, 1) }, 1);
    state.setHead(head(1, id("page")), 1);
    state.addChunks([id("a"), id("b"), id("a")]);
    state.addBundle({ id: id("bundle"), files: Buffer.alloc(48, 2) });
    state.addReceipt(1, Buffer.from("receipt"));
  }
  using state = openState(path);
  expect(state.findHead()).toEqual(head(1, id("page")));
  expect(state.findPage(id("page"))).toEqual({ plain: Buffer.from("plain"), marks: Buffer.alloc(32, 1) });
  expect([id("a"), id("b"), id("c")].map((each) => state.hasChunk(each))).toEqual([true, true, false]);
  expect([...state.bundles()]).toEqual([{ id: id("bundle"), files: Buffer.alloc(48, 2) }]);
  expect(state.findLastReceipt()?.toString()).toBe("receipt");
});

test("a new head forgets the pages that are not of its catalog, whether they were kept or made", () => {
  using state = openState(newPath());
  const page = { plain: Buffer.from("x"), marks: Buffer.alloc(0) };
  for (const name of ["kept", "dropped"]) state.putPage(id(name), page, 1);
  state.setHead(head(1, id("kept")), 1);
  const generation = state.nextGeneration();
  expect(generation).toBe(2);
  state.keepPage(id("kept"), generation);
  state.putPage(id("new"), page, generation);
  state.setHead(head(2, id("new")), generation);
  expect(["kept", "new", "dropped"].map((name) => state.findPage(id(name)) !== undefined)).toEqual([true, true, false]);
  expect(state.findHead()?.sequence).toBe(2);
});

test("a run that stops before its commit leaves the last catalog readable", () => {
  using state = openState(newPath());
  const page = { plain: Buffer.from("x"), marks: Buffer.alloc(0) };
  state.putPage(id("old"), page, 1);
  state.setHead(head(1, id("old")), 1);
  state.putPage(id("half"), page, state.nextGeneration());
  expect(state.findPage(id("old"))).toBeDefined();
  expect(state.findHead()?.root).toEqual(id("old"));
  // The next run's pages are told apart from the half-made ones.
  const generation = state.nextGeneration();
  state.putPage(id("whole"), page, generation);
  state.setHead(head(2, id("whole")), generation);
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
  state.setHead(head(1, id("root")), 1);
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

test("leaves of a catalog whose page is gone end early, and don't throw", () => {
  using state = openState(newPath());
  expect([...storedLeaves(state, id("nothing"), sha256)]).toEqual([]);
});
