/** Tables of one tool over growing trees: a row an operation, a column a tree. */
import { shownNumber } from "./layout.ts";
import { OPERATION_NAMES, OPERATIONS, type Sample } from "./results.ts";

const MIB = 2 ** 20;

const FIGURES: readonly { readonly title: string; value(sample: Sample): number | undefined }[] = [
  { title: "peak memory of the command, MiB", value: ({ agentPeakBytes }) => agentPeakBytes / MIB },
  {
    title: "peak memory of the service, MiB",
    value: ({ servicePeakBytes }) => (servicePeakBytes === undefined ? undefined : servicePeakBytes / MIB),
  },
  { title: "wall time, seconds", value: ({ wallSeconds }) => wallSeconds },
  { title: "CPU time of all processes, seconds", value: ({ cpuSeconds }) => cpuSeconds },
];

/** Head first; trees in the order in which they were measured. */
export function growthTables(samples: readonly Sample[], tool: string): string[][][] {
  const trees = [...new Set(samples.map(({ workload }) => workload))];
  const operations = OPERATION_NAMES.filter((name) => samples.some(({ operation }) => operation === name));
  return FIGURES.map(({ title, value }) => [
    [`${tool}: ${title}`, ...trees],
    ...operations.map((operation) => [
      OPERATIONS[operation],
      ...trees.map((tree) => {
        const sample = samples.find((each) => each.workload === tree && each.operation === operation);
        const found = sample && value(sample);
        return found === undefined ? "–" : shownNumber(found);
      }),
    ]),
  ]);
}
