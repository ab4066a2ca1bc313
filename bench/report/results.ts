/** What a benchmark found: plain data, as it is written to the JSON file. */
import type { Cost } from "../measure/measure.ts";
import type { Absent } from "../tools/tool.ts";

export const OPERATIONS = {
  first: "first backup",
  unchanged: "nothing changed",
  ten: "ten changed",
  "ten-known": "ten changed, known",
  percent: "1 % changed",
  list: "list snapshots",
  "restore-one": "restore one file",
  "restore-all": "restore all",
  "restore-old": "restore an earlier date",
  verify: "verify, reading all data",
} as const;

// Object.keys widens the names of a constant of ours.
export const OPERATION_NAMES = Object.keys(OPERATIONS) as Operation[];

export type Operation = keyof typeof OPERATIONS;

export interface Sample extends Cost {
  readonly workload: string;
  readonly tool: string;
  readonly operation: Operation;
  /** From 1. */
  readonly run: number;
  /** The repository afterwards. */
  readonly storedBytes: number;
  /** What the operation added to it. */
  readonly addedBytes: number;
  /** Restores of the first run only: how the restored tree differs from what was backed up. */
  readonly differences?: readonly string[];
}

export interface WorkloadFacts {
  readonly name: string;
  readonly about: string;
  readonly percent: string;
  readonly files: number;
  readonly bytes: number;
}

/** A pass that ended early; its samples up to then are kept. */
export interface Failure {
  readonly workload: string;
  readonly tool: string;
  readonly run: number;
  readonly reason: string;
}

export interface Results {
  readonly at: string;
  readonly machine: Readonly<Record<string, string>>;
  /** As they were given. */
  readonly flags: readonly string[];
  readonly tools: readonly { readonly name: string; readonly about: string }[];
  readonly absent: readonly Absent[];
  readonly workloads: readonly WorkloadFacts[];
  readonly samples: readonly Sample[];
  readonly failures: readonly Failure[];
}
