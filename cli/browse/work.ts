/** Does what the model wishes, with the agent, and says what came of it. Nothing here is drawn. */
import { resolve } from "node:path";
import {
  type Entry,
  find,
  listDeleted,
  listFolder,
  planRestore,
  type RestoreReport,
  readHead,
  restore,
  type Snapshot,
  type Vault,
  versions,
} from "../../agent/index.ts";
import { asHoldfastError } from "../../protocol/errors.ts";
import { counted, size } from "../units.ts";
import type { When } from "../when.ts";
import { type Chosen, type Hit, keyOf, type Node, type Plan, pathOf, type RestoreWish, type Wish } from "./model.ts";
import type { Event } from "./take.ts";

const HEAD_BYTES = 256 * 1024;
/** Hits are told together, so that the screen keeps up. */
const TOGETHER_MS = 100;
const TOGETHER_MAX = 500;
const PROGRESS_MS = 100;

export interface WorkOptions {
  readonly when: (text: string) => When;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly tell: (event: Event) => void;
}

type WishFor<Kind extends Wish["kind"]> = Extract<Wish, { readonly kind: Kind }>;

export class Work {
  readonly #vault: Vault;
  readonly #options: WorkOptions;
  readonly #snapshots = new Map<number, Promise<Snapshot>>();
  /** Of what takes long and may be stopped. */
  #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(vault: Vault, options: WorkOptions) {
    this.#vault = vault;
    this.#options = options;
  }

  begin(wish: Wish): void {
    const running = this.#do(wish).catch((error: unknown) => {
      if (this.#options.signal.aborted) return;
      this.#options.tell({ kind: "failed", reason: reasonOf(error) });
    });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** Stops what runs, and waits for it: a restore leaves nothing half. */
  async end(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #do(wish: Wish): Promise<void> {
    switch (wish.kind) {
      case "list":
        return await this.#list(wish);
      case "search":
        return await this.#search(wish);
      case "versions": {
        const found = await versions(this.#vault, wish.path, { signal: this.#options.signal });
        return this.#options.tell({ kind: "versions", path: wish.path, versions: found });
      }
      case "preview":
        return await this.#preview(wish);
      case "date": {
        const { sequence } = await this.#vault.findSnapshot(this.#options.when(wish.text));
        return this.#options.tell({ kind: "dated", snapshot: sequence });
      }
      case "plan":
        return await this.#plan(wish);
      case "restore":
        return await this.#restore(wish);
      case "stop":
        this.#stop.abort();
        this.#stop = new AbortController();
        return;
      case "quit":
        return;
    }
  }

  async #list({ snapshot: sequence, key, withDeleted }: WishFor<"list">): Promise<void> {
    const { signal, tell } = this.#options;
    const which = { kind: "listed", snapshot: sequence, key, withDeleted } as const;
    try {
      const snapshot = await this.#snapshot(sequence);
      const nodes: Node[] = [];
      const gone = withDeleted ? (await listDeleted(this.#vault, snapshot, pathOf(key), { signal })).gone : [];
      const folder = await this.#entries(snapshot, key, gone.length > 0);
      for (const entry of folder) nodes.push({ entry });
      for (const { entry, last } of gone) nodes.push({ entry, last: last.sequence });
      tell({ ...which, folder: { kind: "there", nodes: nodes.sort(byKindAndName) } });
    } catch (error) {
      if (signal.aborted) return;
      tell({ ...which, folder: { kind: "failed", reason: reasonOf(error) } });
    }
  }

  /** A folder that is gone has nothing but what is deleted. */
  async #entries(snapshot: Snapshot, key: string, mayBeGone: boolean): Promise<readonly Entry[]> {
    const { signal } = this.#options;
    try {
      return await Array.fromAsync(listFolder(snapshot, pathOf(key), { signal }));
    } catch (error) {
      if (mayBeGone && asHoldfastError(error).code === "restore/no-match") return [];
      throw error;
    }
  }

  async #search({ snapshot, pattern, everywhere }: WishFor<"search">): Promise<void> {
    const { now, tell } = this.#options;
    const signal = this.#signal();
    let hits: Hit[] = [];
    let toldAt = now();
    const flush = (isDone: boolean) => {
      tell({ kind: "found", pattern, hits, isDone });
      hits = [];
      toldAt = now();
    };
    try {
      const at = { kind: "sequence", sequence: snapshot } as const;
      for await (const found of find(this.#vault, pattern, { at, allSnapshots: everywhere, signal })) {
        hits.push({ snapshot: found.snapshot, path: found.entry.path, entry: found.entry });
        if (hits.length >= TOGETHER_MAX || now() >= toldAt + TOGETHER_MS) flush(false);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    flush(true);
  }

  async #preview({ snapshot, entry }: WishFor<"preview">): Promise<void> {
    if (entry.type !== "file") return;
    const { signal, tell } = this.#options;
    const lines = await readHead(this.#vault, entry, { bytesMax: HEAD_BYTES, signal });
    void snapshot; // What an entry refers to is the same in every snapshot.
    tell({ kind: "preview", title: keyOf(entry.path), lines });
  }

  async #plan({ target, chosen, existing }: RestoreWish): Promise<void> {
    const signal = this.#signal();
    try {
      let plan = NOTHING;
      for (const { sequence, paths } of bySnapshot(chosen)) {
        const options = { paths, target: resolve(target), existing, signal };
        plan = together(plan, await planRestore(this.#vault, await this.#snapshot(sequence), options));
      }
      this.#options.tell({ kind: "planned", target, existing, plan });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #restore({ target, chosen, existing }: RestoreWish): Promise<void> {
    const { now, tell } = this.#options;
    const signal = this.#signal();
    const reports: RestoreReport[] = [];
    let toldAt = 0;
    let stopped: string | undefined;
    try {
      for (const { sequence, paths } of bySnapshot(chosen)) {
        const onProgress = (progress: Extract<Event, { kind: "progress" }>["progress"]) => {
          if (now() < toldAt + PROGRESS_MS) return;
          toldAt = now();
          tell({ kind: "progress", progress });
        };
        const options = { paths, target: resolve(target), existing, signal, onProgress };
        reports.push(await restore(this.#vault, await this.#snapshot(sequence), options));
      }
    } catch (error) {
      stopped = reasonOf(error);
    }
    tell(endOf(reports, resolve(target), stopped));
  }

  #snapshot(sequence: number): Promise<Snapshot> {
    const known = this.#snapshots.get(sequence);
    if (known) return known;
    const opening = this.#vault.openSnapshot(sequence);
    this.#snapshots.set(sequence, opening);
    opening.catch(() => this.#snapshots.delete(sequence));
    return opening;
  }

  #signal(): AbortSignal {
    return AbortSignal.any([this.#options.signal, this.#stop.signal]);
  }
}

const reasonOf = (error: unknown): string => asHoldfastError(error).message;

const isFolder = ({ entry }: Node): boolean => entry.type === "folder";

/** Folders first. */
const byKindAndName = (a: Node, b: Node): number =>
  Number(isFolder(b)) - Number(isFolder(a)) || Buffer.compare(a.entry.path, b.entry.path);

function bySnapshot(chosen: readonly Chosen[]): { sequence: number; paths: Buffer[] }[] {
  const groups = new Map<number, Buffer[]>();
  for (const { snapshot, path } of chosen) groups.set(snapshot, [...(groups.get(snapshot) ?? []), path]);
  return [...groups].sort(([a], [b]) => b - a).map(([sequence, paths]) => ({ sequence, paths }));
}

const NOTHING: Plan = {
  files: 0,
  bytes: 0,
  folders: 0,
  others: 0,
  kept: 0,
  bytesToFetch: 0,
  problems: [],
  problemCount: 0,
};

const together = (a: Plan, b: Plan): Plan => ({
  files: a.files + b.files,
  bytes: a.bytes + b.bytes,
  folders: a.folders + b.folders,
  others: a.others + b.others,
  kept: a.kept + b.kept,
  bytesToFetch: a.bytesToFetch + b.bytesToFetch,
  problems: [...a.problems, ...b.problems],
  problemCount: a.problemCount + b.problemCount,
});

function endOf(reports: readonly RestoreReport[], target: string, stopped: string | undefined): Event {
  const sum = (of: (report: RestoreReport) => number) => reports.reduce((all, report) => all + of(report), 0);
  const problems = reports.flatMap((report) => report.problems);
  const problemCount = sum((report) => report.problemCount);
  const kept = sum((report) => report.kept);
  const lines = [
    "",
    ...(stopped === undefined ? [] : [stopped, ""]),
    `Restored ${counted(
      sum((report) => report.filesRetrieved),
      "file",
    )}, ${size(sum((report) => report.bytes))}`,
    `to ${target}`,
    ...(kept > 0 ? [`${counted(kept, "thing")} left as before`] : []),
    ...(problemCount > 0 ? ["", `${counted(problemCount, "problem")}:`] : []),
    ...problems.map(({ path, message }) => `  ${path}: ${message ?? ""}`),
  ];
  return { kind: "restored", lines, isWhole: stopped === undefined && problemCount === 0 };
}
