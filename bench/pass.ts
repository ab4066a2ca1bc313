/** One pass: one tool, one workload, every operation in the order a user's life has. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { emptyTree } from "./measure/empty-tree.ts";
import { measure } from "./measure/measure.ts";
import type { CommandLine } from "./measure/run-command.ts";
import type { Operation, Sample } from "./report/results.ts";
import type { SourceTree } from "./source-tree.ts";
import type { Repository, Tool } from "./tools/tool.ts";
import { describeTree, differences, type TreeFacts } from "./workloads/describe-tree.ts";

export interface PassOptions {
  readonly tool: Tool;
  readonly tree: SourceTree;
  /** Not there yet; afterwards only names are left in it. */
  readonly workFolder: string;
  readonly run: number;
  /** Compare restored trees with the source. */
  readonly compare: boolean;
  onSample(sample: Sample): void;
}

export async function runPass(options: PassOptions): Promise<void> {
  const { tool, tree, workFolder } = options;
  mkdirSync(workFolder, { recursive: true });
  try {
    tree.warm();
    await using repository = await tool.open(workFolder);
    await operations(new Pass(options, repository), tree);
  } finally {
    tree.undoChanges();
    emptyTree(workFolder);
  }
}

async function operations(pass: Pass, tree: SourceTree): Promise<void> {
  await pass.backup("first", "one");
  const atFirst = pass.facts("first");
  await pass.backup("unchanged", "two");
  tree.change("changeTen");
  await pass.backup("ten", "three");
  tree.change("changePercent");
  await pass.backup("percent", "four");
  const atLast = pass.facts("last");
  await pass.list();
  if (tree.one !== undefined) await pass.restore("restore-one", "four", { path: tree.one });
  await pass.restore("restore-all", "four", { expected: atLast });
  await pass.restore("restore-old", "one", { expected: atFirst });
  await pass.verify();
}

class Pass {
  readonly #options: PassOptions;
  readonly #repository: Repository;
  #storedBytes: number;

  constructor(options: PassOptions, repository: Repository) {
    this.#options = options;
    this.#repository = repository;
    this.#storedBytes = repository.storedBytes();
  }

  /** What a restore must bring back; undefined when nothing is compared. */
  facts(state: string): TreeFacts | undefined {
    return this.#options.compare ? this.#options.tree.facts(state) : undefined;
  }

  async backup(operation: Operation, name: string): Promise<void> {
    const output = await this.#measure(operation, this.#repository.backup(this.#options.tree.folder, name));
    this.#repository.backedUp?.(name, output);
  }

  async list(): Promise<void> {
    await this.#measure("list", this.#repository.list());
  }

  async verify(): Promise<void> {
    await this.#measure("verify", this.#repository.verify());
  }

  async restore(
    operation: Operation,
    name: string,
    { path, expected }: { path?: string; expected?: TreeFacts | undefined },
  ): Promise<void> {
    const { tree, workFolder } = this.#options;
    const target = join(workFolder, operation);
    mkdirSync(target);
    const source = tree.folder;
    const restored = this.#repository.restored(source, target);
    const compared = expected && (() => differences(expected, describeTree(restored)));
    const command = this.#repository.restore({ source, name, target, ...(path === undefined ? {} : { path }) });
    await this.#measure(operation, command, compared);
    emptyTree(target);
  }

  async #measure(operation: Operation, command: CommandLine, compare?: () => string[]): Promise<string> {
    const { tool, tree, run, onSample } = this.#options;
    const { output, ...cost } = await measure(command, this.#repository.service);
    const before = this.#storedBytes;
    this.#storedBytes = this.#repository.storedBytes();
    onSample({
      workload: tree.workload.name,
      tool: tool.name,
      operation,
      run,
      ...cost,
      storedBytes: this.#storedBytes,
      addedBytes: this.#storedBytes - before,
      ...(compare ? { differences: compare() } : {}),
    });
    return output;
  }
}
