/**
 * Kills the agent and the service, again and again, at moments that a seed picks, while a folder that changes is backed up. What must hold
 * after every kill: no acknowledged snapshot is lost or altered, each restores to exactly what was backed up, the next run ends well
 * and sends nothing again that was acknowledged, the quota equals what is stored, and nothing half-made stays.
 */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findLastReceipt } from "../../agent/last-receipt.ts";
import { type SeededRandom, seededRandom } from "../../bench/workloads/seeded-random.ts";
import { restoreSnapshots } from "../support/restore-snapshot.ts";
import type { Ran } from "../support/run-cli.ts";
import { type Machine, makeWorld, removeFolder, type World } from "../support/world.ts";
import { changeTree, makeChangingTree, manifestDifferences, manifestOf } from "./changing-tree.ts";
import { type StoredSnapshot, storageViolations, storedSnapshots } from "./check-storage.ts";
import { type KillMoment, momentComes, pickMoment, type UsualRun } from "./kill-moment.ts";

export type Victim = "agent" | "service";

export interface CampaignOptions {
  /** Of each victim. */
  readonly kills: number;
  readonly victims: readonly Victim[];
  readonly seed: number;
  /** After this no further kill begins; each victim is killed once at least. */
  readonly budgetMs: number;
  /** Every so many kills all snapshots are restored rather than a few. */
  readonly restoreAllEvery: number;
  readonly tell: (line: string) => void;
}

export interface CampaignResult {
  readonly kills: Readonly<Record<Victim, number>>;
  /** Kills that came after the run had ended. */
  readonly missed: number;
  readonly snapshots: number;
  readonly restored: number;
  /** Exit codes of runs whose service was killed under them. */
  readonly exits: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

const RUN_MS_MAX = 180_000;
const DOWN_MS_MAX = 900;

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const world = await makeWorld();
  try {
    const campaign = new Campaign(options, world, await world.machine("victim"));
    return await campaign.run();
  } finally {
    await world.remove();
  }
}

interface Expected extends StoredSnapshot {
  readonly manifest: ReadonlyMap<string, string>;
}

class Campaign {
  readonly #options: CampaignOptions;
  readonly #world: World;
  readonly #machine: Machine;
  readonly #folder: string;
  readonly #random: SeededRandom;
  readonly #violations: string[] = [];
  /** Every snapshot that the service has shown, by sequence. */
  readonly #known = new Map<number, Expected>();
  readonly #kills = { agent: 0, service: 0 };
  readonly #exits: Record<string, number> = {};
  #manifest: ReadonlyMap<string, string> = new Map();
  /** Of the last run that was killed. */
  #attempted: ReadonlyMap<string, string> = new Map();
  #usual: UsualRun = { durationMs: 0, packs: 0 };
  #missed = 0;
  #restored = 0;

  constructor(options: CampaignOptions, world: World, machine: Machine) {
    this.#options = options;
    this.#world = world;
    this.#machine = machine;
    this.#folder = world.at("files");
    this.#random = seededRandom("campaign", options.seed);
  }

  async run(): Promise<CampaignResult> {
    const { kills, victims, budgetMs, tell, restoreAllEvery } = this.#options;
    const until = performance.now() + budgetMs;
    makeChangingTree(this.#folder, this.#random);
    await this.#undisturbed();
    const plan = Array.from({ length: kills }, () => victims).flat();
    for (const [index, victim] of plan.entries()) {
      const isOver = performance.now() > until && index >= victims.length;
      if (isOver || this.#violations.length > 0) break;
      const moment = await this.#killed(victim);
      const before = this.#violations.length;
      await this.#undisturbed();
      const isAll = (index + 1) % restoreAllEvery === 0;
      await this.#restore(isAll ? [...this.#known.keys()] : this.#sample());
      tell(
        `${index + 1}/${plan.length} ${victim} ${JSON.stringify(moment)}: ${this.#violations.length - before} wrong`,
      );
    }
    await this.#restore([...this.#known.keys()]);
    this.#look(storageViolations(this.#world.service.data, { digests: true }), "at the end");
    return {
      kills: this.#kills,
      missed: this.#missed,
      snapshots: this.#known.size,
      restored: this.#restored,
      exits: this.#exits,
      violations: this.#violations,
    };
  }

  async #killed(victim: Victim): Promise<KillMoment> {
    const { service } = this.#world;
    this.#change();
    this.#attempted = this.#manifest;
    const moment = pickMoment(this.#random, this.#usual);
    const downMs = this.#random.integer(0, DOWN_MS_MAX);
    const running = this.#machine.start("backup", this.#folder, "--json");
    const over = new AbortController();
    void running.ended.then(() => over.abort());
    await momentComes(moment, service.data, over.signal);
    if (over.signal.aborted) this.#missed++;
    this.#kills[victim]++;
    if (victim === "agent") running.child.kill("SIGKILL");
    else {
      await service.kill();
      await sleep(downMs);
      await service.start();
    }
    const ran = await this.#ended(running.ended, () => running.child.kill("SIGKILL"));
    if (victim === "service") this.#exits[String(ran.code)] = (this.#exits[String(ran.code)] ?? 0) + 1;
    const isExpected = ran.code === 0 || (victim === "agent" ? ran.code === null : ran.code === 7);
    if (!isExpected) this.#violations.push(`after ${victim} ${JSON.stringify(moment)} exit ${ran.code}: ${ran.stderr}`);
    this.#learn(ran);
    return moment;
  }

  /** A run that nobody disturbs ends well, and afterwards everything is in order. */
  async #undisturbed(): Promise<void> {
    if (this.#random.number() < 0.5) this.#change();
    this.#manifest = manifestOf(this.#folder);
    const startedAt = performance.now();
    const running = this.#machine.start("backup", this.#folder, "--json");
    const ran = await this.#ended(running.ended, () => running.child.kill("SIGKILL"));
    if (ran.code !== 0) this.#violations.push(`the next run: exit ${ran.code}: ${ran.stderr}`);
    this.#usual = { durationMs: performance.now() - startedAt, packs: 3 };
    this.#learn(ran);
    this.#look(storageViolations(this.#world.service.data, { digests: false }), "after the next run");
    this.#look(agentLeftovers(this.#machine.data), "after the next run");
  }

  #change(): void {
    changeTree(this.#folder, this.#random);
    this.#manifest = manifestOf(this.#folder);
  }

  /** What was shown or confirmed before must still be there; what is new holds what the folder holds now. */
  #learn(ran: Ran): void {
    const reported = ran.code === 0 ? Number(JSON.parse(ran.stdout).snapshot) : undefined;
    const shown = new Map(storedSnapshots(this.#world.service.data).map((snapshot) => [snapshot.sequence, snapshot]));
    for (const { sequence, record } of this.#known.values())
      if (shown.get(sequence)?.record !== record) this.#violations.push(`snapshot ${sequence} is gone or another`);
    const receipt = findLastReceipt(this.#machine.data);
    if (receipt && shown.get(receipt.sequence)?.record !== receipt.record.toString("hex"))
      this.#violations.push(`the receipt of snapshot ${receipt.sequence} has no snapshot`);
    if (reported !== undefined && !shown.has(reported))
      this.#violations.push(`snapshot ${reported} was reported and is not there`);
    for (const [sequence, snapshot] of shown) {
      if (this.#known.has(sequence)) continue;
      // The service may have gone on with the commit of an agent that was dead by then.
      const isLate = reported !== undefined && sequence < reported;
      this.#known.set(sequence, { ...snapshot, manifest: isLate ? this.#attempted : this.#manifest });
    }
  }

  /** The two newest, the oldest, and one between. */
  #sample(): number[] {
    const all = [...this.#known.keys()];
    const picked = [
      ...all.slice(-2),
      ...all.slice(0, 1),
      ...all.slice(this.#random.integer(0, all.length - 1)).slice(0, 1),
    ];
    return [...new Set(picked)];
  }

  async #restore(sequences: readonly number[]): Promise<void> {
    const wanted = sequences.map((sequence) => ({
      sequence,
      source: this.#folder,
      target: this.#world.at(`restored-${sequence}`),
    }));
    for (const { target } of wanted) mkdirSync(target);
    await restoreSnapshots(this.#world.service, this.#machine.id, wanted, (sequence, { folder, result, problems }) => {
      const expected = this.#known.get(sequence)?.manifest ?? new Map();
      if (result !== "completed") this.#violations.push(`snapshot ${sequence}: ${problems.join("; ")}`);
      else
        this.#look(manifestDifferences(expected, manifestOf(folder)).slice(0, 5), `in restored snapshot ${sequence}`);
      this.#restored++;
      removeFolder(this.#world.at(`restored-${sequence}`));
    });
  }

  #look(violations: readonly string[], when: string): void {
    this.#violations.push(...violations.map((violation) => `${violation} (${when})`));
  }

  async #ended(ended: Promise<Ran>, kill: () => void): Promise<Ran> {
    const late = setTimeout(() => {
      this.#violations.push(`a run did not end within ${RUN_MS_MAX / 1000} s`);
      kill();
    }, RUN_MS_MAX);
    return await ended.finally(() => clearTimeout(late));
  }
}

const AGENT_FILES =
  /^(settings\.json|keys\.json|policy\.json|(state|pieces)\.db(-wal|-shm)?|backup\.lock|lock\.db(-wal|-shm)?)$/;

const agentLeftovers = (data: string): string[] =>
  readdirSync(data)
    .filter((name) => !AGENT_FILES.test(name))
    .map((name) => `left over: ${join(data, name)}`);
