/** What is measured: one way of keeping a repository, as command lines. */
import type { CommandLine } from "../measure/run-command.ts";
import type { Service } from "../measure/service.ts";

export interface Tool {
  readonly name: string;
  /** For people: program, version and what is not its default. */
  readonly about: string;
  /** Makes an empty repository (and starts what serves it) in an empty folder. */
  open(workFolder: string): Promise<Repository>;
}

/** Tools that can't be measured here, and why. */
export interface Absent {
  readonly name: string;
  readonly reason: string;
}

export interface Repository extends AsyncDisposable {
  readonly service?: Service;
  backup(source: string, name: string): CommandLine;
  /** Looks only at the paths in a file, one a line; for tools that can be told what has changed. */
  backupKnown?(source: string, name: string, pathsFile: string): CommandLine;
  list(): CommandLine;
  /** `path` is relative to `source`; without it everything comes back. */
  restore(options: { source: string; name: string; path?: string; target: string }): CommandLine;
  /** Reads and checks all data. */
  verify(): CommandLine;
  /** Where the source's content is below `target` after a restore. */
  restored(source: string, target: string): string;
  storedBytes(): number;
  /** What went through a pipe, as the tool's standard error tells. */
  sentBytes?(complaints: string): number | undefined;
  /** Told what a backup printed, for tools that name their snapshots themselves. */
  backedUp?(name: string, output: string): void;
}
