import { join } from "node:path";
import { expect, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { fileEntry, folderEntry, noise } from "../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../test/support/memory-vault.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { ownerNames } from "../disk/owner-names.ts";
import { Target } from "../disk/place.ts";
import type { RangeDone, RangeJob } from "../vault/range-job.ts";
import { RANGE_ROOM_BYTES } from "../vault/range-work.ts";
import { RANGE_BYTES_MAX } from "../vault/ranges.ts";
import { readSlices } from "../vault/read-slices.ts";
import { Gathering } from "./gathering.ts";
import { Placing } from "./place-window.ts";
import { Tally } from "./tally.ts";
import { Windows } from "./windows.ts";

const FILES = 30;
const FILE_BYTES = 1_500_000;
const CAPACITY = 3;
const WINDOW_FILES = 4;
/** More than anything in memory takes to come to rest. */
const PATIENCE_TURNS = 50;

test("while nobody can write, no more is handed out than can be held, and no more than a window is planned", async () => {
  const memory = new MemoryVault();
  const content = Array.from({ length: FILES }, (_, at) => fileEntry(`a/${100 + at}`, [noise(FILE_BYTES, at + 1)]));
  await memory.addSnapshot([folderEntry("a"), ...content]);
  await using vault = memory.open();
  const { clock, chunks } = vault;
  const { catalog, record } = await vault.openSnapshot(1);
  // Session keys are derived by the system's threads, which take their time: they are known before turns are counted.
  await chunks.get(record.root, "page");
  for (const pack of memory.packsOf(0)) await chunks.get(memory.frame(pack).chunks[0]?.id ?? record.root, "content");
  const totals = { files: FILES, bytes: FILES * FILE_BYTES };
  const tally = new Tally({ clock, totals, fetchedBytes: () => 0, toService: async () => undefined });
  const onProblem = () => undefined;
  const folder = join(tempFolder(), "target");
  using target = new Target({ folder, existing: "fail", owners: ownerNames(), random: systemRandom, onProblem });
  let planned = 0;
  const windows = new Windows({
    limits: { entries: WINDOW_FILES, chunks: 1000, openFiles: 1000 },
    slices: (file) => readSlices(chunks, file),
    isWanted: () => ++planned > 0,
    onFailed: onProblem,
  });
  // A disk that takes nothing until it is told to.
  const held: { job: RangeJob; end: (done: RangeDone) => void }[] = [];
  const runner = {
    capacity: CAPACITY,
    run: (job: RangeJob) => new Promise<RangeDone>((end) => held.push({ job, end })),
    [Symbol.asyncDispose]: async () => undefined,
  };
  using gathering = new Gathering(chunks, runner, { placing: new Placing(target, tally), tally, signal: undefined });
  let ended = 0;
  let isDone = false;
  const running = gathering
    .run(windows.planned(catalog.entries()), () => ended++)
    .finally(() => {
      isDone = true;
    });
  const most = { bytes: 0, planned: 0 };
  while (!isDone) {
    for (let turn = 0; turn < PATIENCE_TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
    most.bytes = Math.max(
      most.bytes,
      held.reduce((sum, { job }) => sum + job.length, 0),
    );
    most.planned = Math.max(most.planned, planned - ended * WINDOW_FILES);
    const first = held.shift();
    first?.end({
      fetchedBytes: first.job.length,
      errors: [],
      result: { kept: [], failed: [], problems: [] },
    });
  }
  await running;
  expect(most.bytes).toBeGreaterThan(RANGE_BYTES_MAX);
  expect(most.bytes).toBeLessThanOrEqual(CAPACITY * RANGE_ROOM_BYTES);
  // Two windows that are worked at, the next one, and the file that did not fit into it.
  expect(most.planned).toBeLessThanOrEqual(3 * WINDOW_FILES + 1);
  expect(ended).toBeGreaterThanOrEqual(FILES / WINDOW_FILES);
  expect(tally.files).toBe(FILES);
});
