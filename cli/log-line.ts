/** A line of the agent's log for people. */
import { shown, shownText } from "./names.ts";
import type { Terminal } from "./terminal.ts";
import { moment } from "./units.ts";

const COLOURS = { warning: "yellow", error: "red" } as const;

/** As it came when it is no line of ours. */
export function logLine(text: string, terminal: Terminal, timeZone: string): string {
  const line = parse(text);
  if (line === undefined) return shownText(text);
  const { at, level, event, ...facts } = line;
  const told = Object.entries(facts).map(([name, value]) => `${name}=${valueText(value)}`);
  const colour = level === "warning" || level === "error" ? COLOURS[level] : undefined;
  const what = colour ? terminal.style(colour, shownText(String(event))) : shownText(String(event));
  return `${terminal.style("dim", moment(String(at), timeZone))}  ${what}  ${told.join(" ")}`.trimEnd();
}

function valueText(value: unknown): string {
  if (typeof value !== "string") return shownText(JSON.stringify(value));
  return /[\s"=]/.test(value) ? JSON.stringify(shown(value)) : shown(value);
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== "object" || found === null || !("at" in found) || !("event" in found)) return undefined;
    return Number.isNaN(Date.parse(String(found.at))) ? undefined : { ...found };
  } catch {
    return undefined;
  }
}
