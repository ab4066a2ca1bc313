/**
 * One pass over the disk: walk, compare, read, send, build the catalog. Everything is pulled by the walk's loop; memory is bounded by the catalog
 * queue, the reading threads' buffers and the packs that lie in them.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Pulse } from "../../base/pulse.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Counters } from "../../protocol/messages/sessions.ts";
import type { DiskProblem, Found } from "../disk/found.ts";
import type { Gap } from "../disk/gap.ts";
import { type Described, type DescribeOptions, describe, linkGroupOf } from "../disk/read-metadata.ts";
import type { FileEntry } from "../model/entry.ts";
import type { MarkedEntry } from "../state/last-catalog.ts";
import type { BuiltCatalog } from "../vault/catalog-builder.ts";
import type { CatalogQueue } from "./catalog-queue.ts";
import { makeCell } from "./cell.ts";
import type { ChangeTally } from "./change-tally.ts";
import type { Gate } from "./gate.ts";
import type { KeptEntry } from "./kept-places.ts";
import { LinkedCells } from "./linked-cells.ts";
import { markOf } from "./mark.ts";
import { merge, type Step } from "./merge.ts";
import type { OldCursor } from "./old-cursor.ts";
import type { PageStore } from "./page-store.ts";
import type { Reading } from "./reading.ts";
import type { Sender } from "./sender.ts";

export interface BackupPassOptions {
  readonly found: Iterable<Found | Gap | KeptEntry>;
  readonly last: OldCursor | undefined;
  /** Whether an old entry may be taken over without reading its file. */
  readonly isUsable: (old: MarkedEntry) => boolean;
  /** Whether a catalog with the entry can be committed. */
  readonly isWhole: (old: MarkedEntry) => boolean;
  /** What was known of this very file under another name. */
  readonly findMoved: (found: Found) => FileEntry | undefined;
  readonly describe: DescribeOptions;
  readonly reading: Reading;
  readonly queue: CatalogQueue;
  readonly pages: PageStore;
  readonly dataSender: Sender;
  readonly pageSender: Sender;
  readonly counters: Counters;
  readonly tally: ChangeTally;
  readonly scanStartNs: bigint;
  readonly onProblem: (problem: DiskProblem) => void;
  readonly onStep: (found: Found) => void;
  /** Beats whenever a job is done, or a pack is stored or refused. */
  readonly pulse: Pulse;
  readonly gate: Gate;
  readonly signal: AbortSignal;
}

/** Steps between two looks at messages from the reading threads and the network. */
const STEPS_PER_TURN = 128;
const PAGES_WAITING_MAX = 64;

/** The catalog, all of it stored. */
export async function runPass(options: BackupPassOptions): Promise<BuiltCatalog> {
  const { found, last, isUsable, queue, reading, pages, dataSender, pageSender, gate, signal } = options;
  const linked = new LinkedCells();
  let steps = 0;
  for (const step of merge({ found, last, isUsable })) {
    take(step, options, linked);
    if (++steps % STEPS_PER_TURN !== 0) continue;
    await nextTurn();
    await gate.pass(signal);
    while (reading.isBehind) {
      await options.pulse.next();
      signal.throwIfAborted();
    }
    queue.drain();
    while (pages.waiting > PAGES_WAITING_MAX) {
      await nextTurn();
      await gate.pass(signal);
    }
    if (queue.isFull) await settleUntil(() => queue.isHalfFull, options);
  }
  await settleUntil(() => queue.isEmpty, options);
  signal.throwIfAborted();
  const built = queue.finish();
  await Promise.race([pages.flush(), aborted(signal)]); // A stopped sender gives no buffers back: flushing could wait for ever.
  await Promise.all([dataSender.idle(), pageSender.idle()]);
  signal.throwIfAborted();
  return built;
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

/** Waits for the reading threads and the network; when both have nothing to do, what still waits lies in packs that are not full. */
async function settleUntil(isSettled: () => boolean, options: BackupPassOptions): Promise<void> {
  const { reading, dataSender, queue, signal, pulse } = options;
  queue.drain();
  while (!isSettled()) {
    if (reading.isBusy || dataSender.pending > 0) await pulse.next();
    else await reading.flush();
    await nextTurn(); // Messages, timers and an abort get their turn even if nothing above had to wait.
    signal.throwIfAborted();
    queue.drain();
  }
}

function take(step: Step, options: BackupPassOptions, linked: LinkedCells): void {
  const { queue, counters, tally, onStep } = options;
  const count = (files: number, bytes: number) => {
    counters.files += files;
    counters.bytes += bytes;
  };
  switch (step.kind) {
    case "page":
      queue.addPage(step.page, 0);
      break;
    case "leaf":
      count(step.files, step.page.bytes);
      queue.addPage(step.page, step.files);
      break;
    case "kept":
      if (step.old.entry.type === "file") count(1, step.old.entry.sizeBytes);
      queue.addEntry(step.old.entry, step.old.mark);
      break;
    case "changed":
      if (step.found.type === "file") count(1, step.found.sizeBytes);
      onStep(step.found);
      takeChanged(step.found, step.old, options, linked);
      break;
    case "gone":
      if (step.old.entry.type === "file") tally.filesGone++;
      break;
  }
}

function takeChanged(
  found: Found,
  old: MarkedEntry | undefined,
  options: BackupPassOptions,
  linked: LinkedCells,
): void {
  const { queue, reading, scanStartNs, isWhole, tally } = options;
  const described = tryDescribe(found, options);
  if (!described) return;
  if (described.type !== "file") {
    queue.addEntry(described, markOf(found, scanStartNs));
    return;
  }
  if (found.sizeBytes === 0) {
    queue.addEntry(
      { ...described, content: { kind: "slices", slices: [] }, changing: false },
      markOf(found, scanStartNs),
    );
    return;
  }
  const moved = old ? undefined : options.findMoved(found);
  if (moved) {
    tally.filesMoved++;
    queue.addEntry({ ...described, content: moved.content, changing: false }, markOf(found, scanStartNs));
    return;
  }
  if (old) tally.filesChanged++;
  else tally.filesNew++;
  const cell = makeCell(found, old && isWhole(old) ? old : undefined);
  const group = linkGroupOf(found, options.describe.linkKey);
  cell.linkOf = group && linked.findFirst(group, cell);
  if (!cell.linkOf) reading.add(cell);
  queue.addFile({ ...described, type: "file" }, cell);
}

function tryDescribe(found: Found, { describe: how, onProblem }: BackupPassOptions): Described | undefined {
  try {
    return describe(found, how);
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.kind !== "local") throw error;
    onProblem({ path: found.path, error });
    return undefined;
  }
}
