/** Which tables are made of the samples, and their cells: medians and ratios to the reference. */
import { median } from "./median.ts";
import {
  OPERATION_NAMES,
  OPERATIONS,
  type Operation,
  type Results,
  type Sample,
  type WorkloadFacts,
} from "./results.ts";

/** All others are compared with it. */
export const REFERENCE = "holdfast";

export interface FigureTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly FigureRow[];
}

export interface FigureRow {
  readonly name: string;
  readonly cells: readonly (Cell | undefined)[];
}

export interface Cell {
  readonly value: number;
  /** Peer ÷ reference; undefined in the reference's own column, or without it. */
  readonly ratio: number | undefined;
  /** Other work took more than a seventh of a core meanwhile. */
  readonly disturbed: boolean;
}

interface Figure {
  readonly title: string;
  readonly operations: readonly Operation[];
  /** Undefined where the tool has no such figure. */
  value(sample: Sample, workload: WorkloadFacts): number | undefined;
  /** Rates: more is better, so the ratio is turned round, and a ratio above 1 always speaks for the reference. */
  readonly moreIsBetter?: boolean;
  /** Suffers when the machine does other work. */
  readonly timed?: boolean;
}

const BACKUPS: readonly Operation[] = ["first", "unchanged", "ten", "ten-known", "percent"];
const READS_ALL: readonly Operation[] = ["restore-all", "restore-old", "verify"];
const MB = 1e6;
const MIB = 2 ** 20;

const FIGURES: readonly Figure[] = [
  { title: "Wall time, seconds", operations: OPERATION_NAMES, value: ({ wallSeconds }) => wallSeconds, timed: true },
  {
    title: "CPU time of all processes, seconds",
    operations: OPERATION_NAMES,
    value: ({ cpuSeconds }) => cpuSeconds,
    timed: true,
  },
  {
    title: "CPU time of the service in it, seconds",
    operations: OPERATION_NAMES,
    value: ({ serviceSeconds }) => serviceSeconds,
    timed: true,
  },
  {
    title: "Speed, MB/s of the source",
    operations: ["first", ...READS_ALL],
    value: ({ wallSeconds }, { bytes }) => bytes / MB / wallSeconds,
    moreIsBetter: true,
    timed: true,
  },
  {
    title: "Speed, files/s",
    operations: ["first", "unchanged", ...READS_ALL],
    value: ({ wallSeconds }, { files }) => (files < 100 ? undefined : files / wallSeconds),
    moreIsBetter: true,
    timed: true,
  },
  { title: "Added to the repository, MB", operations: BACKUPS, value: ({ addedBytes }) => addedBytes / MB },
  {
    title: "Through the network or pipe, MB",
    operations: OPERATION_NAMES,
    value: ({ sentBytes }) => (sentBytes === undefined ? undefined : sentBytes / MB),
  },
  {
    title: "Peak memory of the command, MiB",
    operations: OPERATION_NAMES,
    value: ({ agentPeakBytes }) => agentPeakBytes / MIB,
  },
  {
    title: "Peak memory of the service, MiB",
    operations: OPERATION_NAMES,
    value: ({ servicePeakBytes }) => (servicePeakBytes === undefined ? undefined : servicePeakBytes / MIB),
  },
];

/** Tables without figures are left out. */
export function figureTables(results: Results, workload: WorkloadFacts): FigureTable[] {
  const samples = results.samples.filter((sample) => sample.workload === workload.name);
  const columns = results.tools.map(({ name }) => name).filter((name) => samples.some(({ tool }) => tool === name));
  return FIGURES.map((figure) => ({
    title: figure.title,
    columns,
    rows: figure.operations
      .map((operation) => ({
        name: OPERATIONS[operation],
        cells: cellsOf(
          figure,
          columns,
          (tool) => samples.filter((sample) => sample.tool === tool && sample.operation === operation),
          workload,
        ),
      }))
      .filter(({ cells }) => cells.some((cell) => cell !== undefined)),
  })).filter(({ rows }) => rows.length > 0);
}

function cellsOf(
  { value, moreIsBetter = false, timed = false }: Figure,
  columns: readonly string[],
  samplesOf: (tool: string) => readonly Sample[],
  workload: WorkloadFacts,
): (Cell | undefined)[] {
  const middle = (tool: string) => median(samplesOf(tool).flatMap((sample) => value(sample, workload) ?? []));
  const reference = middle(REFERENCE);
  return columns.map((tool) => {
    const own = middle(tool);
    if (own === undefined) return undefined;
    const compared = tool !== REFERENCE && reference !== undefined && reference > 0 && own > 0;
    const ratio = compared ? (moreIsBetter ? reference / own : own / reference) : undefined;
    return { value: own, ratio, disturbed: timed && samplesOf(tool).some(isDisturbed) };
  });
}

/** A few hundredths are the kernel's own. */
const isDisturbed = ({ elsewhereSeconds, wallSeconds }: Sample): boolean => elsewhereSeconds > 0.05 + wallSeconds / 7;
