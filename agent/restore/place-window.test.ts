import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { systemRandom } from "../../base/random.ts";
import { fileEntry, folderEntry, symlinkEntry } from "../../test/support/entries-to-store.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { ownerNames } from "../disk/owner-names.ts";
import { Target } from "../disk/place.ts";
import { WholeFiles } from "../disk/whole-files.ts";
import type { Entry, Slice } from "../model/entry.ts";
import { Placing } from "./place-window.ts";
import { RESTORE_LIMITS } from "./plan.ts";
import { takePieces } from "./take-pieces.ts";
import { Tally } from "./tally.ts";
import { Windows } from "./windows.ts";

const chunk = Buffer.alloc(32, 1);
const NO_JOB = {
  number: 1,
  kind: "content",
  pack: "",
  offset: 0,
  length: 0,
  places: new Uint32Array(),
  sessions: [],
} as const;
const plain = Buffer.from("content");

/** Places entries as if a catalog had said so: the checks of its codec are left out on purpose. */
async function placed(entries: readonly Entry[], slices: readonly Slice[]) {
  const top = tempFolder();
  const totals = { files: 0, bytes: 0 };
  const tally = new Tally({ clock: systemClock, totals, fetchedBytes: () => 0, toService: async () => undefined });
  using target = new Target({
    folder: join(top, "target"),
    existing: "overwrite",
    owners: ownerNames(),
    random: systemRandom,
    onProblem: ({ path, error }) => tally.addProblem(path, error),
  });
  using files = new WholeFiles({ root: target.root, shown: top, existing: "overwrite", random: systemRandom });
  async function* slicesOf() {
    yield slices;
  }
  async function* batches() {
    yield entries;
  }
  const onFailed = () => undefined;
  const windows = new Windows({ limits: RESTORE_LIMITS, slices: slicesOf, isWanted: () => true, onFailed });
  const placing = new Placing(target, tally);
  for await (const window of windows.of(batches())) {
    placing.begin(window);
    const handed = placing.hand(window, window.chunks);
    if (handed) {
      const job = { ...NO_JOB, work: handed.work, ids: Buffer.concat(window.chunks) };
      const taker = takePieces(files)(job);
      for (const index of window.chunks.keys()) taker.take(index, plain);
      placing.taken(handed, { fetchedBytes: 0, errors: [], result: taker.end() });
    }
    windows.again.push(...placing.end(window));
  }
  placing.finish();
  target.finishFolders();
  const below = readdirSync(join(top, "target"), { recursive: true }).map(String);
  return { codes: tally.problems.map(({ code }) => code), top: readdirSync(top), below };
}

const whole: Slice = { kind: "chunk", chunk, offset: 0, length: plain.length };
const file = (path: string, sizeBytes = plain.length): Entry =>
  ({ ...fileEntry(path, plain), sizeBytes, content: { kind: "slices", slices: [] } }) as Entry; // A file as a catalog has it.

test.each(["../evil", "a/../../evil", "..", "a/./b", "/evil", "a//b", "", "a\0b"])(
  "a file named %j is not placed",
  async (path) => {
    const { codes, top, below } = await placed([file(path)], [whole]);
    expect(codes).toEqual(["restore/unsafe"]);
    expect(top).toEqual(["target"]);
    expect(below).toEqual([]);
  },
);

test.each([
  ["a folder", folderEntry("../evil")],
  ["a link", symlinkEntry("../evil", "x")],
])("%s that would stand outside is not placed", async (_, entry) => {
  const { codes, top } = await placed([entry as Entry], []); // Neither has content.
  expect(codes).toEqual(["restore/unsafe"]);
  expect(top).toEqual(["target"]);
});

test("a slice beyond its chunk fails the file, and so does one beyond the file", async () => {
  const beyondChunk = await placed([file("x", 100)], [{ ...whole, length: 100 }]);
  expect(beyondChunk).toMatchObject({ codes: ["chunk/corrupt"], below: [] });
  const beyondFile = await placed([file("x", 3)], [whole]);
  expect(beyondFile).toMatchObject({ codes: ["restore/failed-file"], below: [] });
});

test("a file behind a link of the same catalog is not placed", async () => {
  const outside = tempFolder();
  const { codes, below } = await placed([symlinkEntry("a", outside) as Entry, file("a/evil")], [whole]); // A link has no content.
  expect(codes).not.toEqual([]);
  expect(readdirSync(outside)).toEqual([]);
  expect(below.filter((name) => name.includes(".holdfast-part"))).toEqual([]);
});
