/** `npm run bench:memory`: how the memory of agent and service grows with the number of files. See bench/README.md. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { emptyTree } from "./measure/empty-tree.ts";
import { machineFacts } from "./measure/machine.ts";
import { type OwnNetwork, withOwnNetwork } from "./measure/own-network.ts";
import { parseNames } from "./options.ts";
import { runPass } from "./pass.ts";
import { growthTables } from "./report/growth.ts";
import { textTable } from "./report/layout.ts";
import { OPERATION_NAMES, OPERATIONS, type Sample } from "./report/results.ts";
import { SourceTree } from "./source-tree.ts";
import { findTools, TOOL_NAMES } from "./tools/find-tools.ts";
import { manyFiles } from "./workloads/many-files.ts";

const SIZES = "10000,100000,1000000";
const OPERATIONS_MEASURED = ["first", "unchanged", "ten", "ten-known", "list", "restore-all", "verify"];
/** Comparing more takes longer than everything else. */
const COMPARE_FILES_MAX = 100_000;

const program = new Command("bench:memory")
  .description("Measures the peak memory of Holdfast's agent and service over trees of many files.")
  .option("--sizes <counts>", "numbers of files", SIZES)
  .option("--operations <operations>", `of ${OPERATION_NAMES.join(",")}`)
  .option("--tools <tools>", `of ${TOOL_NAMES.join(",")} (default: holdfast)`)
  .option("--work <folder>", "where trees and repositories are made; removed afterwards", tmpdir())
  .option("--json <file>", "every sample, and what it was measured on")
  .option("--no-build", "measure the dist/ there is")
  .parse();

const given = program.opts<{
  readonly sizes: string;
  readonly operations?: string;
  readonly tools?: string;
  readonly work: string;
  readonly json?: string;
  readonly build: boolean;
}>();

process.exitCode = await withOwnNetwork(true, measureSizes);

async function measureSizes(network: OwnNetwork): Promise<number> {
  const sizes = given.sizes.split(",").map(parseCount);
  const operations = parseNames("--operations", given.operations, OPERATIONS_MEASURED, OPERATION_NAMES);
  const tools = parseNames("--tools", given.tools, ["holdfast"], TOOL_NAMES);
  const found = await findTools({ tools, build: given.build });
  for (const { name, reason } of found.absent) console.error(`left out: ${name} (${reason})`);
  const workFolder = mkdtempSync(join(resolve(given.work), "holdfast-bench-"));
  const samples: Sample[] = [];
  try {
    for (const size of sizes) {
      const workload = manyFiles(size);
      console.error(`${workload.name}: making the tree`);
      const tree = new SourceTree(workload, { seed: 1, scale: 1 }, workFolder);
      const compare = size <= COMPARE_FILES_MAX;
      for (const tool of found.tools) {
        const onSample = (sample: Sample): void => {
          samples.push(sample);
          tell(sample);
        };
        const passFolder = join(workFolder, `${size}-${tool.name}`);
        await runPass({ tool, tree, workFolder: passFolder, run: 1, operations, compare, onSample });
      }
      emptyTree(tree.folder);
    }
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
  const machine = machineFacts(network);
  console.log(`${Object.values(machine).join(", ")}\n`);
  for (const { name } of found.tools)
    for (const rows of growthTables(
      samples.filter(({ tool }) => tool === name),
      name,
    ))
      console.log(textTable(rows));
  if (given.json)
    writeFileSync(given.json, `${JSON.stringify({ at: new Date().toISOString(), machine, samples }, null, 1)}\n`);
  return samples.some(({ differences }) => differences?.length) ? 1 : 0;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 100) throw new Error(`--sizes ${text}: whole numbers from 100 on`);
  return count;
}

function tell({ workload, tool, operation, wallSeconds, agentPeakBytes, servicePeakBytes, differences }: Sample): void {
  const peaks = [agentPeakBytes, servicePeakBytes ?? 0].map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`);
  const wrong = differences?.length ? `, ${differences.length} DIFFERENCES, such as ${differences[0]}` : "";
  console.error(
    `${workload}, ${tool}: ${OPERATIONS[operation]} ${wallSeconds.toFixed(2)} s, ${peaks.join(" + ")}${wrong}`,
  );
}
