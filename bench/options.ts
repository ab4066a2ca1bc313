/** The command line of the benchmark, checked. */
import type { Summary } from "./report/report.ts";
import { OPERATION_NAMES } from "./report/results.ts";
import { TOOL_NAMES } from "./tools/find-tools.ts";
import { WORKLOADS } from "./workloads/all.ts";

export interface BenchOptions {
  readonly scale: number;
  readonly runs: number;
  readonly seed: number;
  readonly only: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
  readonly operations: ReadonlySet<string>;
  readonly summary: Summary;
  readonly build: boolean;
  readonly ownNetwork: boolean;
  readonly work: string | undefined;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
}

/** As commander gives them. */
export interface RawOptions {
  readonly quick?: boolean;
  readonly scale?: string;
  readonly runs?: string;
  readonly seed?: string;
  readonly only?: string;
  readonly tools?: string;
  readonly operations?: string;
  readonly summary?: string;
  readonly build?: boolean;
  readonly ownNetwork?: boolean;
  readonly work?: string;
  readonly json?: string;
  readonly markdown?: string;
}

/** What `--quick` means where nothing else is said. */
const QUICK = {
  scale: 0.03,
  runs: 1,
  only: ["documents", "small", "image"],
  tools: ["holdfast", "restic-rest", "borg-serve"],
};
const FULL = { scale: 0.1, runs: 3, only: WORKLOADS.map(({ name }) => name), tools: [...TOOL_NAMES] };

/** Throws with a sentence for people. */
export function parseOptions(raw: RawOptions): BenchOptions {
  const base = raw.quick ? QUICK : FULL;
  return {
    scale: parseNumber("--scale", raw.scale, base.scale),
    runs: Math.ceil(parseNumber("--runs", raw.runs, base.runs)),
    seed: Math.ceil(parseNumber("--seed", raw.seed, 1)),
    only: parseNames("--only", raw.only, base.only, FULL.only),
    tools: parseNames("--tools", raw.tools, base.tools, FULL.tools),
    operations: parseNames("--operations", raw.operations, OPERATION_NAMES, OPERATION_NAMES),
    summary: parseSummary(raw.summary),
    build: raw.build ?? true,
    ownNetwork: raw.ownNetwork ?? true,
    work: raw.work,
    json: raw.json,
    markdown: raw.markdown,
  };
}

function parseSummary(text = "all"): Summary {
  if (text === "all" || text === "targets") return text;
  throw new Error(`--summary ${text}: there are all, targets`);
}

function parseNumber(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new Error(`${option} ${text}: not a number above zero`);
  return value;
}

export function parseNames(
  option: string,
  text: string | undefined,
  otherwise: readonly string[],
  known: readonly string[],
): ReadonlySet<string> {
  const names = text === undefined ? otherwise : text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${option} ${unknown}: there are ${known.join(", ")}`);
  return new Set(names);
}
