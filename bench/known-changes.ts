/**
 * `npm run bench:known`: what a backup of known changes costs, inside one process, from the start of `backup()` to its return, with a
 * service that makes everything durable. See bench/README.md.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import type { OwnBackupOptions } from "../agent/index.ts";
import { makeWorld } from "../test/support/world.ts";

const FILES_IN_FOLDER = 100;
const FOLDERS_IN_FOLDER = 100;

const program = new Command("bench:known")
  .description("Measures backups of known changes over trees of many small files.")
  .option("--sizes <counts>", "numbers of files", "10000,100000,1000000")
  .option("--changes <count>", "files that change each time", "10")
  .option("--rounds <count>", "backups of known changes; the first one is left out of the median", "8")
  .option("--work <folder>", "where trees are made; removed afterwards", tmpdir())
  .option("--tree <folder>", "made there and left there; used again when it is there already")
  .option("--code <folder>", "measure this build instead of the sources", "")
  .parse();
const given = program.opts<{
  sizes: string;
  changes: string;
  rounds: string;
  work: string;
  tree?: string;
  code: string;
}>();

const door = given.code
  ? join(resolve(given.code), "agent/index.js")
  : new URL("../agent/index.ts", import.meta.url).pathname;
// Either is this project's agent.
const { backup } = (await import(door)) as typeof import("../agent/index.ts");

const nameOf = (file: number): string => {
  const folder = Math.floor(file / FILES_IN_FOLDER);
  return `${Math.floor(folder / FOLDERS_IN_FOLDER)}/${folder % FOLDERS_IN_FOLDER}/file-${file % FILES_IN_FOLDER}.txt`;
};

/** One file in eight has some content, the others are empty: this measures the catalog. */
function makeTree(top: string, files: number): void {
  for (let file = 0; file < files; file++) {
    const path = join(top, nameOf(file));
    if (file % FILES_IN_FOLDER === 0) mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, file % 8 === 0 ? `content of file ${file}\n` : "");
  }
}

interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Of the main thread alone. */
  readonly mainCpuMs: number;
  readonly sentBytes: number;
  readonly isPartial: boolean | undefined;
}

async function measured(options: OwnBackupOptions): Promise<Measured> {
  const cpu = process.cpuUsage();
  const main = process.threadCpuUsage();
  const start = process.hrtime.bigint();
  const report = await backup(options);
  const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
  const { user, system } = process.cpuUsage(cpu);
  const thread = process.threadCpuUsage(main);
  const mainCpuMs = (thread.user + thread.system) / 1000;
  const { counters, isPartial } = report;
  return { wallMs, mainCpuMs, cpuMs: (user + system) / 1000, sentBytes: counters.bytesTransferred, isPartial };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function measureSize(files: number, work: string): Promise<void> {
  const top = given.tree ? join(resolve(given.tree), String(files)) : join(work, "tree");
  mkdirSync(top, { recursive: true });
  if (readdirSync(top).length === 0) makeTree(top, files);
  const world = await makeWorld();
  try {
    const { data: dataFolder } = await world.machine("known");
    const options: OwnBackupOptions = { dataFolder, roots: [top], excludes: [], type: "Manual" };
    const tell = (what: string, { wallMs, cpuMs, mainCpuMs, sentBytes, isPartial }: Measured): void => {
      const memory = (process.resourceUsage().maxRSS / 1024).toFixed(0);
      say(
        `${files} files, ${what}: ${wallMs.toFixed(0)} ms, CPU of the agent ${cpuMs.toFixed(0)} ms (${mainCpuMs.toFixed(0)} its main thread), ` +
          `sent ${megabytes(sentBytes)} MB${isPartial ? "" : " (all looked at)"}, peak so far ${memory} MiB`,
      );
    };
    tell("first", await measured(options));
    tell("nothing changed", await measured(options));
    tell("nothing changed", await measured(options));
    const rounds: Measured[] = [];
    for (let round = 0; round < Number(given.rounds); round++) {
      const changed = Array.from({ length: Number(given.changes) }, (_, index) => {
        const file = (index * 2_654_435_761 + round * 97_003) % files;
        writeFileSync(join(top, nameOf(file)), `round ${round}, ${index}, ${process.hrtime.bigint()}\n`);
        return { path: join(top, nameOf(file)), isDeep: false };
      });
      rounds.push(await measured({ ...options, changed }));
      const last = rounds.at(-1);
      if (last) tell(`${given.changes} known changes`, last);
    }
    const rest = rounds.slice(1);
    say(
      `${files} files, median of ${rest.length}: ${median(rest.map(({ wallMs }) => wallMs)).toFixed(0)} ms, ` +
        `CPU ${median(rest.map(({ cpuMs }) => cpuMs)).toFixed(0)} ms (${median(rest.map(({ mainCpuMs }) => mainCpuMs)).toFixed(0)} the main thread); ` +
        `state ${megabytes(statSync(join(dataFolder, "state.db")).size)} MB`,
    );
  } finally {
    await world.remove();
  }
}

const work = mkdtempSync(join(resolve(given.work), "holdfast-known-"));
try {
  for (const size of given.sizes.split(",").map(Number)) {
    await measureSize(size, work);
    rmSync(join(work, "tree"), { recursive: true, force: true });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
