/** How the agent is, in lines: what is protected, the last backup, the next one, and what somebody must see to. */
import type { AgentStatus } from "../agent/index.ts";
import { timeSince } from "../base/time-since.ts";
import { shown } from "./names.ts";
import { type ProgressState, progressLines } from "./progress.ts";
import { facts, wrapped } from "./table.ts";
import type { Style, Terminal } from "./terminal.ts";
import { count, counted, duration, moment, size } from "./units.ts";

const ROOTS_SHOWN = 4;
const FOREVER = Number.MAX_SAFE_INTEGER;

export interface StatusText {
  readonly style: (style: Style, text: string) => string;
  readonly timeZone: string;
  readonly columns: number;
}

export const textOf = (terminal: Terminal, timeZone: string): StatusText => ({
  style: (style, text) => terminal.style(style, text),
  timeZone,
  columns: Math.max(40, terminal.streams.stdout.columns ?? 80),
});

export function statusLines(status: AgentStatus, text: StatusText): string[] {
  const { sets, last, watching, quota, local, service, running } = status;
  const rows: (readonly [string, string])[] = [
    ["state", stateText(status, text)],
    ...sets.map(({ name, roots, more: hidden = 0, exclusionary }, index): readonly [string, string] => [
      index === 0 ? "protected" : "",
      `${shown(name)}${exclusionary ? " (left out)" : ""}: ${rootsText(roots, hidden)}`,
    ]),
    [
      "last backup",
      status.lastUpdateAt === undefined ? text.style("yellow", "never") : agoText(status.lastUpdateAt, status, text),
    ],
    ...(last && last.result !== "success" ? ([["last try", lastText(last, status, text)]] as const) : []),
    ["next backup", nextText(status, text)],
    [
      "watching",
      watching.isOn
        ? `${counted(watching.folders, "folder")}${watching.isComplete ? "" : " (not all)"}, ${counted(watching.changes, "change")} waiting`
        : "nothing: each backup looks at everything",
    ],
    ...(quota ? ([["storage", quotaText(quota)]] as const) : []),
    ...(local
      ? ([
          [
            "local copy",
            `${shown(local.folder)}${local.isPresent ? localText(local, status, text) : text.style("yellow", " is not there")}`,
          ],
        ] as const)
      : []),
    ["service", serviceText(service, text)],
  ];
  return [
    ...facts(rows, text.columns),
    ...(running ? ["", ...progressLines(progressOf(running), undefined, text.columns)] : []),
    ...troubleLines(status, text),
  ];
}

export const progressOf = (running: NonNullable<AgentStatus["running"]>): ProgressState => ({
  phase: running.phase,
  files: running.filesDone,
  bytes: running.bytesDone,
  bytesMoved: running.bytesSent,
  totalFiles: running.totalFiles,
  totalBytes: running.totalBytes || undefined,
  current: running.currentPath,
});

function troubleLines({ troubles }: AgentStatus, { style, columns }: StatusText): string[] {
  if (troubles.length === 0) return ["", style("green", "Nothing needs you.")];
  return [
    "",
    style("bold", troubles.length === 1 ? "This needs you:" : "These need you:"),
    ...troubles.flatMap(({ message, hint }) => [
      ...wrapped(shown(message), columns - 4).map((line, at) => `  ${at === 0 ? style("yellow", "!") : " "} ${line}`),
      ...wrapped(shown(hint), columns - 4).map((line) => `    ${style("dim", line)}`),
    ]),
  ];
}

function stateText(
  { state, because, pausedUntil, startedAt, now }: AgentStatus,
  { style, timeZone }: StatusText,
): string {
  const up = style("dim", `, running for ${duration(Math.max(0, now - startedAt))}`);
  if (state === "paused")
    return `${style("yellow", "paused")} ${pausedUntil === undefined || pausedUntil === FOREVER ? "until `holdfast resume`" : `until ${moment(pausedUntil, timeZone)}`}${up}`;
  if (state === "waiting") return `${style("yellow", "waiting")}: ${shown(because ?? "")}${up}`;
  return `${style("green", state === "idle" ? "idle" : "backing up")}${up}`;
}

function nextText({ next, running, state }: AgentStatus, { timeZone }: StatusText): string {
  if (running) return state === "paused" ? "goes on when the pause ends" : "running now";
  if (next === undefined)
    return state === "paused" ? "none while paused" : "none by itself: `holdfast backup`, or a schedule";
  const sense = { at: "", "not-before": "not before ", "at-the-latest": "at the latest " }[next.sense];
  return `${sense}${moment(next.at, timeZone)} (${next.type})`;
}

const agoText = (at: number, { now }: AgentStatus, { timeZone }: StatusText): string =>
  `${timeSince(at, now)} (${moment(at, timeZone)})`;

function lastText(last: NonNullable<AgentStatus["last"]>, status: AgentStatus, text: StatusText): string {
  const said = { success: "complete", incomplete: "incomplete", failed: "failed", cancelled: "cancelled" }[last.result];
  return `${text.style(last.result === "cancelled" ? "dim" : "yellow", said)} ${agoText(last.endedAt, status, text)}`;
}

function localText(
  { lastUpdateAt, bytes }: NonNullable<AgentStatus["local"]>,
  status: AgentStatus,
  text: StatusText,
): string {
  const when = lastUpdateAt === undefined ? ", no backup there yet" : `, ${agoText(lastUpdateAt, status, text)}`;
  return `${when}${bytes === undefined ? "" : `, ${size(bytes)}`}`;
}

function serviceText({ url, unreached }: AgentStatus["service"], { style }: StatusText): string {
  if (unreached === undefined) return shown(url);
  return style("yellow", shown(unreached.includes(url) ? unreached : `${url}: ${unreached}`));
}

function quotaText({ usedBytes, limitBytes, availableBytes }: NonNullable<AgentStatus["quota"]>): string {
  if (limitBytes === null && availableBytes === null) return `${size(usedBytes)} used, no limit`;
  const of = limitBytes === null ? "" : ` of ${size(limitBytes)}`;
  return `${size(usedBytes)}${of} used${availableBytes === null ? "" : `, ${size(availableBytes)} left`}`;
}

function rootsText(roots: readonly string[], hidden: number): string {
  const named = roots.slice(0, ROOTS_SHOWN).map((root) => shown(root));
  const more = roots.length - named.length + hidden;
  return [...named, ...(more > 0 ? [`${count(more)} more`] : [])].join(", ");
}
