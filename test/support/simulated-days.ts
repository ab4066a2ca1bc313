/**
 * Days of an agent at work, lived in seconds: a real service, the real agent and its engine on real files; only the clock that both go by is ours, and
 * what the machine says of its battery and network. Time goes on in small steps, and never while something is at work that does not wait for it.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as later, setImmediate } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { StatusView } from "../../agent/control/messages.ts";
import { AgentLog, type LogLine } from "../../agent/daemon/agent-log.ts";
import type { Daemon } from "../../agent/daemon/daemon.ts";
import type { WatchListener } from "../../agent/daemon/parts.ts";
import { changeSettings, type Settings } from "../../agent/index.ts";
import { makeDaemon } from "../../agent/own-daemon.ts";
import { NO_READINGS, type Readings } from "../../agent/sensors/readings.ts";
import type { SteeredClock } from "./steered-clock.ts";

/** Shorter than what the agent takes for a sleep. */
const STEP_MS = 90_000;
/** In so many turns of the loop nothing has moved: it waits for the clock. Turns, for on a busy machine, or while something blocks, they take longer. */
const STILL_TURNS = 200;

/** Path below the root → digest of its content. */
export type Tree = Readonly<Record<string, string>>;

/** At seven; Europe's clocks change on the Sunday after. Later than the disk's own time, so that no file seems to come from the future. */
export function mondayBeforeSummerTime(): number {
  const now = Date.now();
  for (let year = new Date(now).getUTCFullYear(); ; year++) {
    const lastSunday = 31 - new Date(Date.UTC(year, 2, 31)).getUTCDay();
    const monday = Date.UTC(year, 2, lastSunday - 6, 7);
    if (monday > now) return monday;
  }
}

export class SimulatedMachine {
  readonly clock: SteeredClock;
  /** How far the machine's own clock was set ahead, or back. */
  clockSetMs = 0;
  readonly dataFolder: string;
  readonly lines: LogLine[] = [];
  /** What was said to the person at the screen. */
  readonly told: string[] = [];
  readings: Readings = NO_READINGS;
  /** What each snapshot must hold. */
  readonly expected = new Map<number, Tree>();
  readonly #roots: readonly string[];
  readonly #timeZone: string;
  readonly #held = new Map<string, Tree>();
  #listener: WatchListener | undefined;
  #daemon: Daemon | undefined;
  #stop = new AbortController();
  #ended: Promise<void> | undefined;

  constructor(options: { clock: SteeredClock; dataFolder: string; roots: readonly string[]; timeZone: string }) {
    this.clock = options.clock;
    this.dataFolder = options.dataFolder;
    this.#roots = options.roots;
    this.#timeZone = options.timeZone;
    onTestFinished(async ({ task }) => {
      if (task.result?.state === "fail")
        console.error(
          this.lines
            .slice(-40)
            .map((line) => JSON.stringify(line))
            .join("\n"),
        );
      await this.kill();
    });
  }

  get daemon(): Daemon {
    if (!this.#daemon) throw new Error("the agent does not run");
    return this.#daemon;
  }

  get status(): StatusView {
    return this.daemon.status();
  }

  async start(): Promise<void> {
    const { dataFolder } = this;
    const steady = this.clock;
    const clock = { ...steady, now: () => steady.now() + this.clockSetMs };
    this.#stop = new AbortController();
    const log = new AgentLog({ dataFolder, clock, onLine: (line) => this.#noticed(line) });
    const options = { dataFolder, clock, timeZone: this.#timeZone, signal: this.#stop.signal, isWatching: true };
    this.#daemon = await makeDaemon(
      {
        ...options,
        environment: { PATH: process.env.PATH },
        machine: {
          readSensors: async () => this.readings,
          watch: (_, listener) => this.#watch(listener),
          steadyMs: () => steady.now(),
          notify: (title, text) => this.told.push(`${title}: ${text}`),
        },
      },
      log,
    );
    this.#ended = this.#daemon.run(this.#stop.signal).finally(() => log[Symbol.dispose]());
    await this.settle();
  }

  /** As a process that ends: what it does not write down by itself is gone. */
  async kill(): Promise<void> {
    this.#stop.abort();
    while (this.#daemon && !(await isOver(this.#ended))) this.clock.advance(1000);
    this.#daemon = undefined;
  }

  async settings(change: Partial<Settings>): Promise<void> {
    await changeSettings(this.dataFolder, change);
    this.#daemon?.reload();
    await this.settle();
  }

  /** Lives so long: with a look at what happens every minute and a half. */
  async live(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    while (this.clock.now() < until) {
      this.clock.advance(Math.min(STEP_MS, until - this.clock.now()));
      await this.settle();
    }
  }

  /** Until that hour of the day, by the wall clock of the machine's zone. */
  async liveUntil(time: string): Promise<void> {
    const now = Temporal.Instant.fromEpochMilliseconds(this.clock.now()).toZonedDateTimeISO(this.#timeZone);
    const today = now.withPlainTime(Temporal.PlainTime.from(time));
    const next = today.epochMilliseconds > this.clock.now() ? today : today.add({ days: 1 });
    await this.live(next.epochMilliseconds - this.clock.now());
  }

  /** Lid shut: nothing happens, and then it is later. */
  async sleep(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    this.#listener?.change({ path, isDeep: false });
  }

  remove(path: string): void {
    rmSync(path, { recursive: true });
    this.#listener?.change({ path, isDeep: true });
  }

  move(path: string, to: string): void {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(path, to);
    for (const each of [path, to]) this.#listener?.change({ path: each, isDeep: true });
  }

  /** A root that is not there: what the backup must go on to hold of it. */
  hold(root: string, tree: Tree | undefined): void {
    if (tree) this.#held.set(root, tree);
    else this.#held.delete(root);
  }

  tree(): Tree {
    return Object.assign({}, ...this.#roots.map((root) => this.#held.get(root) ?? treeBelow(root)));
  }

  /** Until the agent has nothing to do, or seems to wait for time to pass. */
  async settle(): Promise<void> {
    for (let still = 0, seen = ""; still < STILL_TURNS; await later(1)) {
      await setImmediate();
      if (!this.#daemon || this.#daemon.isAtRest) return;
      const { running } = this.#daemon.runner;
      const now = JSON.stringify([running?.phase, running?.bytesDone, running?.bytesSent, this.lines.length]);
      still = now === seen && !isAtFiles() ? still + 1 : 0;
      seen = now;
    }
  }

  /** Until no backup runs: files change only then, so that each snapshot is of a moment that is known. */
  async quiet(): Promise<void> {
    while (this.#daemon && !this.#daemon.isAtRest) {
      this.clock.advance(1000);
      await this.settle();
    }
  }

  #noticed(line: LogLine): void {
    this.lines.push(line);
    if (line.event === "backup.end" && typeof line.snapshot === "number" && line.to === "cloud")
      this.expected.set(line.snapshot, this.tree());
  }

  #watch(listener: WatchListener) {
    this.#listener = listener;
    return {
      folders: 1,
      isComplete: true,
      ready: Promise.resolve(),
      [Symbol.asyncDispose]: async () => {
        if (this.#listener === listener) this.#listener = undefined;
      },
    };
  }
}

/** What the snapshot's tree is compared with. */
export function treeBelow(root: string, as = root): Tree {
  return Object.fromEntries([...filesBelow(root)].map((path) => [as + path.slice(root.length), digestOf(path)]));
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** Waits for a disk, which may take its time. */
const isAtFiles = (): boolean => process.getActiveResourcesInfo().some((name) => name.startsWith("FSReq"));

const digestOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

async function isOver(ended: Promise<void> | undefined): Promise<boolean> {
  return await Promise.race([(ended ?? Promise.resolve()).then(() => true), later(5).then(() => false)]);
}
