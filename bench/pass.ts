/** One pass: one tool, one workload, every operation in the order a user's life has. */
import { mkdirSync, writeFileSync } from "node:fs";
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
  /** Of the operations there are; the first backup is always made. */
  readonly operations: ReadonlySet<string>;
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
    await tree.settle();
    await operations(new Pass(options, repository), tree);
  } finally {
    tree.undoChanges();
    emptyTree(workFolder);
  }
}

async function operations(pass: Pass, tree: SourceTree): Promise<void> {
  await pass.backup("first");
  const atFirst = pass.wants("restore-old") ? pass.facts("first") : undefined;
  if (pass.wants("unchanged")) await pass.backup("unchanged");
  if (pass.wants("ten")) {
    tree.change("changeTen");
    await pass.backup("ten");
  }
  if (pass.wants("percent")) {
    tree.change("changePercent");
    await pass.backup("percent");
  }
  const last = pass.lastBackup;
  if (pass.wants("list")) await pass.list();
  if (pass.wants("restore-one") && tree.one !== undefined) await pass.restore("restore-one", last, { path: tree.one });
  if (pass.wants("restore-all")) await pass.restore("restore-all", last, { expected: pass.facts(last) });
  if (pass.wants("restore-old")) await pass.restore("restore-old", "first", { expected: atFirst });
  if (pass.wants("verify")) await pass.verify();
  // Last: no other tool makes this backup, and all must find the same tree.
  if (pass.wants("ten-known") && pass.canBeTold) await pass.backupKnown(tree.change("changeTen", 2));
}

class Pass {
  readonly #options: PassOptions;
  readonly #repository: Repository;
  #storedBytes: number;
  #lastBackup: Operation = "first";

  constructor(options: PassOptions, repository: Repository) {
    this.#options = options;
    this.#repository = repository;
    this.#storedBytes = repository.storedBytes();
  }

  wants(operation: Operation): boolean {
    return this.#options.operations.has(operation);
  }

  /** Whether the tool can be told what has changed. */
  get canBeTold(): boolean {
    return this.#repository.backupKnown !== undefined;
  }

  /** `paths`: relative to the tree. */
  async backupKnown(paths: readonly string[]): Promise<void> {
    const { tree, workFolder } = this.#options;
    const file = join(workFolder, "changed");
    writeFileSync(file, paths.map((path) => `${join(tree.folder, path)}\n`).join(""));
    const command = this.#repository.backupKnown?.(tree.folder, "ten-known", file);
    if (command) await this.#measure("ten-known", command);
  }

  /** Backups are named after the operations that made them. */
  get lastBackup(): Operation {
    return this.#lastBackup;
  }

  /** What a restore must bring back; undefined when nothing is compared. */
  facts(state: string): TreeFacts | undefined {
    return this.#options.compare ? this.#options.tree.facts(state) : undefined;
  }

  async backup(operation: Operation): Promise<void> {
    const output = await this.#measure(operation, this.#repository.backup(this.#options.tree.folder, operation));
    this.#repository.backedUp?.(operation, output);
    this.#lastBackup = operation;
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
    const { output, complaints, ...cost } = await measure(command, this.#repository.service);
    const before = this.#storedBytes;
    this.#storedBytes = this.#repository.storedBytes();
    onSample({
      workload: tree.workload.name,
      tool: tool.name,
      operation,
      run,
      ...cost,
      sentBytes: cost.sentBytes ?? this.#repository.sentBytes?.(complaints),
      storedBytes: this.#storedBytes,
      addedBytes: this.#storedBytes - before,
      ...(compare ? { differences: compare() } : {}),
    });
    return output;
  }
}
