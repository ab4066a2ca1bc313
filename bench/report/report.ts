/** The whole report: machine, tools, workloads, tables, and what was not right. */
import { figureTables } from "./figures.ts";
import { asMarkdown, asText } from "./layout.ts";
import { OPERATIONS, type Results, type WorkloadFacts } from "./results.ts";

export function textReport(results: Results): string {
  return [
    ...headLines(results),
    ...results.workloads.flatMap((each) => textOf(results, each)),
    ...remarks(results),
  ].join("\n");
}

export function markdownReport(results: Results): string {
  const head = headLines(results).map((line) => (line === "" ? "" : `- ${line}`));
  const workloads = results.workloads.flatMap((each) => [
    `## ${each.name}`,
    "",
    `${describe(each)}.`,
    "",
    ...figureTables(results, each).flatMap((table) => [asMarkdown(table)]),
  ]);
  const notes = remarks(results).map((line) => (line === "" ? "" : `- ${line}`));
  return `${[...head, ...workloads, ...notes].join("\n").trimEnd()}\n`;
}

const textOf = (results: Results, workload: WorkloadFacts): string[] => [
  `${workload.name}: ${describe(workload)}`,
  "",
  ...figureTables(results, workload).map(asText),
];

const describe = ({ about, percent, files, bytes }: WorkloadFacts): string =>
  `${about}; here ${files.toLocaleString("en")} files, ${Math.round(bytes / 1e6).toLocaleString("en")} MB; "1 % changed" is ${percent}`;

const headLines = ({ at, machine, flags, tools, absent }: Results): string[] => [
  `${at}: ${Object.values(machine).join(", ")}`,
  `flags: ${flags.join(" ") || "none"}`,
  ...tools.map(({ name, about }) => `${name}: ${about}`),
  ...absent.map(({ name, reason }) => `left out: ${name} (${reason})`),
  "",
];

const remarks = ({ samples, failures }: Results): string[] => [
  "medians of all runs; in brackets the ratio to holdfast, above 1 where holdfast is better; * other work disturbed",
  ...restoredTrees(samples),
  ...failures.map(({ tool, workload, run, reason }) => `${tool}, ${workload}, run ${run} FAILED: ${firstLine(reason)}`),
];

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

function restoredTrees(samples: Results["samples"]): string[] {
  const compared = samples.filter(({ differences }) => differences !== undefined);
  const wrong = compared.filter(({ differences }) => (differences?.length ?? 0) > 0);
  const equal = `${compared.length - wrong.length} of ${compared.length} restored trees equal their source in content, modes and times`;
  return [
    equal,
    ...wrong.map(
      ({ tool, workload, operation, differences }) =>
        `${tool}, ${workload}, ${OPERATIONS[operation]}: ${differences?.length} differences, the first: ${differences?.[0]}`,
    ),
  ];
}
