/** What `npm run bench:service` found, as tables. */
import { formatBytes } from "../../base/format-bytes.ts";
import { markdownTable, shownNumber, textTable } from "../report/layout.ts";
import type { Failure, RouteTimes } from "./http-caller.ts";
import type { LoadResult } from "./load.ts";
import type { MillionResult } from "./million.ts";

export interface ServiceResults {
  readonly at: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
  readonly load: LoadResult | undefined;
  readonly million: MillionResult | undefined;
}

export const textReport = (results: ServiceResults): string => report(results, textTable);
export const markdownReport = (results: ServiceResults): string => report(results, markdownTable);

function report({ at, machine, flags, load, million }: ServiceResults, table: typeof textTable): string {
  const head = [`${at}: ${Object.values(machine).join(", ")}`, `flags: ${flags.join(" ") || "none"}`, ""];
  const parts = [...(load ? loadPart(load, table) : []), ...(million ? millionPart(million, table) : [])];
  return `${[...head, ...parts].join("\n")}\n`;
}

const loadPart = (load: LoadResult, table: typeof textTable): string[] => [
  `${load.agents} agents for ${load.seconds} s, ${load.database}, one service process; the generator works on the same processors`,
  "",
  table([
    ["", ""],
    ["machines registered", `${shownNumber(load.registeredPerSecond)} /s`],
    ["calls", `${shownNumber(load.callsPerSecond)} /s`],
    ["bytes taken in", `${formatBytes(load.ingestBytesPerSecond)}/s`],
    ["backups committed", String(load.backups)],
    ["memory of the service, highest", formatBytes(load.servicePeakBytes)],
    ["processors, the service", shownNumber(load.serviceCpuPerSecond)],
    ["processors, the generator", shownNumber(load.generatorCpuPerSecond)],
    ["calls that failed", failed(load.failures)],
  ]),
  timesTable("route", load.routes, table),
];

const millionPart = (million: MillionResult, table: typeof textTable): string[] => [
  `${million.machines.toLocaleString("en")} machines of ${million.users.toLocaleString("en")} users in ${million.organizations} organizations, ${million.database}; filled in ${shownNumber(million.fillSeconds)} s`,
  `memory of the service, highest: ${formatBytes(million.servicePeakBytes)}; calls that failed: ${failed(million.failures)}`,
  "",
  timesTable("list", million.lists, table),
  table([["slowest", "ms"], ...million.slowest.map(({ question, ms }) => [question, shownNumber(ms)])]),
];

const timesTable = (title: string, times: readonly RouteTimes[], table: typeof textTable): string =>
  table([
    [title, "calls", "p50 ms", "p99 ms", "max ms"],
    ...times.map(({ route, count, p50Ms, p99Ms, maxMs }) => [
      route,
      String(count),
      ...[p50Ms, p99Ms, maxMs].map(shownNumber),
    ]),
  ]);

const failed = (failures: readonly Failure[]): string => {
  const [first] = failures;
  return first === undefined
    ? "0"
    : `${failures.length}, the first: ${first.route} ${first.status} ${first.code ?? ""}`;
};
