/**
 * `npm run bench:over-time`: many incremental backups of one tree, round by round: what a backup costs, what a restore of now and of an
 * earlier date fetches, how large the local state and the service's database are. What it restores it compares. See bench/README.md.
 */
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { backup } from "../agent/index.ts";
import { openSqlite } from "../base/sqlite.ts";
import { treeDifferences } from "../test/support/same-tree.ts";
import { type Machine, makeWorld } from "../test/support/world.ts";
import { type SeededRandom, seededRandom } from "./workloads/seeded-random.ts";

const program = new Command("bench:over-time")
  .description("Measures whether backups and restores stay as cheap as they were over many rounds of changes.")
  .option("--rounds <count>", "incremental backups", "500")
  .option("--files <count>", "files of the tree", "20000")
  .option("--seed <number>", "of the tree and of all changes", "1")
  .option("--every <count>", "rounds from one look at restores and sizes to the next", "25")
  .option("--work <folder>", "where everything is made; removed afterwards", tmpdir())
  .option("--json <file>", "every round's figures")
  .parse();
const given = program.opts<{
  rounds: string;
  files: string;
  seed: string;
  every: string;
  work: string;
  json?: string;
}>();
const [ROUNDS, FILES, EVERY] = [given.rounds, given.files, given.every].map(Number) as [number, number, number];
const FOLDER_FILES = 50;
/** Of the files, each round. */
const CHANGED_SHARE = 0.005;

interface Round {
  readonly round: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly sentBytes: number;
  /** What the changed and new files hold. */
  readonly changedBytes: number;
}

interface Look {
  readonly round: number;
  readonly stateBytes: number;
  readonly serviceRowsBytes: number;
  readonly now: Restored;
  readonly early: Restored;
}

interface Restored {
  readonly ms: number;
  readonly fetchedBytes: number;
  readonly bytes: number;
}

/** A tree of small files, and some of a megabyte; half of what they hold is text. */
class Tree {
  readonly #folder: string;
  readonly #random: SeededRandom;
  readonly #names: string[] = [];
  #made = 0;
  changedBytes = 0;

  constructor(folder: string, random: SeededRandom) {
    this.#folder = folder;
    this.#random = random;
    for (let file = 0; file < FILES; file++) this.#add();
  }

  /** Changes, new files, deletions, renames, and now and then a folder that moves. */
  change(): void {
    this.changedBytes = 0;
    const count = Math.max(4, Math.round(FILES * CHANGED_SHARE));
    for (let each = 0; each < count; each++) {
      const index = this.#random.integer(0, this.#names.length - 1);
      const name = this.#names[index] ?? "";
      const kind = this.#random.number();
      if (kind < 0.7) this.#write(name);
      else if (kind < 0.8) this.#add();
      else if (kind < 0.9) {
        rmSync(join(this.#folder, name));
        this.#names[index] = this.#names.at(-1) ?? "";
        this.#names.pop();
      } else {
        const renamed = `${name}-${++this.#made}`;
        renameSync(join(this.#folder, name), join(this.#folder, renamed));
        this.#names[index] = renamed;
      }
    }
    if (this.#random.number() < 0.1) this.#moveFolder();
  }

  #moveFolder(): void {
    const from = (this.#names[this.#random.integer(0, this.#names.length - 1)] ?? "").split("/")[0] ?? "";
    const to = `moved-${++this.#made}`;
    renameSync(join(this.#folder, from), join(this.#folder, to));
    for (const [index, name] of this.#names.entries())
      if (name.startsWith(`${from}/`)) this.#names[index] = to + name.slice(from.length);
  }

  #add(): void {
    const name = `folder-${Math.floor(this.#made / FOLDER_FILES)}/file-${this.#made++}`;
    mkdirSync(join(this.#folder, name, ".."), { recursive: true });
    this.#names.push(name);
    this.#write(name);
  }

  #write(name: string): void {
    const size =
      this.#random.number() < 0.002 ? this.#random.integer(300_000, 1_000_000) : this.#random.integer(200, 6000);
    const half = this.#random.bytes(size >> 1);
    writeFileSync(join(this.#folder, name), Buffer.concat([half, Buffer.from(half.toString("hex"))]).subarray(0, size));
    this.changedBytes += size;
  }
}

async function run(work: string): Promise<void> {
  const [source, target, kept] = ["tree", "target", "kept"].map((name) => join(work, name)) as [string, string, string];
  const world = await makeWorld();
  const rounds: Round[] = [];
  const looks: Look[] = [];
  try {
    const machine = await world.machine("over-time");
    mkdirSync(source);
    const tree = new Tree(source, seededRandom("over-time", given.seed));
    for (let round = 0; round <= ROUNDS; round++) {
      if (round > 0) tree.change();
      rounds.push({ round, ...(await backUp(machine, source)), changedBytes: tree.changedBytes });
      // A date that gets older and older.
      if (round === EVERY) cpSync(source, kept, { recursive: true, preserveTimestamps: true });
      if (round === 0 || round % EVERY !== 0) continue;
      const now = await restore(machine, { snapshot: round + 1, source, expected: source, target });
      const early = await restore(machine, { snapshot: EVERY + 1, source, expected: kept, target });
      const look: Look = {
        round,
        stateBytes: databaseBytes(join(machine.data, "state.db")),
        serviceRowsBytes: databaseBytes(join(world.service.data, "holdfast.db")),
        now,
        early,
      };
      looks.push(look);
      tell(look, rounds.slice(-EVERY));
    }
    if (given.json) writeFileSync(given.json, JSON.stringify({ given, rounds, looks }, undefined, 1));
  } finally {
    await world.remove();
  }
}

async function backUp(machine: Machine, source: string): Promise<Omit<Round, "round" | "changedBytes">> {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const report = await backup({ dataFolder: machine.data, roots: [source], excludes: [], type: "Scheduled" });
  if (report.result !== "success") throw new Error(`a backup is incomplete: ${JSON.stringify(report.problems)}`);
  const { user, system } = process.cpuUsage(cpu);
  return {
    wallMs: performance.now() - startMs,
    cpuMs: (user + system) / 1000,
    sentBytes: report.counters.bytesTransferred,
  };
}

interface RestoreOptions {
  readonly snapshot: number;
  readonly source: string;
  readonly expected: string;
  readonly target: string;
}

async function restore(machine: Machine, { snapshot, source, expected, target }: RestoreOptions): Promise<Restored> {
  const { code, answer } = await machine.json("restore", "--at", String(snapshot), "--to", target);
  if (code !== 0) throw new Error(`restore of ${snapshot}: ${JSON.stringify(answer)}`);
  const differences = treeDifferences(expected, join(target, source), { root: false, times: false });
  if (differences.length > 0) throw new Error(`snapshot ${snapshot} differs: ${differences.slice(0, 5).join("; ")}`);
  rmSync(target, { recursive: true });
  return { ms: answer.durationMs, fetchedBytes: answer.bytesFetched, bytes: answer.bytes };
}

/** Of what is used in the file: it doesn't shrink when rows go. */
function databaseBytes(path: string): number {
  statSync(path);
  using db = openSqlite(path, { durability: "normal" });
  const value = (name: string) => Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  return (value("page_count") - value("freelist_count")) * value("page_size");
}

function tell({ round, stateBytes, serviceRowsBytes, now, early }: Look, last: readonly Round[]): void {
  const mean = (value: (each: Round) => number) => last.reduce((sum, each) => sum + value(each), 0) / last.length;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);
  const told = ({ ms, fetchedBytes, bytes }: Restored) =>
    `${(ms / 1000).toFixed(1)} s for ${megabytes(bytes)} MB, fetched ${(fetchedBytes / bytes).toFixed(2)} of it`;
  process.stdout.write(
    `round ${round}: backup ${mean(({ wallMs }) => wallMs).toFixed(0)} ms, CPU ${mean(({ cpuMs }) => cpuMs).toFixed(0)} ms, ` +
      `sent ${megabytes(mean(({ sentBytes }) => sentBytes))} MB for ${megabytes(mean(({ changedBytes }) => changedBytes))} MB changed; ` +
      `state ${megabytes(stateBytes)} MB, service's rows ${megabytes(serviceRowsBytes)} MB; ` +
      `restore of now ${told(now)}; of round ${EVERY} ${told(early)}\n`,
  );
}

const work = mkdtempSync(join(resolve(given.work), "holdfast-over-time-"));
try {
  await run(work);
} finally {
  rmSync(work, { recursive: true, force: true });
}
