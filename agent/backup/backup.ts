/**
 * One backup. Packs are acknowledged before the catalog that names them, the catalog before the snapshot record, the record before any
 * local memory of it. A crash at any line leaves the history as it was, plus packs that the next run takes over.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { keepMemoryLean } from "../../base/lean-memory.ts";
import { isDamage, isFull } from "../../base/sqlite.ts";
import { flagSentence, flagsOf } from "../../protocol/brakes.ts";
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
import type { OpenResponse } from "../../protocol/messages/sessions.ts";
import { allRoots } from "../disk/choice/sets-here.ts";
import { shownPath } from "../disk/disk-path.ts";
import { resolveParent } from "../disk/selection.ts";
import { LostPage } from "../state/last-catalog.ts";
import { openState, putStateAside, type State } from "../state/state.ts";
import type { BackupOptions, BackupReport, SkippedPath } from "./backup-options.ts";
import { type BuiltSnapshot, buildCatalog } from "./build-catalog.ts";
import { type Committed, commit } from "./commit.ts";
import { Gate } from "./gate.ts";
import { keepLease } from "./keep-lease.ts";
import { learnChunks, type OpenedSession, openSession } from "./open-session.ts";
import { type Patience, persist } from "./persist.ts";
import { Problems } from "./problems.ts";
import { lockRun } from "./run-lock.ts";
import { noCounters, RunProgress } from "./run-progress.ts";
import { sweepIfDue } from "./sweep.ts";

const PATIENCE_MS = 5 * 60_000;
/** Chunks that the service has lost are sent again; a service that goes on losing them is given up. */
const PASSES_MAX = 4;
const SKIPPED_MAX = 1000;
/** Files come and go while they are looked at; who lets a backup go on without a hook wants the files as they are. */
const HARMLESS = new Set(["file/vanished", "file/changing", "hook/failed"]);

export async function backup(options: BackupOptions): Promise<BackupReport> {
  await keepMemoryLean();
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  using _lock = lockRun(options.dataFolder);
  const path = join(options.dataFolder, "state.db");
  try {
    return await runWith(options, path);
  } catch (error) {
    if (isFull(error)) throw new HoldfastError("disk/full", { path }, { cause: error });
    if (!isDamage(error)) throw error;
    putStateAside(path);
    return await runWith(options, path);
  }
}

async function runWith(options: BackupOptions, statePath: string): Promise<BackupReport> {
  using state = openState(statePath);
  const run = new BackupRun(options, state);
  return await run.run();
}

class BackupRun {
  readonly #options: BackupOptions;
  /** Of all sets. */
  readonly #roots: readonly Buffer[];
  readonly #state: State;
  readonly #problems = new Problems();
  readonly #progress: RunProgress;
  readonly #startedAt: number;
  readonly #stop = new AbortController();
  readonly #patience: Patience;
  readonly #gate: Gate;
  readonly #skipped: SkippedPath[] = [];
  /** The last pass looked at known changes only. */
  #isPartial = false;
  /** Failures that the run goes on with. */
  #notices: readonly HoldfastError[] = [];
  #flags: BackupReport["flags"] = [];
  /** Why sending stopped for want of room. */
  #refusal: HoldfastError | undefined;

  constructor(options: BackupOptions, state: State) {
    const { clock, patienceMs = PATIENCE_MS, onProgress, signal, gate = new Gate() } = options;
    this.#options = options;
    this.#roots = allRoots(options.roots, options.sets ?? []);
    this.#state = state;
    this.#gate = gate;
    this.#progress = new RunProgress(onProgress, gate);
    this.#startedAt = clock.now();
    this.#patience = { clock, patienceMs, signal: this.#stop.signal };
    const cancel = () => this.#stop.abort(new HoldfastError("backup/cancelled"));
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
  }

  async run(): Promise<BackupReport> {
    if (this.#roots.length === 0) throw new HoldfastError("root/none");
    using _telling = this.#gate.onChange(() => this.#progress.tell());
    await this.#gate.pass(this.#stop.signal);
    const opened = await openSession({ ...this.#options, ...this.#patience, state: this.#state });
    const { session } = opened;
    using _lease = keepLease({
      ...this.#options,
      session,
      counters: () => this.#progress.counters,
      onLost: (error) => this.#stop.abort(error),
      onTick: () => this.#progress.tell(),
    });
    try {
      await this.#prepare();
      return this.#report(session, await this.#passUntilCommitted(opened));
    } catch (cause) {
      const error = asHoldfastError(this.#stop.signal.aborted ? this.#stop.signal.reason : cause);
      await this.#end(session, error);
      throw error;
    }
  }

  async #prepare(): Promise<void> {
    const { prepare } = this.#options;
    if (!prepare) return;
    this.#progress.enter("preparing");
    this.#notices = await prepare(this.#stop.signal);
  }

  async #passUntilCommitted({ session, isListed }: OpenedSession): Promise<Committed> {
    for (let pass = 1; ; pass++) {
      const built = await this.#build(session, isListed || pass > 1);
      try {
        this.#progress.enter("committing");
        const committed = await this.#commit(session, built);
        this.#remember(session, committed, built);
        return committed;
      } catch (error) {
        const missing =
          error instanceof HoldfastError && error.code === "chunk/missing" ? error.data.missing : undefined;
        if (!Array.isArray(missing) || pass === PASSES_MAX) throw error;
        await this.#learnStored(session, missing);
      }
    }
  }

  async #build(session: OpenResponse, isListed: boolean): Promise<BuiltSnapshot> {
    const problems = this.#problems;
    const isPartial = this.#options.changed !== undefined && !isListed;
    const built = await this.#buildOnce(session, isListed, isPartial).catch((error: unknown) => {
      if (!(error instanceof LostPage)) throw error;
      return this.#buildOnce(session, isListed, false);
    });
    this.#isPartial = built.isPartial;
    // A disk that is not mounted must not look like one that was emptied.
    const roots = new Set(this.#roots.map((root) => shownPath(resolveParent(root, () => undefined) ?? root)));
    const refused = problems.list.filter(({ code, path }) => code === "licence/network-drive" && roots.has(path));
    const missing = problems.list.filter(({ code }) => code === "root/missing");
    if (missing.length + refused.length < roots.size) return built;
    const [first] = [...missing, ...refused];
    if (!first) return built;
    const reason = refused.length > 0 ? first.message : "none of the folders can be listed";
    throw new HoldfastError("root/missing", { path: first.path, reason });
  }

  async #buildOnce(session: OpenResponse, isListed: boolean, isPartial: boolean): Promise<BuiltSnapshot> {
    const problems = this.#problems;
    const progress = this.#progress;
    problems.clear();
    for (const notice of this.#notices) problems.note(notice, String(notice.data.program ?? ""));
    this.#skipped.length = 0;
    progress.counters = noCounters();
    progress.enter("scanning");
    return await buildCatalog({
      backup: this.#options,
      state: this.#state,
      session,
      isListed,
      isPartial,
      problems,
      progress,
      patience: this.#patience,
      gate: this.#gate,
      isRefused: this.#refusal !== undefined,
      onRefused: (error) => {
        this.#refusal ??= error;
      },
      onOutside: (path) => this.#skip(path, "outside"),
      onIgnored: (path) => this.#skip(path, "ignored"),
      onFailure: (error) => this.#stop.abort(error),
    });
  }

  #skip(path: Buffer, reason: SkippedPath["reason"]): void {
    if (this.#skipped.length < SKIPPED_MAX) this.#skipped.push({ path, reason });
  }

  /** The service names no more than a thousand of what it lacks; what it lists is the whole truth. */
  async #learnStored(session: OpenResponse, missing: readonly string[]): Promise<void> {
    this.#state.clearChunks();
    const { remote } = this.#options;
    await persist(this.#patience, () => learnChunks({ remote, state: this.#state }, session.session, "all"));
    this.#state.removeChunks(missing.map((id) => Buffer.from(id, "hex")));
  }

  async #commit(session: OpenResponse, built: BuiltSnapshot): Promise<Committed> {
    const { remote, keys, machine, clock, host, type, receiptKey } = this.#options;
    const { counters } = this.#progress;
    const flags = flagsOf(counters, built.runChanges);
    this.#flags = flags.map((flag) => ({ flag, says: flagSentence(flag, counters, built.runChanges) }));
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
        roots: this.#roots.map((root) => root.toString("base64")),
        files: built.files,
        folders: built.entries - built.files,
        bytes: built.bytes,
        problems: this.#problems.count,
      },
      counters,
      changes: built.runChanges,
      flags,
      problems: this.#problems,
      code: this.#code(),
      receiptKey,
    });
  }

  /** Durable on the service by now; only the local memory of it can be lost. */
  #remember({ sequence, losses }: OpenResponse, { receipt, record }: Committed, built: BuiltSnapshot): void {
    const { root, files, bytes, remembered, changes, unsettled } = built;
    this.#state.addReceipt(sequence, receipt);
    this.#state.setLosses(losses);
    this.#state.setHead({ sequence, record, root, files, bytes, ...remembered }, changes, unsettled);
    this.#state.setDevices(built.devices);
    if (built.storedPercent !== null) this.#state.setStoredPercent(built.storedPercent);
    // A part of the tree says nothing about the rest.
    if (!built.isPartial) sweepIfDue({ state: this.#state, bytes, isFirst: sequence === 1 });
  }

  #report({ sequence }: OpenResponse, { receivedAt }: Committed): BackupReport {
    const code = this.#code();
    return {
      snapshot: sequence,
      result: code === undefined ? "success" : "incomplete",
      code,
      flags: this.#flags,
      isPartial: this.#isPartial,
      skipped: this.#skipped,
      counters: this.#progress.counters,
      problems: this.#problems,
      receivedAt,
      durationMs: this.#options.clock.now() - this.#startedAt,
    };
  }

  /** Some problems are told, but the snapshot is complete as of its moment. */
  #code(): string | undefined {
    // Without a problem only bundles that were to be made anew had no room.
    if (this.#refusal && this.#problems.count > 0) return this.#refusal.code;
    return this.#problems.list.find(({ code }) => !HARMLESS.has(code))?.code;
  }

  /** Tells the service why; if even that fails, the lease will run out. */
  async #end({ session, fence }: OpenResponse, { code, message }: HoldfastError): Promise<void> {
    const { list, count } = this.#problems;
    const counters = this.#progress.counters;
    await this.#options.remote
      .end(session, { fence, code, message: message.slice(0, 1000), counters, problems: list, problemCount: count })
      .catch(() => undefined);
  }
}
