/** Makes docs/errors.md from the table of errors; `test/meta/error-codes.test.ts` proves that the two agree. */
import { ERROR_CODES, type ErrorKind, EXIT_CODES } from "../protocol/error-codes.ts";

export const ERROR_DOCS = new URL("../docs/errors.md", import.meta.url);

const KINDS: Readonly<Record<ErrorKind, string>> = {
  usage: "the request or the settings make no sense: correct them",
  local: "this disk, this file, this process: the rest of the run went on where it could",
  denied: "not allowed, or no room left for you: ask whoever may change that",
  missing: "what was asked for is not there",
  conflict: "the world has moved on: look again",
  unavailable: "try again later; nothing is lost",
  corrupt: "stop trusting what was read: nothing was written from it, and nothing is retried",
  bug: "a mistake in Holdfast: please report it",
};

export function errorDocs(): string {
  const codes = Object.entries(ERROR_CODES).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    "# Errors",
    "",
    "<!-- Made from protocol/error-codes.ts by `npm run docs`; don't edit. -->",
    "",
    "Every error has a code that never changes its meaning, a sentence and a hint. With `--json` the command line writes",
    '`{"error": {"code", "message", "hint", "data"}}` to stderr; the service answers with the same object.',
    "",
    "## Exit codes",
    "",
    "| exit | kind | means |",
    "|---|---|---|",
    "| 0 | | done |",
    ...Object.entries(KINDS).map(([kind, means]) => `| ${exitOf(kind)} | ${kind} | ${means} |`),
    "| 130 | | stopped by Ctrl-C or a signal |",
    "",
    "Exit 3 is also what a backup, restore or verification ends with that is complete except for the problems it lists.",
    "",
    "## Codes",
    "",
    "| code | kind | HTTP | what happened | what to do |",
    "|---|---|---|---|---|",
    ...codes.map(
      ([code, row]) => `| \`${code}\` | ${row.kind} | ${row.status || "–"} | ${cell(row.says)} | ${cell(row.hint)} |`,
    ),
    "",
  ].join("\n");
}

const exitOf = (kind: string): number | string =>
  Object.entries(EXIT_CODES).find(([each]) => each === kind)?.[1] ?? "?";

/** How a placeholder's value is written is nothing for readers. */
const cell = (text: string): string => text.replaceAll(/:(size|limit)\}/g, "}").replaceAll("|", "\\|");
