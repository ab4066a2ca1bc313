/**
 * One pass over the disk: walk, compare, read, send, build the catalog. Everything is pulled by the walk's loop; memory is bounded by the catalog
 * queue, the reading threads' buffers and the packs that lie in them.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Pulse } from "../../base/pulse.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Counters } from "../../protocol/messages/sessions.ts";
import type { DiskProblem, Found } from "../disk/found.ts";
import { type Described, type DescribeOptions, describe, linkGroupOf } from "../disk/read-metadata.ts";
import type { MarkedEntry, StoredLeaf } from "../state/last-catalog.ts";
import type { BuiltCatalog } from "../vault/catalog-builder.ts";
import type { CatalogQueue } from "./catalog-queue.ts";
import { type Cell, makeCell } from "./cell.ts";
import { markOf } from "./mark.ts";
import { merge, type Step } from "./merge.ts";
import type { PageStore } from "./page-store.ts";
import type { Reading } from "./reading.ts";
import type { Sender } from "./sender.ts";

export interface BackupPassOptions {
  readonly found: Iterable<Found>;
  readonly leaves: Iterator<StoredLeaf>;
  /** Given when the service may have lost something: what refers to chunks that are not stored is read again. */
  readonly isStored: ((chunk: Buffer) => boolean) | undefined;
  readonly describe: DescribeOptions;
  readonly reading: Reading;
  readonly queue: CatalogQueue;
  readonly pages: PageStore;
  readonly dataSender: Sender;
  readonly pageSender: Sender;
  readonly counters: Counters;
  readonly scanStartNs: bigint;
  readonly onProblem: (problem: DiskProblem) => void;
  readonly onStep: (found: Found) => void;
  /** Beats whenever a job is done, or a pack is stored or refused. */
  readonly pulse: Pulse;
  readonly signal: AbortSignal;
}

/** Steps between two looks at messages from the reading threads and the network. */
const STEPS_PER_TURN = 128;
const PAGES_WAITING_MAX = 64;

/** The catalog, all of it stored. */
export async function runPass(options: BackupPassOptions): Promise<BuiltCatalog> {
  const { found, leaves, isStored, queue, reading, pages, dataSender, pageSender, signal } = options;
  const isUsable = (old: MarkedEntry) => isStored === undefined || isSurelyWhole(old, isStored);
  /** The first cell of each file that has several names. */
  const linked = new Map<string, Cell>();
  let steps = 0;
  for (const step of merge({ found, leaves, isUsable })) {
    take(step, options, linked);
    if (++steps % STEPS_PER_TURN !== 0) continue;
    await nextTurn();
    signal.throwIfAborted();
    while (reading.isBehind) {
      await options.pulse.next();
      signal.throwIfAborted();
    }
    queue.drain();
    while (pages.waiting > PAGES_WAITING_MAX) {
      await nextTurn();
      signal.throwIfAborted();
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

function take(step: Step, options: BackupPassOptions, linked: Map<string, Cell>): void {
  const { queue, counters, onStep } = options;
  const count = (found: Found) => {
    if (found.type !== "file") return;
    counters.files++;
    counters.bytes += found.sizeBytes;
  };
  switch (step.kind) {
    case "leaf":
      for (const found of step.found) count(found);
      queue.addLeaf(
        step.leaf,
        step.found.reduce((sum, { type }) => sum + (type === "file" ? 1 : 0), 0),
      );
      break;
    case "kept":
      count(step.found);
      queue.addEntry(step.old.entry, step.old.mark);
      break;
    case "changed":
      count(step.found);
      onStep(step.found);
      takeChanged(step.found, step.old, options, linked);
      break;
  }
}

function takeChanged(
  found: Found,
  old: MarkedEntry | undefined,
  options: BackupPassOptions,
  linked: Map<string, Cell>,
): void {
  const { queue, reading, scanStartNs, isStored } = options;
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
  const cell = makeCell(found, old && (!isStored || isWhole(old, isStored)) ? old : undefined);
  const group = linkGroupOf(found, options.describe.linkKey)?.toString("latin1");
  const first = group === undefined ? undefined : linked.get(group);
  if (first) cell.linkOf = first;
  else {
    if (group !== undefined) linked.set(group, cell);
    reading.add(cell);
  }
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

/** Long contents lie in lists, whose chunks may be lost without our knowing. */
const isSurelyWhole = (old: MarkedEntry, isStored: (chunk: Buffer) => boolean): boolean =>
  !(old.entry.type === "file" && old.entry.content.kind === "list") && isWhole(old, isStored);

/** Whether a catalog with this entry can be committed. */
function isWhole({ entry }: MarkedEntry, isStored: (chunk: Buffer) => boolean): boolean {
  if (entry.type !== "file" || entry.content.kind === "missing") return true;
  if (entry.content.kind === "list") return isStored(entry.content.list);
  return entry.content.slices.every((slice) => slice.kind === "hole" || isStored(slice.chunk));
}
