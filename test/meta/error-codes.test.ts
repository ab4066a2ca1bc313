/** The table of errors, its documentation and the code agree. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ERROR_CODES, EXIT_CODES } from "../../protocol/error-codes.ts";
import { errorDocs } from "../../scripts/error-docs.ts";
import { sourceFiles } from "../../scripts/layers.ts";

const codes = Object.entries(ERROR_CODES);
const code = sourceFiles()
  .filter((file) => file.path !== "protocol/error-codes.ts")
  .map((file) => file.text)
  .join("\n");

test("docs/errors.md is what `npm run docs` makes", () => {
  expect(readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8")).toBe(errorDocs());
});

test("every code of the table is used", () => {
  expect(codes.map(([name]) => name).filter((name) => !code.includes(`"${name}"`))).toEqual([]);
});

test("every error says what happened and what to do, in whole sentences", () => {
  for (const [name, { says, hint, kind, status }] of codes) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*\/[a-z]+(-[a-z]+)*$/);
    // A sentence may end with words of somebody else.
    expect(says, name).toMatch(/(\.|\{message\}|\{reason\})$/);
    expect(hint, name).toMatch(/^.+[.]$/);
    expect(EXIT_CODES[kind], name).toBeGreaterThan(1);
    expect(status === 0 || (status >= 400 && status < 600), name).toBe(true);
  }
});

test("kinds have exit codes of their own", () => {
  const exits = Object.values(EXIT_CODES);
  expect(new Set(exits).size).toBe(exits.length);
});
