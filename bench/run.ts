/** `npm run bench`: Holdfast beside its peers, on the same trees, with the same accounting. See bench/README.md. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { emptyTree } from "./measure/empty-tree.ts";
import { machineFacts } from "./measure/machine.ts";
import { type OwnNetwork, withOwnNetwork } from "./measure/own-network.ts";
import { type BenchOptions, parseOptions } from "./options.ts";
import { runPass } from "./pass.ts";
import { markdownReport, textReport } from "./report/report.ts";
import {
  type Failure,
  OPERATION_NAMES,
  OPERATIONS,
  type Results,
  type Sample,
  type WorkloadFacts,
} from "./report/results.ts";
import { SourceTree } from "./source-tree.ts";
import { findTools, TOOL_NAMES } from "./tools/find-tools.ts";
import { WORKLOADS } from "./workloads/all.ts";

const program = new Command("bench")
  .description("Measures Holdfast and its peers on generated trees: time, CPU, memory, bytes stored and sent.")
  .option("--quick", "small trees, one run, the main tools: about a minute")
  .option("--scale <factor>", "multiplies counts and sizes of the trees (default: 0.1)")
  .option("--only <workloads>", `of ${WORKLOADS.map(({ name }) => name).join(",")}`)
  .option("--tools <tools>", `of ${TOOL_NAMES.join(",")}`)
  .option("--runs <count>", "each tool so many times, in turn (default: 3)")
  .option("--seed <number>", "another seed makes other trees (default: 1)")
  .option("--work <folder>", "where trees and repositories are made; emptied afterwards (default: the system's)")
  .option("--operations <operations>", `of ${OPERATION_NAMES.join(",")}; the first backup is always made`)
  .option("--summary <what>", "all, or targets: only what is asked of Holdfast, reached or not (default: all)")
  .option("--json <file>", "every sample, and what it was measured on")
  .option("--markdown <file>", "the report as Markdown")
  .option("--no-own-network", "count the bytes of the machine's own loopback, whoever sends them")
  .option("--no-build", "measure the dist/ there is")
  .parse();

const options = parseOptions(program.opts());
process.exitCode = await withOwnNetwork(options.ownNetwork, (network) => bench(options, network));

/** Gives the exit code. */
async function bench(options: BenchOptions, network: OwnNetwork): Promise<number> {
  const workFolder = mkdtempSync(join(resolve(options.work ?? tmpdir()), "holdfast-bench-"));
  const clean = (): void => rmSync(workFolder, { recursive: true, force: true });
  process.once("SIGINT", () => {
    clean();
    process.exit(130);
  });
  try {
    const results = await measureAll(options, network, workFolder);
    console.log(textReport(results, options.summary));
    if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 1)}\n`);
    if (options.markdown) writeFileSync(options.markdown, markdownReport(results, options.summary));
    const wrong = results.failures.length + results.samples.filter((each) => each.differences?.length).length;
    return wrong === 0 ? 0 : 1;
  } finally {
    clean();
  }
}

async function measureAll(options: BenchOptions, network: OwnNetwork, workFolder: string): Promise<Results> {
  const { tools, absent } = await findTools(options);
  for (const { name, reason } of absent) say(`left out: ${name} (${reason})`);
  const workloads: WorkloadFacts[] = [];
  const samples: Sample[] = [];
  const failures: Failure[] = [];
  for (const workload of WORKLOADS.filter(({ name }) => options.only.has(name))) {
    say(`${workload.name}: making the tree`);
    const tree = new SourceTree(workload, options, workFolder);
    const { about, percent, name } = workload;
    workloads.push({ name, about, percent, files: tree.files.length, bytes: tree.bytes });
    for (let run = 1; run <= options.runs; run++)
      for (const tool of tools) {
        const onSample = (sample: Sample): void => {
          samples.push(sample);
          tell(sample);
        };
        const passFolder = join(workFolder, `${name}-${tool.name}-${run}`);
        const { operations } = options;
        const pass = { tool, tree, workFolder: passFolder, run, compare: run === 1, operations, onSample };
        await runPass(pass).catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          say(`${tool.name} failed: ${reason}`);
          failures.push({ workload: name, tool: tool.name, run, reason });
        });
      }
    emptyTree(tree.folder);
  }
  const at = new Date().toISOString();
  const flags = process.argv.slice(2);
  const described = tools.map(({ name, about }) => ({ name, about }));
  const machine = machineFacts(network);
  return { at, machine, flags, tools: described, absent, workloads, samples, failures };
}

function tell({ workload, tool, run, operation, wallSeconds, cpuSeconds, differences }: Sample): void {
  const different = differences?.length ? `, ${differences.length} DIFFERENCES, such as ${differences[0]}` : "";
  const times = `${wallSeconds.toFixed(2)} s, CPU ${cpuSeconds.toFixed(2)} s`;
  say(`${workload} ${run} ${tool.padEnd(12)} ${OPERATIONS[operation].padEnd(26)} ${times}${different}`);
}

function say(line: string): void {
  console.error(line);
}
