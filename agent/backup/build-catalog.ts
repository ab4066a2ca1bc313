/** Puts the parts of one pass together (walk, reading, senders, queue, pages) and runs it: disk in, catalog out, everything stored. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { hmacSha256 } from "../../base/digest.ts";
import { keepOldHeapSmall } from "../../base/lean-memory.ts";
import { Pulse } from "../../base/pulse.ts";
import { reserve } from "../../base/reserve.ts";
import type { RunChanges } from "../../protocol/brakes.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { OpenResponse } from "../../protocol/messages/sessions.ts";
import { CHUNK_TYPES } from "../../protocol/pack-format.ts";
import { makeChunkNamer } from "../chunk/chunk-id.ts";
import { makeCutHash } from "../chunk/cut-hash.ts";
import { allRoots } from "../disk/choice/sets-here.ts";
import type { DiskProblem } from "../disk/found.ts";
import { configuredRules } from "../disk/ignore-rules.ts";
import { ownerNames } from "../disk/owner-names.ts";
import { resolveRoots } from "../disk/selection.ts";
import { walk } from "../disk/walk.ts";
import { putLists } from "../model/list.ts";
import { LastCatalog, LostPage, type MarkedEntry } from "../state/last-catalog.ts";
import type { Devices, Head, PageChanges, State } from "../state/state.ts";
import { type BuiltCatalog, CatalogBuilder } from "../vault/catalog-builder.ts";
import { packBufferBytes } from "../vault/pack-writer.ts";
import { openSealSession } from "../vault/seal-session.ts";
import type { BackupOptions } from "./backup-options.ts";
import { runPass } from "./backup-pass.ts";
import { CatalogQueue } from "./catalog-queue.ts";
import { ChangeTally } from "./change-tally.ts";
import type { Gate } from "./gate.ts";
import { INLINE_BYTES_MAX, INLINE_FILES_MAX } from "./inline-reader.ts";
import { KeptPlaces } from "./kept-places.ts";
import { isPatchable, planChanges, selectionDigest } from "./known-changes.ts";
import { KnownChunks } from "./known-chunks.ts";
import { MovedFiles } from "./moved-files.ts";
import { OldCursor } from "./old-cursor.ts";
import { PackFiller } from "./pack-filler.ts";
import { PageStore } from "./page-store.ts";
import type { Patience } from "./persist.ts";
import type { Problems } from "./problems.ts";
import { Reading } from "./reading.ts";
import type { RunProgress } from "./run-progress.ts";
import { Sender, type SenderOptions } from "./sender.ts";
import { isStale, isSurelyWhole, isWhole } from "./stored-content.ts";
import { Unsettled } from "./unsettled.ts";

export interface BuildCatalogOptions {
  readonly backup: BackupOptions;
  readonly state: State;
  readonly session: OpenResponse;
  /** The state knows exactly what the service holds, so old entries are checked against it. */
  readonly isListed: boolean;
  readonly problems: Problems;
  readonly progress: RunProgress;
  readonly patience: Patience;
  readonly gate: Gate;
  /** Only what is known to have changed is looked at, if the last catalog allows it. */
  readonly isPartial: boolean;
  /** Nothing more can be sent for want of room. */
  readonly isRefused: boolean;
  readonly onRefused: (error: HoldfastError) => void;
  /** Named as changed, and no part of the backup. */
  readonly onOutside: (path: Buffer) => void;
  readonly onIgnored: (path: Buffer) => void;
  /** The run can't go on; aborts the patience's signal. */
  readonly onFailure: (error: HoldfastError) => void;
}

const DATA_PACK_BYTES = 8 * 1024 * 1024;
const PAGE_PACK_BYTES = 4 * 1024 * 1024;
const DATA_BUFFERS = 1;
const PAGE_BUFFERS = 2;
/** Room kept for pages when a quota runs out, so that what was sent can still be committed. */
const PAGE_BYTES_PER_FILE = 64;
const PAGE_BYTES_MIN = 256 * 1024;

export interface BuiltSnapshot extends BuiltCatalog {
  readonly files: number;
  readonly isPartial: boolean;
  /** For the state, when it is committed. */
  readonly changes: PageChanges;
  readonly remembered: Pick<Head, "scannedAt" | "selection" | "isPatchable">;
  readonly unsettled: readonly Buffer[];
  readonly devices: Devices;
  /** Against the last snapshot. */
  readonly runChanges: RunChanges;
  /** For the next run. */
  readonly storedPercent: number | null;
}

/** Throws `LostPage` when only a part was to be looked at and the last catalog lacks a page. */
export async function buildCatalog(options: BuildCatalogOptions): Promise<BuiltSnapshot> {
  const { backup, state, isListed, problems, progress, patience, gate } = options;
  const { keys, clock, level } = backup;
  const { signal } = patience;
  const { counters } = progress;
  const known = new KnownChunks(state);
  const pulse = new Pulse();
  signal.addEventListener("abort", () => pulse.beat(), { once: true });
  const cutHash = makeCutHash(keys.splitKey);
  const nameChunk = makeChunkNamer(keys.idKey);
  const unsettled = new Unsettled();
  const tally = new ChangeTally();
  const percentBefore = state.findStoredPercent();
  const onProblem = ({ path, error }: DiskProblem) => {
    problems.add(error, path);
    unsettled.add(path);
  };
  const onFailure = (error: HoldfastError) => {
    options.onFailure(error);
    void reading.close();
  };

  const { roots, oneFileSystem, leftOut, excludes, sets = [], defaults, refusedMounts = [] } = backup;
  const scannedAt = clock.now();
  const choice = { sets, nowMs: scannedAt };
  const configured = configuredRules(excludes, "settings");
  const how = { roots, choice, oneFileSystem, leftOut, configured, defaults, refusedMounts };
  const resolved = resolveRoots(allRoots(roots, sets));
  const selection = selectionDigest(backup, resolved);
  const head = state.findHead();
  using _heap = head ? undefined : keepOldHeapSmall(); // Every file waits in memory for a while; later few do.
  const namePage = (plain: Buffer) => nameChunk(CHUNK_TYPES.page, plain);
  const last = head && new LastCatalog({ state, root: head.root, namePage, leavesHeld: options.isPartial ? 16 : 2 });
  const linkKey = hmacSha256(keys.idKey, Buffer.from("holdfast/v1/link-groups"));
  const isPartial = options.isPartial && head !== undefined && isPatchable(head, selection);
  const plan =
    isPartial && last && resolved
      ? planChanges({
          changed: backup.changed ?? [],
          unsettled: state.unsettled(),
          roots: resolved,
          last,
          walk: how,
          onOutside: options.onOutside,
          onIgnored: options.onIgnored,
        })
      : undefined;
  const changes = plan?.changes;

  const pageSender = sender(options, {
    reserveBytes: () => 0,
    onStored: ({ chunkIds }) => known.stored(chunkIds),
    onRefused: (_, error) => onFailure(error), // Without its pages nothing can be committed.
    onFailure,
  });
  const dataSender = sender(options, {
    reserveBytes: () => PAGE_BYTES_MIN + counters.files * PAGE_BYTES_PER_FILE,
    onStored: ({ chunkIds }) => {
      reading.stored(chunkIds);
      pulse.beat();
    },
    onRefused: (_, error) => {
      options.onRefused(error);
      void reading.close();
    },
    onFailure,
  });
  const filler = new PackFiller(makeBuffers(PAGE_BUFFERS, PAGE_PACK_BYTES), {
    kind: "pages",
    targetBytes: PAGE_PACK_BYTES,
    level: () => level,
    openSession: () => openSealSession(keys),
    onPack: ({ id, bytes, chunkIds }) =>
      pageSender.send({ id, bytes, chunkIds, release: () => filler.giveBack(Buffer.from(bytes.buffer)) }),
  });
  const pages = new PageStore({ state, known, nameChunk, filler });
  const scanStartNs = BigInt(scannedAt) * 1_000_000n;
  const queue = new CatalogQueue({
    builder: new CatalogBuilder(pages, cutHash),
    putLists: (slices) => putLists(slices, (list) => pages.putList(list)),
    scanStartNs,
    counters,
    readItself: (cell) => reading.add(cell),
    onProblem: (error, path) => onProblem({ path, error }),
  });
  const { vault, epoch, readPublic, idKey, splitKey } = keys;
  await using reading = new Reading({
    settings: { vault, epoch, readPublic, idKey, splitKey, level, packBytes: DATA_PACK_BYTES, buffers: DATA_BUFFERS },
    threads: backup.threads ?? availableParallelism(),
    isLittle: plan !== undefined && plan.files <= INLINE_FILES_MAX && plan.bytes <= INLINE_BYTES_MAX,
    state,
    known,
    cutHash,
    counters,
    tally,
    piecesPath: join(backup.dataFolder, "pieces.db"),
    send: (pack) => dataSender.send(pack),
    onSettled: () => pulse.beat(),
    onFailure,
    gate,
  });
  if (options.isRefused) await reading.close();

  progress.done = queue.done;
  progress.expected = changes ? undefined : head;
  if (!head && progress.isWatched) void progress.countAhead(walk({ ...how, onProblem: () => undefined }), signal, gate);
  const isStored = isListed ? (chunk: Buffer) => state.hasChunk(chunk) : undefined;
  const stale = new Set(state.stale().map((id) => id.toString("latin1")));
  const isUsable = (old: MarkedEntry) =>
    (isStored === undefined || isSurelyWhole(old, isStored)) && (stale.size === 0 || !isStale(old, stale));
  const moved = head && last && new MovedFiles({ last, scannedAt: head.scannedAt, isUsable });
  const cursor = last && new OldCursor({ last, mayLose: !changes });
  const rootPaths = resolved?.map(({ path }) => path) ?? allRoots(roots, sets);
  const keptPlaces = new KeptPlaces({ last, devices: state.devices(), roots: rootPaths, onProblem });
  const found = walk({ ...how, onProblem: (problem) => keptPlaces.note(problem) }, changes);
  const built = await runPass({
    found: keptPlaces.around(found),
    last: cursor,
    isUsable,
    isWhole: (old) => isStored === undefined || isWhole(old, isStored),
    findMoved: (found) => moved?.find(found),
    describe: { owners: ownerNames(), linkKey, onProblem },
    reading,
    queue,
    pages,
    dataSender,
    pageSender,
    counters,
    tally,
    scanStartNs,
    onProblem,
    pulse,
    gate,
    onStep: ({ path }) => {
      progress.path = path;
    },
    signal,
  }).catch(async (error: unknown) => {
    // Whoever tries again must find nothing under way.
    if (error instanceof LostPage) await Promise.all([dataSender.idle(), pageSender.idle()]);
    throw error;
  });
  const unread = cursor?.keptUnread ?? { pages: 0, bytes: 0 };
  // All that was dropped was opened: what was not is there still.
  const filesUnread = unread.pages > 0 && head && cursor ? head.files - cursor.openedFiles : 0;
  const files = queue.done.files + filesUnread;
  if (changes) {
    counters.files = files;
    counters.bytes = built.bytes;
  } else {
    counters.files += filesUnread;
    counters.bytes += unread.bytes;
  }
  return {
    ...built,
    files,
    isPartial: changes !== undefined,
    changes:
      unread.pages > 0 && last
        ? { kind: "some", dropped: Array.from(last.opened).filter((id) => !pages.live.has(id)) }
        : { kind: "all", live: pages.live },
    remembered: { scannedAt, selection, isPatchable: unsettled.isAll && resolved !== undefined },
    unsettled: unsettled.paths,
    runChanges: tally.changes(head?.files ?? 0, percentBefore),
    storedPercent: tally.percentAfter(percentBefore),
    devices: keptPlaces.devicesNow({ isPartial: changes !== undefined }),
  };
}

function sender(
  { backup, session, progress, patience, gate }: BuildCatalogOptions,
  /** `reserveBytes`: left free for pages. */
  { reserveBytes, ...on }: Pick<SenderOptions, "onStored" | "onRefused" | "onFailure"> & { reserveBytes: () => number },
): Sender {
  const { counters } = progress;
  return new Sender({
    put: async (pack, bytes, signal) => {
      checkRoom(session, counters.bytesTransferred, bytes.length + reserveBytes());
      await backup.remote.putPack(session.session, pack, bytes, signal);
      counters.bytesTransferred += bytes.length;
    },
    uploads: backup.uploads,
    ...patience,
    gate,
    ...on,
  });
}

/** The service has the last word; this only keeps room for the pages while there is some. */
function checkRoom({ quota }: OpenResponse, sentBytes: number, wanted: number): void {
  const { availableBytes, usedBytes, limitBytes } = quota;
  if (availableBytes === null || sentBytes + wanted <= availableBytes) return;
  const used = usedBytes + sentBytes;
  throw new HoldfastError("quota/exceeded", { level: "storage", used, limit: limitBytes, wanted });
}

const makeBuffers = (count: number, targetBytes: number): Buffer[] =>
  Array.from({ length: count }, () => reserve(packBufferBytes(targetBytes)));
