/**
 * The agent at work for an hour, for real: the service's process, `holdfast run` with a Continuous schedule, a tree under random edits of every kind at
 * changing speed, storms beyond what the system keeps of events, and times when the agent stands still. Now and then all is quiet, and the last snapshot
 * is restored and compared with the disk, byte by byte and in all metadata.
 */
import type { ChildProcess } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type SeededRandom, seededRandom } from "../../bench/workloads/seeded-random.ts";
import { restoreSnapshots } from "../support/restore-snapshot.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { type Machine, makeWorld, removeFolder, type World } from "../support/world.ts";
import { type Figures, figuresOf } from "./process-figures.ts";
import { RandomEdits } from "./random-edits.ts";

export interface HourOptions {
  readonly minutes: number;
  readonly files: number;
  readonly seed: number;
  /** No names that are not UTF-8. */
  readonly textNames?: boolean;
  /** How often, besides at the end, the last snapshot is compared with the disk. */
  readonly checks: number;
  /** Edits of a storm. */
  readonly stormEdits: number;
  /** Of quiet before a backup. */
  readonly quietSeconds: number;
  readonly idleMinutes: number;
  /** More words for `holdfast run`. */
  readonly words?: readonly string[];
  readonly tell: (line: string) => void;
}

export interface HourResult {
  readonly edits: Readonly<Record<string, number>>;
  readonly backups: { changes: number; everything: number; failed: number };
  readonly gaps: Readonly<Record<string, number>>;
  readonly checks: number;
  /** What differed, if anything. */
  readonly differences: readonly string[];
  readonly readyMs: number;
  readonly atReady: Figures;
  readonly atEnd: Figures;
  readonly idleCpuSecondsPerHour: number | undefined;
}

/** A line of `holdfast run --json`, as far as it is of interest here. */
interface LogLine {
  readonly event?: string;
  readonly reason?: string;
  readonly result?: string;
  readonly looked?: string;
  readonly message?: string;
  readonly snapshot?: number;
}

export async function watchedHour(options: HourOptions): Promise<HourResult> {
  const world = await makeWorld();
  const result = await new WatchedHour(options, world, await world.machine("watched")).run().catch(async (error) => {
    await world.remove();
    throw error;
  });
  // Whoever has to find out why wants everything as it is.
  if (result.differences.length > 0) {
    await world.service.stop();
    options.tell(`left for looking at: ${world.top}`);
  } else await world.remove();
  return result;
}

class WatchedHour {
  readonly #options: HourOptions;
  readonly #world: World;
  readonly #machine: Machine;
  readonly #random: SeededRandom;
  readonly #backups = { changes: 0, everything: 0, failed: 0 };
  readonly #gaps: Record<string, number> = {};
  readonly #differences: string[] = [];
  readonly #root: string;
  #isReady = false;
  #begun = 0;
  #checks = 0;
  #lastSnapshot = 0;

  constructor(options: HourOptions, world: World, machine: Machine) {
    this.#options = options;
    this.#world = world;
    this.#machine = machine;
    this.#random = seededRandom("hour", options.seed);
    this.#root = world.at("tree");
  }

  async run(): Promise<HourResult> {
    const { files, seed, textNames, minutes, checks, tell, words = [] } = this.#options;
    const outside = this.#world.at("outside");
    const edits = new RandomEdits({ root: this.#root, outside, files, seed, hasTextNamesOnly: textNames ?? false });
    this.#configure();
    const startedAt = performance.now();
    const { child, ended } = this.#machine.start("run", "--json", ...words);
    try {
      const pid = child.pid ?? 0;
      this.#listen(child);
      await this.#until(() => this.#isReady, "the watcher is ready");
      const readyMs = Math.round(performance.now() - startedAt);
      const atReady = figuresOf(pid);
      tell(`ready after ${readyMs} ms: ${JSON.stringify(atReady)}`);
      await this.#settled();
      for (let part = 1; part <= checks + 1; part++) {
        await this.#disturb(edits, child, performance.now() + (minutes * 60_000) / (checks + 1));
        edits.emptyOutside();
        await this.#compare(`part ${part} of ${checks + 1}`);
        tell(`${JSON.stringify(this.#backups)} gaps ${JSON.stringify(this.#gaps)} ${JSON.stringify(figuresOf(pid))}`);
      }
      const idleCpuSecondsPerHour = await this.#idle(pid);
      return {
        edits: edits.done,
        backups: this.#backups,
        gaps: this.#gaps,
        checks: this.#checks,
        differences: this.#differences,
        readyMs,
        atReady,
        atEnd: figuresOf(pid),
        idleCpuSecondsPerHour,
      };
    } finally {
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      const { stderr } = await ended;
      if (stderr.trim() !== "") tell(`it complained: ${stderr.slice(0, 2000)}`);
    }
  }

  #configure(): void {
    const path = join(this.#machine.data, "settings.json");
    const settings = JSON.parse(readFileSync(path, "utf8"));
    const schedules = [{ type: "Continuous", quietSeconds: this.#options.quietSeconds }];
    writeFileSync(path, JSON.stringify({ ...settings, roots: [this.#root], schedules }));
  }

  #listen(child: ChildProcess): void {
    if (!child.stdout) throw new Error("the agent says nothing");
    createInterface(child.stdout).on("line", (text) => {
      appendFileSync(this.#world.at("agent.log"), `${text}\n`);
      const line: LogLine = JSON.parse(text);
      if (line.event === "watch.ready") this.#isReady = true;
      if (line.event === "watch.gap") this.#gaps[line.reason ?? ""] = (this.#gaps[line.reason ?? ""] ?? 0) + 1;
      if (line.event === "backup.start") this.#begun++;
      if (line.event !== "backup.end") return;
      if (line.result === "success" || line.result === "incomplete") this.#lastSnapshot = line.snapshot ?? 0;
      if (line.result !== "success") this.#options.tell(text);
      if (line.looked === "changes") this.#backups.changes++;
      else if (line.looked === "everything") this.#backups.everything++;
      else this.#backups.failed++;
    });
  }

  /** Times of nothing, of somebody at work, of programs at work, and of storms; now and then the agent stands still meanwhile. */
  async #disturb(edits: RandomEdits, agent: ChildProcess, until: number): Promise<void> {
    const { quietSeconds, stormEdits, tell } = this.#options;
    const random = this.#random;
    const left = () => until - performance.now();
    while (left() > 0) {
      const kind = random.weighted({ quiet: 35, slow: 35, busy: 25, storm: 4, still: 4 });
      const forMs = Math.min(left(), random.integer(1, 3) * quietSeconds * 1000);
      if (kind === "quiet") await sleep(Math.max(0, forMs));
      else if (kind === "storm") edits.storm(stormEdits);
      else if (kind === "still") {
        agent.kill("SIGSTOP");
        edits.storm(stormEdits);
        agent.kill("SIGCONT");
      } else await this.#editFor(edits, forMs, kind === "slow" ? 3 : 300);
      if (kind === "storm" || kind === "still") tell(`${kind}: ${stormEdits} edits at once`);
    }
  }

  async #editFor(edits: RandomEdits, ms: number, aSecond: number): Promise<void> {
    const startedAt = performance.now();
    for (let done = 0; performance.now() - startedAt < ms; ) {
      const due = ((performance.now() - startedAt) / 1000) * aSecond;
      for (; done < due; done++) edits.edit();
      await sleep(Math.max(20, 1000 / aSecond));
    }
  }

  /** The agent knows of no change, runs nothing, and will start nothing. */
  async #settled(): Promise<void> {
    let seen = -1;
    await this.#until(async () => {
      const { answer } = await this.#machine.json("status");
      const { state, watching, last, next } = answer.agent ?? {};
      const isIdle =
        state === "idle" && watching?.changes === 0 && last !== undefined && next?.sense === "at-the-latest";
      const isSame = isIdle && seen === this.#begun;
      seen = isIdle ? this.#begun : -1;
      // Twice in a row, so that events on their way have come.
      return isSame;
    }, "the agent has nothing to do");
  }

  async #compare(what: string): Promise<void> {
    const { tell } = this.#options;
    await this.#settled();
    const sequence = this.#lastSnapshot;
    const target = this.#world.at("restored");
    const wanted = [{ sequence, source: this.#root, target }];
    let found: readonly string[] = ["nothing was restored"];
    await restoreSnapshots(this.#world.service, this.#machine.id, wanted, (_, { folder, problems }) => {
      found = [...problems, ...treeDifferences(this.#root, folder)];
    });
    removeFolder(target);
    this.#checks++;
    this.#differences.push(...found.map((line) => `${what}, snapshot ${sequence}: ${line}`));
    tell(`${what}: snapshot ${sequence} and the disk differ in ${found.length} ${found.slice(0, 20).join("; ")}`);
  }

  async #idle(pid: number): Promise<number | undefined> {
    const { idleMinutes } = this.#options;
    if (idleMinutes === 0) return undefined;
    const before = figuresOf(pid).cpuSeconds;
    await sleep(idleMinutes * 60_000);
    return ((figuresOf(pid).cpuSeconds - before) * 60) / idleMinutes;
  }

  async #until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const giveUpAt = performance.now() + 20 * 60_000;
    while (!(await isSo())) {
      if (performance.now() > giveUpAt) throw new Error(`after 20 minutes it is not so that ${what}`);
      await sleep(500);
    }
  }
}
