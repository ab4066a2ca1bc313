/** What a run's end looks like in words. */
import type { Problem } from "../protocol/messages/sessions.ts";
import { shown } from "./names.ts";
import type { Terminal } from "./terminal.ts";
import { counted } from "./units.ts";

/** Longer lists are for --json and `holdfast records`. */
const PROBLEMS_SHOWN = 20;

/** On stderr, so that results stay results. `total` may exceed what is listed. */
export function reportProblems(terminal: Terminal, problems: readonly Problem[], total = problems.length): void {
  if (total === 0) return;
  terminal.complain(terminal.styleError("yellow", `${counted(total, "problem")}:`));
  const listed = terminal.manner.verbose ? problems : problems.slice(0, PROBLEMS_SHOWN);
  for (const { path, code, message } of listed) {
    // Most messages name the path themselves.
    const where = message.includes(path) ? "" : `${shown(path)}: `;
    terminal.complain(`  ${where}${shown(message)}  ${terminal.styleError("dim", `[${code}]`)}`);
  }
  if (total > listed.length) terminal.complain(`  and ${counted(total - listed.length, "more problem")}`);
}
