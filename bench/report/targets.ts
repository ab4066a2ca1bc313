/** What is asked of Holdfast, as data, and how far a run is from it: one table a workload, to be read at a glance. */
import { REFERENCE } from "./figures.ts";
import { shownNumber } from "./layout.ts";
import { median } from "./median.ts";
import { OPERATION_NAMES, OPERATIONS, type Operation, type Results, type Sample } from "./results.ts";

/** Of the peers, those that speak to a service, too. */
const REST = "restic-rest";
const PIPE = "borg-serve";
const MIB = 2 ** 20;

type Asked = { readonly atLeast: number } | { readonly atMost: number } | { readonly below: number };

interface Column {
  readonly title: string;
  /** Undefined where something was not measured. */
  value(of: (tool: string) => Middle | undefined): number | undefined;
  /** Undefined where nothing is asked. */
  asked(operation: Operation, workload: string): Asked | undefined;
}

interface Middle {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly addedBytes: number;
  readonly agentPeakBytes: number;
  readonly servicePeakBytes: number | undefined;
}

const FIRST_AT_LEAST: Readonly<Record<string, number>> = { documents: 2.5, small: 3, real: 3, image: 2.5, media: 2 };
const FASTER_AT_LEAST: Readonly<Partial<Record<Operation, number>>> = {
  unchanged: 3,
  list: 3,
  "restore-one": 3,
  verify: 1.5,
};
const MANY_FILES = ["documents", "small"];
/** Of what restic stores again after scattered changes or insertions. */
const CHANGED_AT_MOST: Readonly<Record<string, number>> = { image: 25, dump: 50 };
const PEAK_MIB_MAX = 200;

const COLUMNS: readonly Column[] = [
  {
    title: "seconds",
    value: (of) => of(REFERENCE)?.wallSeconds,
    asked: () => undefined,
  },
  {
    title: `× ${REST}`,
    value: (of) => share(of(REST)?.wallSeconds, of(REFERENCE)?.wallSeconds),
    asked: (operation, workload) => {
      if (operation === "first") return atLeast(FIRST_AT_LEAST[workload]);
      if (operation === "restore-all") return atLeast(MANY_FILES.includes(workload) ? 2 : undefined);
      return atLeast(FASTER_AT_LEAST[operation]);
    },
  },
  {
    title: `× ${PIPE}`,
    value: (of) => share(of(PIPE)?.wallSeconds, of(REFERENCE)?.wallSeconds),
    asked: () => atLeast(1),
  },
  {
    title: `CPU, % of ${REST}`,
    value: (of) => percent(of(REFERENCE)?.cpuSeconds, of(REST)?.cpuSeconds),
    asked: (operation) => (operation === "first" ? { atMost: 45 } : undefined),
  },
  {
    title: `stored, % of ${REST}`,
    value: (of) => percent(of(REFERENCE)?.addedBytes, of(REST)?.addedBytes),
    asked: (operation, workload) => {
      if (operation === "first") return { atMost: 103 };
      const most = operation === "percent" ? CHANGED_AT_MOST[workload] : undefined;
      return most === undefined ? undefined : { atMost: most };
    },
  },
  {
    title: `stored, % of ${PIPE}`,
    value: (of) => percent(of(REFERENCE)?.addedBytes, of(PIPE)?.addedBytes),
    asked: (operation) => (operation === "first" ? { below: 100 } : undefined),
  },
  {
    title: "agent, MiB",
    value: (of) => mebibytes(of(REFERENCE)?.agentPeakBytes),
    asked: () => ({ atMost: PEAK_MIB_MAX }),
  },
  {
    title: "service, MiB",
    value: (of) => mebibytes(of(REFERENCE)?.servicePeakBytes),
    asked: () => ({ atMost: PEAK_MIB_MAX }),
  },
];

export interface TargetTable {
  /** Head first. */
  readonly rows: readonly (readonly string[])[];
  readonly reached: number;
  readonly missed: number;
}

export function targetTable(results: Results, workload: string): TargetTable {
  const tally = { reached: 0, missed: 0 };
  const rows = OPERATION_NAMES.flatMap((operation) => {
    const samples = results.samples.filter((each) => each.workload === workload && each.operation === operation);
    if (!samples.some(({ tool }) => tool === REFERENCE)) return [];
    const of = (tool: string) => middleOf(samples.filter((sample) => sample.tool === tool));
    const cells = COLUMNS.map(({ value, asked }) => {
      const found = value(of);
      const wanted = asked(operation, workload);
      if (found === undefined) return "–";
      if (wanted === undefined) return shownNumber(found);
      const isReached = meets(found, wanted);
      tally[isReached ? "reached" : "missed"]++;
      return `${shownNumber(found)} ${isReached ? "✓" : "✗"} ${shownAsked(wanted)}`;
    });
    return [[OPERATIONS[operation], ...cells]];
  });
  return { rows: [[workload, ...COLUMNS.map(({ title }) => title)], ...rows], ...tally };
}

/** The words under the tables. */
export function targetSummary(tables: readonly TargetTable[]): string {
  const sum = (what: "reached" | "missed") => tables.reduce((total, table) => total + table[what], 0);
  const reached = sum("reached");
  return [
    `${reached} of ${reached + sum("missed")} targets reached (✓; ✗ not reached; behind it what is asked; without a mark nothing is)`,
    "known changes may take 150 ms of work, without the start of a command: npm run bench:known",
  ].join("\n");
}

function middleOf(samples: readonly Sample[]): Middle | undefined {
  if (samples.length === 0) return undefined;
  const middle = (value: (sample: Sample) => number) => median(samples.map(value)) ?? 0;
  return {
    wallSeconds: middle(({ wallSeconds }) => wallSeconds),
    cpuSeconds: middle(({ cpuSeconds }) => cpuSeconds),
    addedBytes: middle(({ addedBytes }) => addedBytes),
    agentPeakBytes: middle(({ agentPeakBytes }) => agentPeakBytes),
    servicePeakBytes: median(samples.flatMap(({ servicePeakBytes }) => servicePeakBytes ?? [])),
  };
}

const atLeast = (bound: number | undefined): Asked | undefined =>
  bound === undefined ? undefined : { atLeast: bound };

const share = (of: number | undefined, by: number | undefined): number | undefined =>
  of !== undefined && by !== undefined && by > 0 ? of / by : undefined;
/** Shares of next to nothing say nothing. */
const percent = (of: number | undefined, by: number | undefined): number | undefined =>
  by !== undefined && by > 0.01 ? share(of === undefined ? undefined : 100 * of, by) : undefined;
const mebibytes = (bytes: number | undefined): number | undefined => (bytes === undefined ? undefined : bytes / MIB);

function meets(value: number, asked: Asked): boolean {
  if ("atLeast" in asked) return value >= asked.atLeast;
  return "atMost" in asked ? value <= asked.atMost : value < asked.below;
}

function shownAsked(asked: Asked): string {
  if ("atLeast" in asked) return `≥ ${asked.atLeast}`;
  return "atMost" in asked ? `≤ ${asked.atMost}` : `< ${asked.below}`;
}
