/** Puts the parts of one pass together (walk, reading, senders, queue, pages) and runs it: disk in, catalog out, everything stored. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { hmacSha256 } from "../../base/digest.ts";
import { Pulse } from "../../base/pulse.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { OpenResponse } from "../../protocol/messages/sessions.ts";
import { CHUNK_TYPES } from "../../protocol/pack-format.ts";
import { makeChunkNamer } from "../chunk/chunk-id.ts";
import { makeCutHash } from "../chunk/cut-hash.ts";
import type { DiskProblem } from "../disk/found.ts";
import { configuredRules } from "../disk/ignore-rules.ts";
import { ownerNames } from "../disk/owner-names.ts";
import { walk } from "../disk/walk.ts";
import { putLists } from "../model/list.ts";
import { storedLeaves } from "../state/last-catalog.ts";
import type { State } from "../state/state.ts";
import { type BuiltCatalog, CatalogBuilder } from "../vault/catalog-builder.ts";
import { packBufferBytes } from "../vault/pack-writer.ts";
import { openSealSession } from "../vault/seal-session.ts";
import type { BackupOptions } from "./backup-options.ts";
import { runPass } from "./backup-pass.ts";
import { CatalogQueue } from "./catalog-queue.ts";
import { KnownChunks } from "./known-chunks.ts";
import { PackFiller } from "./pack-filler.ts";
import { PageStore } from "./page-store.ts";
import type { Patience } from "./persist.ts";
import type { Problems } from "./problems.ts";
import { Reading } from "./reading.ts";
import type { RunProgress } from "./run-progress.ts";
import { Sender, type SenderOptions } from "./sender.ts";

export interface BuildCatalogOptions {
  readonly backup: BackupOptions;
  readonly state: State;
  readonly session: OpenResponse;
  /** Of the pages that are made. */
  readonly generation: number;
  /** The state knows exactly what the service holds, so old entries are checked against it. */
  readonly isListed: boolean;
  readonly problems: Problems;
  readonly progress: RunProgress;
  readonly patience: Patience;
  /** Nothing more can be sent for want of room. */
  readonly isRefused: boolean;
  readonly onRefused: (error: HoldfastError) => void;
  /** The run can't go on; aborts the patience's signal. */
  readonly onFailure: (error: HoldfastError) => void;
}

const DATA_PACK_BYTES = 8 * 1024 * 1024;
const PAGE_PACK_BYTES = 4 * 1024 * 1024;
const DATA_BUFFERS = 2;
const PAGE_BUFFERS = 2;
/** Room kept for pages when a quota runs out, so that what was sent can still be committed. */
const PAGE_BYTES_PER_FILE = 64;
const PAGE_BYTES_MIN = 256 * 1024;

export async function buildCatalog(options: BuildCatalogOptions): Promise<BuiltCatalog> {
  const { backup, state, generation, isListed, problems, progress, patience } = options;
  const { keys, clock, level } = backup;
  const { signal } = patience;
  const { counters } = progress;
  const known = new KnownChunks(state);
  const pulse = new Pulse();
  signal.addEventListener("abort", () => pulse.beat(), { once: true });
  const cutHash = makeCutHash(keys.splitKey);
  const nameChunk = makeChunkNamer(keys.idKey);
  const onProblem = ({ path, error }: DiskProblem) => problems.add(error, path);
  const onFailure = (error: HoldfastError) => {
    options.onFailure(error);
    void reading.close();
  };

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
    level,
    openSession: () => openSealSession(keys),
    onPack: ({ id, bytes, chunkIds }) =>
      pageSender.send({ id, bytes, chunkIds, release: () => filler.giveBack(Buffer.from(bytes.buffer)) }),
  });
  const pages = new PageStore({ state, known, nameChunk, filler, generation });
  const scanStartNs = BigInt(clock.now()) * 1_000_000n;
  const queue = new CatalogQueue({
    builder: new CatalogBuilder(pages, cutHash),
    putLists: (slices) => putLists(slices, (list) => pages.putList(list)),
    scanStartNs,
    counters,
    readItself: (cell) => reading.add(cell),
    onProblem: (error, path) => problems.add(error, path),
  });
  const { vault, epoch, readPublic, idKey, splitKey } = keys;
  await using reading = new Reading({
    settings: { vault, epoch, readPublic, idKey, splitKey, level, packBytes: DATA_PACK_BYTES, buffers: DATA_BUFFERS },
    threads: backup.threads ?? availableParallelism(),
    state,
    known,
    cutHash,
    counters,
    piecesPath: join(backup.dataFolder, "pieces.db"),
    send: (pack) => dataSender.send(pack),
    onSettled: () => pulse.beat(),
    onFailure,
  });
  if (options.isRefused) await reading.close();

  const { roots, oneFileSystem, leftOut, excludes } = backup;
  const selection = { roots, oneFileSystem, leftOut, configured: configuredRules(excludes, "settings") };
  const head = state.findHead();
  progress.done = queue.done;
  progress.expected = head;
  if (!head && progress.isWatched) void progress.countAhead(walk({ ...selection, onProblem: () => undefined }), signal);
  return await runPass({
    found: walk({ ...selection, onProblem }),
    leaves: head
      ? storedLeaves(state, head.root, (plain) => nameChunk(CHUNK_TYPES.page, plain))
      : [][Symbol.iterator](),
    isStored: isListed ? (chunk) => state.hasChunk(chunk) : undefined,
    describe: {
      owners: ownerNames(),
      linkKey: hmacSha256(keys.idKey, Buffer.from("holdfast/v1/link-groups")),
      onProblem,
    },
    reading,
    queue,
    pages,
    dataSender,
    pageSender,
    counters,
    scanStartNs,
    onProblem,
    pulse,
    onStep: ({ path }) => {
      progress.path = path;
    },
    signal,
  });
}

function sender(
  { backup, session, progress, patience }: BuildCatalogOptions,
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
  Array.from({ length: count }, () => Buffer.alloc(packBufferBytes(targetBytes)));
