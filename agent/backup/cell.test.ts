import { expect, test } from "vitest";
import type { Found } from "../disk/found.ts";
import { type Cell, makeCell, outcomeOf } from "./cell.ts";
import type { ReadFile } from "./read-job.ts";

const found: Found = {
  path: Buffer.from("a"),
  type: "file",
  sizeBytes: 5,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeNs: 1n,
  ctimeNs: 1n,
  ino: 1n,
  dev: 1n,
  nlink: 1,
  rdev: 0n,
  blocks: 8,
};
const read: ReadFile = { sizeBytes: 5, mtimeNs: 1n, ctimeNs: 1n, changing: false, offset: 0 };
const slices = [{ kind: "chunk", chunk: Buffer.alloc(32, 1), offset: 0, length: 5 }] as const;

const cell = (more: Partial<Cell> = {}): Cell => ({ ...makeCell(found, undefined), ...more });
const stored = (): Cell => cell({ read, slices, fates: [{ state: "stored" }] });

test("a cell waits for its reading, then for all of its chunks", () => {
  expect(outcomeOf(cell())).toEqual({ kind: "waiting" });
  expect(outcomeOf(cell({ read, fates: [{ state: "stored" }, { state: "coming" }] }))).toEqual({ kind: "waiting" });
  expect(outcomeOf(stored())).toEqual({ kind: "content", slices, isNew: true });
  expect(outcomeOf(cell({ read, slices }))).toEqual({ kind: "content", slices, isNew: false });
});

test("one chunk that found no room refuses the file", () => {
  expect(outcomeOf(cell({ read, fates: [{ state: "coming" }, { state: "refused" }] }))).toEqual({ kind: "refused" });
});

test("an equal file waits until it was read itself: its times are its own", () => {
  expect(outcomeOf(cell({ sameAs: stored() }))).toEqual({ kind: "waiting" });
  expect(outcomeOf(cell({ sameAs: stored(), read }))).toEqual({ kind: "content", slices, isNew: false });
  expect(outcomeOf(cell({ sameAs: cell({ read, fates: [{ state: "refused" }] }), read }))).toEqual({ kind: "refused" });
});

test("a further hard link is not read: it has what its first name has", () => {
  expect(outcomeOf(cell({ linkOf: cell() }))).toEqual({ kind: "waiting" });
  expect(outcomeOf(cell({ linkOf: stored() }))).toEqual({ kind: "content", slices, isNew: false });
  const trouble = { code: "file/unreadable", data: {} } as const;
  expect(outcomeOf(cell({ linkOf: cell({ trouble }) }))).toEqual({ kind: "trouble", trouble });
});

test("what will not be read is refused, whatever it waits for", () => {
  expect(outcomeOf(cell({ isRefused: true, sameAs: stored() }))).toEqual({ kind: "refused" });
});
