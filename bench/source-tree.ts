/** A workload on the disk: made once, changed and put back for each tool. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ChangeLog } from "./workloads/change-log.ts";
import { describeTree, readThrough, type TreeFacts, walkTree } from "./workloads/describe-tree.ts";
import { seededRandom } from "./workloads/seeded-random.ts";
import type { Plan, TreeFile, Workload } from "./workloads/workload.ts";

/** A little more than the coarsest clock of a file system, which ticks every two seconds. */
const YOUNG_MS = 2200;

export class SourceTree {
  readonly workload: Workload;
  readonly folder: string;
  readonly files: readonly TreeFile[];
  /** Restored by itself; undefined where there is only one file. */
  readonly one: string | undefined;
  readonly #plan: Plan;
  readonly #changes: ChangeLog;
  readonly #facts = new Map<string, TreeFacts>();
  #changedAtMs: number;

  constructor(workload: Workload, plan: Plan, workFolder: string) {
    this.workload = workload;
    this.folder = join(workFolder, workload.name);
    this.#plan = plan;
    mkdirSync(this.folder, { recursive: true });
    workload.generate(this.folder, plan);
    this.files = regularFiles(this.folder);
    this.one = middleFile(this.files);
    this.#changes = new ChangeLog(this.folder, join(workFolder, `${workload.name}-removed`));
    this.#changedAtMs = performance.now();
  }

  get bytes(): number {
    return this.files.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Waits until the last change is no longer recent: no tool can trust times that are as young as a file system's clock ticks are long, and
   * would rightly read again what nobody has changed.
   */
  async settle(): Promise<void> {
    await sleep(Math.max(0, this.#changedAtMs + YOUNG_MS - performance.now()));
  }

  /** Reads everything once, so that no tool pays for being the first. */
  warm(): void {
    for (const { path } of this.files) readThrough(join(this.folder, path));
  }

  /** Another `round` changes other files. Gives the paths of what has come, changed or gone. */
  change(what: "changeTen" | "changePercent", round = 1): string[] {
    const { files, one, workload } = this;
    const plan = this.#plan;
    this.#changes.takeChanged();
    const present = files.filter(({ path }) => this.#changes.isPresent(path));
    workload[what]({
      plan,
      random: seededRandom(plan.seed, workload.name, what, round),
      changes: this.#changes,
      files: present,
      one,
    });
    return this.#changes.takeChanged();
  }

  undoChanges(): void {
    this.#changes.undo();
    this.#changedAtMs = performance.now();
  }

  /** What the tree holds now; `state` names it, because every tool meets the same states. */
  facts(state: string): TreeFacts {
    const known = this.#facts.get(state);
    if (known) return known;
    const facts = describeTree(this.folder);
    this.#facts.set(state, facts);
    return facts;
  }
}

const regularFiles = (folder: string): TreeFile[] =>
  Array.from(walkTree(folder))
    .filter(({ stats }) => stats.isFile())
    .map(({ path, stats }) => ({ path, size: stats.size, allocated: stats.blocks * 512 }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

/** Larger than three of four. */
function middleFile(files: readonly TreeFile[]): string | undefined {
  if (files.length < 2) return undefined;
  return files.toSorted((a, b) => a.size - b.size)[Math.floor((files.length * 3) / 4)]?.path;
}
