/**
 * The main job on what this machine has installed, by hand: `node test/scenarios/real-tree.ts`. Copies 60,000 files and more to a temporary folder, backs
 * them up, changes ten, backs up again, restores both dates and lets rsync compare every byte and all metadata. Prints figures; exits with 1 on
 * any difference. Needs rsync and some gigabytes of room, and runs best as root.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { filesBelow } from "../support/try-keys.ts";
import { makeWorld, type World } from "../support/world.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "60000" },
    /** Repeatable; what is missing is left out. */
    source: {
      type: "string",
      multiple: true,
      default: ["/usr/share", "/usr/lib/python3", "/usr/include", "node_modules"],
    },
  },
});

interface Figure {
  readonly step: string;
  readonly seconds: number;
  readonly [detail: string]: string | number;
}

const world = await makeWorld();
try {
  process.exitCode = (await mainJob(world)) ? 0 : 1;
} finally {
  await world.remove();
}

async function mainJob({ at, machine: register }: World): Promise<boolean> {
  const folder = at("tree");
  const files = copySources(folder);
  console.log(`${files.length} files in ${folder}`);
  const machine = await register("real-tree");
  const timed = async (step: string, ...words: string[]) => {
    const startedAt = performance.now();
    const { code, answer } = await machine.json(...words);
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    if (code !== 0) throw new Error(`${step}: exit ${code}: ${JSON.stringify(answer).slice(0, 2000)}`);
    const { counters, filesRetrieved, bytes } = answer;
    const details = counters ?? { filesRetrieved, bytes };
    const figure: Figure = { step, seconds, ...details };
    console.log(JSON.stringify(figure));
  };

  await timed("first backup", "backup", folder);
  // A copy by the system's own tool stands for the first date.
  const kept = at("kept");
  run("rsync", "-aHAXS", `${folder}/`, `${kept}/`);
  for (const path of tenOf(files)) appendFileSync(path, "\nchanged\n");
  await timed("second backup", "backup");
  const dates = [
    { at: "#1", expected: kept },
    { at: "#2", expected: folder },
  ];
  let isSame = true;
  for (const date of dates) {
    const to = at(`back-${date.at}`);
    await timed(`restore ${date.at}`, "restore", "--at", date.at, "--to", to, "--numeric-owners");
    const differences = run("rsync", "-aHAXnci", "--delete", `${date.expected}/`, `${join(to, folder)}/`);
    console.log(`differences of ${date.at}: ${differences === "" ? "none" : `\n${differences}`}`);
    isSame &&= differences === "";
    rmSync(to, { recursive: true });
  }
  await timed("verify", "verify", "--read-data");
  return isSame;
}

/** Whole sources, one after the other and over again, until there are enough files. */
function copySources(folder: string): string[] {
  mkdirSync(folder);
  const sources = values.source.filter((source) => existsSync(source));
  for (let round = 1; ; round++) {
    for (const source of sources) {
      const to = join(folder, String(round), source.replaceAll("/", "_"));
      mkdirSync(to, { recursive: true });
      run("rsync", "-aHAXS", `${source}/`, `${to}/`);
      // Different content each time, so that nothing is saved by having it twice.
      if (round > 1) for (const path of filesBelow(to).slice(0, 5000)) appendFileSync(path, String(round));
      const files = filesBelow(folder);
      if (files.length >= Number(values.files)) return files;
    }
    if (readdirSync(folder).length === 0) throw new Error("there is nothing to copy");
  }
}

function tenOf(files: readonly string[]): string[] {
  return Array.from({ length: 10 }, (_, index) => files[Math.floor((index * files.length) / 10)] ?? "");
}

function run(command: string, ...words: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, words, { encoding: "utf8", maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`${command} ${words.join(" ")}: ${error?.message ?? stderr}`);
  return stdout;
}
