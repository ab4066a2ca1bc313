/**
 * `node bench/watch.ts`: what watching costs: time until all is watched, memory, watches, processor time while nothing changes and for changes. Each
 * measurement has a process of its own, and the tree is made of empty files. See docs/benchmarks.md.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Command, Option } from "commander";
import type { Watcher } from "../agent/watch/messages.ts";
import { watch } from "../agent/watch/watch.ts";
import { systemClock } from "../base/clock.ts";
import { figuresOf } from "../test/long/process-figures.ts";

const FILES_IN_FOLDER = 18;
const FOLDERS_IN_FOLDER = 50;
const CHANGES = 1_000;

const given = new Command("bench:watch")
  .option("--sizes <counts>", "numbers of files", "20000,100000,500000")
  .option("--watchers <names>", "folders, chokidar", "folders,chokidar")
  .option("--idle-minutes <minutes>", "how long nothing changes", "2")
  .option("--work <folder>", "where trees are made; removed afterwards", tmpdir())
  .addOption(new Option("--measure <watcher>").hideHelp())
  .addOption(new Option("--tree <folder>").hideHelp())
  .parse()
  .opts<{
    sizes: string;
    watchers: string;
    idleMinutes: string;
    work: string;
    measure?: Watcher;
    tree?: string;
  }>();

const nameOf = (file: number): string => {
  const folder = Math.floor(file / FILES_IN_FOLDER);
  const above = Math.floor(folder / FOLDERS_IN_FOLDER);
  return `${Math.floor(above / FOLDERS_IN_FOLDER)}/${above % FOLDERS_IN_FOLDER}/${folder % FOLDERS_IN_FOLDER}/file-${file % FILES_IN_FOLDER}`;
};

function makeTree(top: string, files: number): void {
  for (let file = 0; file < files; file++) {
    const path = join(top, nameOf(file));
    if (file % FILES_IN_FOLDER === 0) mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "");
  }
}

/** In a process of its own: one line of JSON. */
async function measure(watcher: Watcher, tree: string, files: number): Promise<void> {
  const before = figuresOf(process.pid);
  const startedAt = performance.now();
  let told = 0;
  await using watching = watch({
    roots: [tree],
    isLeftOut: () => false,
    onChange: () => told++,
    onGap: (gap) => console.error(JSON.stringify(gap)),
    clock: systemClock,
    watcher,
  });
  await watching.ready;
  const readyMs = performance.now() - startedAt;
  await sleep(3_000);
  const ready = figuresOf(process.pid);
  const idleMinutes = Number(given.idleMinutes);
  await sleep(idleMinutes * 60_000);
  const idle = figuresOf(process.pid);
  for (let n = 0; n < CHANGES; n++) {
    appendFileSync(join(tree, nameOf((n * 17) % files)), "x");
    if (n % 10 === 0) await sleep(10);
  }
  await sleep(1_000);
  const changed = figuresOf(process.pid);
  console.log(
    JSON.stringify({
      watcher,
      folders: watching.folders,
      watches: ready.watches,
      readyMs: Math.round(readyMs),
      readyCpuMs: Math.round((ready.cpuSeconds - before.cpuSeconds) * 1000),
      rssMb: ready.rssMb - before.rssMb,
      peakMb: ready.peakMb - before.rssMb,
      files: ready.files - before.files,
      idleCpuSecondsPerHour: ((idle.cpuSeconds - ready.cpuSeconds) * 60) / idleMinutes,
      changesCpuMs: Math.round((changed.cpuSeconds - idle.cpuSeconds) * 1000),
      told,
    }),
  );
}

function compare(): void {
  const work = mkdtempSync(join(given.work, "holdfast-watch-"));
  try {
    for (const size of given.sizes.split(",")) {
      const tree = join(work, size);
      makeTree(tree, Number(size));
      for (const watcher of given.watchers.split(",")) {
        const words = ["--measure", watcher, "--sizes", size, "--tree", tree, "--idle-minutes", given.idleMinutes];
        const program = fileURLToPath(import.meta.url);
        const flags = ["--disable-warning=ExperimentalWarning"];
        const { stdout, stderr } = spawnSync(process.execPath, [...flags, program, ...words], { encoding: "utf8" });
        console.log(`${size} files: ${stdout.trim()}${stderr.trim()}`);
      }
      rmSync(tree, { recursive: true });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (given.measure && given.tree) await measure(given.measure, given.tree, Number(given.sizes));
else compare();
