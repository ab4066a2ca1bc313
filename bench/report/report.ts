/** The whole report: machine, tools, workloads, tables, and what was not right. */
import { figureTables } from "./figures.ts";
import { asMarkdown, asText, markdownTable, textTable } from "./layout.ts";
import { OPERATIONS, type Results, type WorkloadFacts } from "./results.ts";
import { targetSummary, targetTable } from "./targets.ts";

/** `targets`: nothing but what is asked and whether it is reached. */
export type Summary = "all" | "targets";

export function textReport(results: Results, summary: Summary = "all"): string {
  return [
    ...headLines(results),
    ...(summary === "all" ? results.workloads.flatMap((each) => textOf(results, each)) : []),
    ...targets(results, textTable),
    "",
    ...remarks(results),
  ].join("\n");
}

export function markdownReport(results: Results, summary: Summary = "all"): string {
  const head = headLines(results).map((line) => (line === "" ? "" : `- ${line}`));
  const described = summary === "all" ? results.workloads : [];
  const workloads = described.flatMap((each) => [
    `## ${each.name}`,
    "",
    `${describe(each)}.`,
    "",
    ...figureTables(results, each).flatMap((table) => [asMarkdown(table)]),
  ]);
  const notes = remarks(results).map((line) => (line === "" ? "" : `- ${line}`));
  const asked = ["## targets", "", ...targets(results, markdownTable), ""];
  return `${[...head, ...workloads, ...asked, ...notes].join("\n").trimEnd()}\n`;
}

function targets(results: Results, layout: typeof textTable): string[] {
  const tables = results.workloads.map(({ name }) => targetTable(results, name));
  return [...tables.map(({ rows }) => layout(rows)), targetSummary(tables)];
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
