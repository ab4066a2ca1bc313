/**
 * One pass over the disk: walk, compare, read, send, build the catalog. Everything is pulled by the walk's loop; memory is bounded by the catalog
 * queue, the reading threads' buffers and the packs that lie in them.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
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
  /** Latin-1 ids of chunks that the service has lost: what refers to them is read again. */
  readonly lost: ReadonlySet<string>;
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
  readonly signal: AbortSignal;
}

/** Steps between two looks at messages from the reading threads and the network. */
const STEPS_PER_TURN = 128;
const PAGES_WAITING_MAX = 64;

/** The catalog, all of it stored. */
export async function runPass(options: BackupPassOptions): Promise<BuiltCatalog> {
  const { found, leaves, lost, queue, reading, pages, dataSender, pageSender, signal } = options;
  const isUsable = (old: MarkedEntry) => lost.size === 0 || !refersTo(old, lost);
  /** The first cell of each file that has several names. */
  const linked = new Map<string, Cell>();
  let steps = 0;
  for (const step of merge({ found, leaves, isUsable })) {
    take(step, options, linked);
    if (++steps % STEPS_PER_TURN !== 0) continue;
    await nextTurn();
    signal.throwIfAborted();
    await reading.ready();
    queue.drain();
    while (pages.waiting > PAGES_WAITING_MAX) await nextTurn();
    if (queue.isFull) await settle(options);
  }
  await settle(options);
  signal.throwIfAborted();
  const built = queue.finish();
  await pages.flush();
  await Promise.all([dataSender.idle(), pageSender.idle()]);
  signal.throwIfAborted();
  return built;
}

/** Everything so far is read, sent and in the catalog. */
async function settle({ reading, dataSender, queue, signal }: BackupPassOptions): Promise<void> {
  queue.drain();
  while (!queue.isEmpty) {
    await reading.flush();
    await dataSender.idle();
    signal.throwIfAborted();
    queue.drain();
    await nextTurn();
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
  const { queue, reading, scanStartNs } = options;
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
  const cell = makeCell(found, old);
  const group = linkGroupOf(found, options.describe.linkKey)?.toString("latin1");
  const first = group === undefined ? undefined : linked.get(group);
  if (first) cell.sameAs = first;
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

/** Long contents lie in lists, which are not looked into: they count as referring to anything. */
function refersTo({ entry }: MarkedEntry, lost: ReadonlySet<string>): boolean {
  if (entry.type !== "file" || entry.content.kind === "missing") return false;
  if (entry.content.kind === "list") return true;
  return entry.content.slices.some((slice) => slice.kind === "chunk" && lost.has(slice.chunk.toString("latin1")));
}
