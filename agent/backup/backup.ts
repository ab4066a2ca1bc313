/**
 * One backup. Packs are acknowledged before the catalog that names them, the catalog before the snapshot record, the record before any
 * local memory of it. A crash at any line leaves the history as it was, plus packs that the next run takes over.
 */
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { hmacSha256 } from "../../base/digest.ts";
import { keepMemoryLean } from "../../base/lean-memory.ts";
import { Pulse } from "../../base/pulse.ts";
import type { Random } from "../../base/random.ts";
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
import type { BackupType, Counters, OpenResponse } from "../../protocol/messages/sessions.ts";
import { makeChunkNamer } from "../chunk/chunk-id.ts";
import { makeCutHash } from "../chunk/cut-hash.ts";
import type { Found } from "../disk/found.ts";
import { configuredRules } from "../disk/ignore-rules.ts";
import { ownerNames } from "../disk/owner-names.ts";
import { walk } from "../disk/walk.ts";
import type { WriteKeys } from "../keys/vault-keys.ts";
import { putLists } from "../model/list.ts";
import type { AgentRemote } from "../remote/remote.ts";
import { storedLeaves } from "../state/last-catalog.ts";
import { openState, type State } from "../state/state.ts";
import { type BuiltCatalog, CatalogBuilder } from "../vault/catalog-builder.ts";
import { packBufferBytes } from "../vault/pack-writer.ts";
import { openSealSession } from "../vault/seal-session.ts";
import { runPass } from "./backup-pass.ts";
import { CatalogQueue } from "./catalog-queue.ts";
import { type Committed, commit } from "./commit.ts";
import { countFound } from "./count-found.ts";
import { keepLease } from "./keep-lease.ts";
import { KnownChunks } from "./known-chunks.ts";
import { learnChunks, type OpenedSession, openSession } from "./open-session.ts";
import { PackFiller } from "./pack-filler.ts";
import { PageStore } from "./page-store.ts";
import { type Patience, persist } from "./persist.ts";
import { Problems } from "./problems.ts";
import { Reading } from "./reading.ts";
import { lockRun } from "./run-lock.ts";
import { Sender } from "./sender.ts";

export interface BackupOptions {
  readonly remote: AgentRemote;
  readonly keys: WriteKeys;
  /** 16 bytes. */
  readonly machine: Buffer;
  /** Ed25519 public key of the service's receipts. */
  readonly receiptKey: Buffer;
  readonly host: string;
  /** For the local state and the run's lock. */
  readonly dataFolder: string;
  /** Catalog paths. */
  readonly roots: readonly Buffer[];
  /** Patterns as in .gitignore. */
  readonly excludes: readonly string[];
  readonly leftOut: readonly Buffer[];
  readonly oneFileSystem: boolean;
  readonly type: BackupType;
  readonly uploads: number;
  readonly level: number;
  readonly threads?: number;
  readonly acceptHistory: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** How long an unreachable service is tried again. */
  readonly patienceMs?: number;
  readonly onProgress?: (progress: BackupProgress) => void;
  readonly signal?: AbortSignal;
}

export interface BackupProgress {
  readonly phase: "opening" | "scanning" | "sending" | "committing";
  readonly counters: Readonly<Counters>;
  /** What is settled: unchanged, or stored. */
  readonly done: Amount;
  /** What the last backup scanned; on the first one, what was counted ahead. */
  readonly expected: Amount | undefined;
  readonly path: Buffer | undefined;
}

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

export interface BackupReport {
  readonly snapshot: number;
  readonly result: "success" | "incomplete";
  /** Why something is missing, from the error table. */
  readonly code: string | undefined;
  readonly counters: Counters;
  readonly problems: Problems;
  readonly receivedAt: number;
  readonly durationMs: number;
}

const DATA_PACK_BYTES = 8 * 1024 * 1024;
const PAGE_PACK_BYTES = 4 * 1024 * 1024;
const DATA_BUFFERS = 2;
const PAGE_BUFFERS = 2;
const PATIENCE_MS = 5 * 60_000;
/** Chunks that the service has lost are sent again; a service that goes on losing them is given up. */
const PASSES_MAX = 4;
/** Room kept for pages when a quota runs out, so that what was sent can still be committed. */
const PAGE_BYTES_PER_FILE = 64;
const PAGE_BYTES_MIN = 256 * 1024;

export async function backup(options: BackupOptions): Promise<BackupReport> {
  await keepMemoryLean();
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  using _lock = lockRun(join(options.dataFolder, "backup.lock"));
  using state = openState(join(options.dataFolder, "state.db"));
  const run = new BackupRun(options, state);
  return await run.run();
}

class BackupRun {
  readonly #options: BackupOptions;
  readonly #state: State;
  readonly #problems = new Problems();
  readonly #startedAt: number;
  readonly #stop = new AbortController();
  #counters = noCounters();
  #phase: BackupProgress["phase"] = "opening";
  #path: Buffer | undefined;
  #done: Amount = NOTHING;
  #expected: Amount | undefined;
  /** Why sending stopped for want of room. */
  #refusal: HoldfastError | undefined;

  constructor(options: BackupOptions, state: State) {
    this.#options = options;
    this.#state = state;
    this.#startedAt = options.clock.now();
    options.signal?.addEventListener("abort", () => this.#stop.abort(new HoldfastError("backup/cancelled")), {
      once: true,
    });
    if (options.signal?.aborted) this.#stop.abort(new HoldfastError("backup/cancelled"));
  }

  async run(): Promise<BackupReport> {
    if (this.#options.roots.length === 0) throw new HoldfastError("root/none");
    this.#stop.signal.throwIfAborted();
    const opened = await openSession({ ...this.#options, ...this.#patience, state: this.#state });
    const { session } = opened;
    using _lease = keepLease({
      ...this.#options,
      session,
      counters: () => this.#counters,
      onLost: (error) => this.#stop.abort(error),
      onTick: () => this.#tell(),
    });
    try {
      const committed = await this.#passUntilCommitted(opened);
      return this.#report(session, committed);
    } catch (cause) {
      const error = asHoldfastError(this.#stop.signal.aborted ? this.#stop.signal.reason : cause);
      await this.#end(session, error);
      throw error;
    }
  }

  async #passUntilCommitted({ session, isListed }: OpenedSession): Promise<Committed> {
    for (let pass = 1; ; pass++) {
      const generation = this.#state.nextGeneration();
      const built = await this.#pass(session, generation, isListed || pass > 1);
      try {
        this.#enter("committing");
        const committed = await this.#commit(session, built);
        this.#remember(session, committed, built, generation);
        return committed;
      } catch (error) {
        const missing =
          error instanceof HoldfastError && error.code === "chunk/missing" ? error.data.missing : undefined;
        if (!Array.isArray(missing) || pass === PASSES_MAX) throw error;
        await this.#learnStored(session, missing);
      }
    }
  }

  /** The service names no more than a thousand of what it lacks; what it lists is the whole truth. */
  async #learnStored(session: OpenResponse, missing: readonly string[]): Promise<void> {
    this.#state.clearChunks();
    const { remote } = this.#options;
    await persist(this.#patience, () => learnChunks({ remote, state: this.#state }, session.session, "all"));
    this.#state.removeChunks(missing.map((id) => Buffer.from(id, "hex")));
  }

  async #pass(session: OpenResponse, generation: number, isListed: boolean): Promise<BuiltCatalog> {
    const { keys, clock, excludes, roots, leftOut, oneFileSystem, level } = this.#options;
    const { signal } = this.#stop;
    const state = this.#state;
    this.#counters = noCounters();
    this.#problems.clear();
    this.#enter("scanning");
    const counters = this.#counters;
    const known = new KnownChunks(state);
    const pulse = new Pulse();
    signal.addEventListener("abort", () => pulse.beat(), { once: true });
    const cutHash = makeCutHash(keys.splitKey);
    const nameChunk = makeChunkNamer(keys.idKey);
    const onProblem = ({ path, error }: { path: Buffer; error: HoldfastError }) => this.#problems.add(error, path);
    const onFailure = (error: HoldfastError) => {
      this.#stop.abort(error);
      void reading.close();
    };

    const pageSender = this.#sender(session, {
      onStored: ({ chunkIds }) => known.stored(chunkIds),
      onRefused: (error) => onFailure(error), // Without its pages nothing can be committed.
      onFailure,
    });
    const dataSender = this.#sender(session, {
      onStored: ({ chunkIds }) => {
        reading.stored(chunkIds);
        pulse.beat();
      },
      onRefused: (error) => {
        this.#refusal ??= error;
        void reading.close();
      },
      onFailure,
      reserveBytes: () => PAGE_BYTES_MIN + counters.files * PAGE_BYTES_PER_FILE,
    });
    const pageBuffers = Array.from({ length: PAGE_BUFFERS }, () => Buffer.alloc(packBufferBytes(PAGE_PACK_BYTES)));
    const filler = new PackFiller(pageBuffers, {
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
      onProblem: (error, path) => this.#problems.add(error, path),
    });
    await using reading = new Reading({
      settings: {
        vault: keys.vault,
        epoch: keys.epoch,
        readPublic: keys.readPublic,
        idKey: keys.idKey,
        splitKey: keys.splitKey,
        level,
        packBytes: DATA_PACK_BYTES,
        buffers: DATA_BUFFERS,
      },
      threads: this.#options.threads ?? availableParallelism(),
      state,
      known,
      cutHash,
      counters,
      send: (pack) => dataSender.send(pack),
      onSettled: () => pulse.beat(),
      onFailure,
    });
    if (this.#refusal) await reading.close();

    const head = state.findHead();
    this.#done = queue.done;
    this.#expected = head;
    const selection = { roots, oneFileSystem, configured: configuredRules(excludes, "settings"), leftOut };
    const found = walk({ ...selection, onProblem });
    if (!head && this.#options.onProgress) void this.#countAhead(walk({ ...selection, onProblem: () => undefined }));
    const built = await runPass({
      found,
      leaves: head ? storedLeaves(state, head.root) : [][Symbol.iterator](),
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
      onStep: (step: Found) => {
        this.#path = step.path;
      },
      signal,
    });
    return built;
  }

  /** Beside the work, so that the first backup can tell how far it is, too. */
  async #countAhead(found: Iterable<Found>): Promise<void> {
    const { signal } = this.#stop;
    const total = await countFound(found, signal).catch(() => undefined);
    if (total) this.#expected = total;
  }

  #sender(
    session: OpenResponse,
    on: {
      onStored: (pack: { chunkIds: readonly Buffer[] }) => void;
      onRefused: (error: HoldfastError) => void;
      onFailure: (error: HoldfastError) => void;
      /** Left free for pages. */
      reserveBytes?: () => number;
    },
  ): Sender {
    const { remote, uploads } = this.#options;
    return new Sender({
      put: async (pack, bytes, signal) => {
        this.#checkRoom(session, bytes.length + (on.reserveBytes?.() ?? 0));
        await remote.putPack(session.session, pack, bytes, signal);
        this.#counters.bytesTransferred += bytes.length;
      },
      uploads,
      ...this.#patience,
      onStored: on.onStored,
      onRefused: (_, error) => on.onRefused(error),
      onFailure: on.onFailure,
    });
  }

  /** The service has the last word; this only keeps room for the pages while there is some. */
  #checkRoom(session: OpenResponse, wanted: number): void {
    const { availableBytes, usedBytes, limitBytes } = session.quota;
    if (availableBytes === null || this.#counters.bytesTransferred + wanted <= availableBytes) return;
    throw new HoldfastError("quota/exceeded", {
      level: "storage",
      used: usedBytes + this.#counters.bytesTransferred,
      limit: limitBytes,
      wanted,
    });
  }

  get #patience(): Patience {
    const { clock, patienceMs = PATIENCE_MS } = this.#options;
    return { clock, patienceMs, signal: this.#stop.signal };
  }

  async #commit(session: OpenResponse, built: BuiltCatalog): Promise<Committed> {
    const { remote, keys, machine, clock, host, type, roots, receiptKey } = this.#options;
    return await commit({
      ...this.#patience,
      remote,
      session,
      keys,
      machine,
      root: built.root,
      claimedAt: clock.now(),
      body: {
        host,
        agent: "",
        set: "default",
        type,
        roots: roots.map((root) => root.toString("base64")),
        files: this.#counters.files,
        folders: built.entries - this.#counters.files,
        bytes: built.bytes,
        problems: this.#problems.count,
      },
      counters: this.#counters,
      problems: this.#problems,
      code: this.#code(),
      receiptKey,
    });
  }

  /** Durable on the service by now; only the local memory of it can be lost. */
  #remember(session: OpenResponse, { receipt, record }: Committed, built: BuiltCatalog, generation: number): void {
    this.#state.addReceipt(session.sequence, receipt);
    this.#state.setHead(
      {
        sequence: session.sequence,
        record,
        root: built.root,
        files: this.#counters.files,
        bytes: this.#counters.bytes,
      },
      generation,
    );
  }

  #report(session: OpenResponse, { receivedAt }: Committed): BackupReport {
    const code = this.#code();
    return {
      snapshot: session.sequence,
      result: code === undefined ? "success" : "incomplete",
      code,
      counters: this.#counters,
      problems: this.#problems,
      receivedAt,
      durationMs: this.#options.clock.now() - this.#startedAt,
    };
  }

  /** A file that vanished or changed is told, but the snapshot is complete as of its moment. */
  #code(): string | undefined {
    if (this.#refusal) return this.#refusal.code;
    return this.#problems.list.find(({ code }) => code !== "file/vanished" && code !== "file/changing")?.code;
  }

  /** Tells the service why; if even that fails, the lease will run out. */
  async #end(session: OpenResponse, error: HoldfastError): Promise<void> {
    const { code, message } = error;
    const body = { fence: session.fence, code, message: message.slice(0, 1000), counters: this.#counters };
    await this.#options.remote
      .end(session.session, { ...body, problems: this.#problems.list, problemCount: this.#problems.count })
      .catch(() => undefined);
  }

  #enter(phase: BackupProgress["phase"]): void {
    this.#phase = phase;
    this.#tell();
  }

  #tell(): void {
    this.#options.onProgress?.({
      phase: this.#phase,
      counters: this.#counters,
      done: this.#done,
      expected: this.#expected,
      path: this.#path,
    });
  }
}

const NOTHING: Amount = { files: 0, bytes: 0 };

const noCounters = (): Counters => ({
  files: 0,
  bytes: 0,
  filesEncoded: 0,
  bytesEncoded: 0,
  filesTransferred: 0,
  bytesTransferred: 0,
});
