/** docs/requirements.md is alive: its routes exist, and so do the tests that it names. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMMANDS } from "../../cli/commands.ts";
import { ROUTES } from "../../protocol/routes.ts";

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);

interface Row {
  readonly id: string;
  readonly routes: string;
  readonly tests: string;
  /** Tests in a browser, or why there is nothing to see. */
  readonly shown: string;
}

const rows: Row[] = readFileSync(at("docs/requirements.md"), "utf8")
  .split("\n")
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .filter((cells) => /^[A-Z]\d+$/.test(cells[1] ?? ""))
  .map(([, id = "", , routes = "", tests = "", shown = ""]) => ({ id, routes, tests, shown }));

test("every row says which routes do it and which tests show it, through the API and in the console", () => {
  expect(rows.length).toBeGreaterThan(150);
  expect(rows.filter(({ routes, tests, shown }) => [routes, tests, shown].includes("")).map(({ id }) => id)).toEqual(
    [],
  );
  expect(rows.filter(({ shown }) => shown.includes("`test/console/")).length).toBeGreaterThan(150);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
});

test("the routes that rows name exist", () => {
  const named = rows.flatMap(({ id, routes }) =>
    Array.from(routes.matchAll(/`(\w+)`/g), ([, name = ""]) => ({ id, name })),
  );
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ name }) => !(name in ROUTES))).toEqual([]);
});

/** A title may have a semicolon in it: it ends where the next file, or the row, begins. */
const NAMED = /`([\w./-]+\.(?:test|browser|long)\.ts)` › (.+?)(?=; `|; ?$|$)/g;

test("the tests that rows name exist", () => {
  const named = rows.flatMap(({ id, tests, shown }) =>
    [tests, shown].flatMap((cell) =>
      Array.from(cell.matchAll(NAMED), ([, file = "", title = ""]) => ({ id, file, title: title.trim() })),
    ),
  );
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(isMissing)).toEqual([]);
});

test("what the agent does at the machine names commands that exist and tests that show it", () => {
  const found = readFileSync(at("docs/requirements.md"), "utf8")
    .split("\n")
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .filter((cells) => /^AT\d+$/.test(cells[1] ?? ""));
  expect(found.length).toBeGreaterThan(30);
  for (const [, id = "", , commands = "", tests = ""] of found) {
    const [first = ""] = Array.from(commands.matchAll(/`holdfast ([\w-]+)/g), ([, name = ""]) => name);
    expect(Object.keys(COMMANDS), id).toContain(first);
    const named = Array.from(tests.matchAll(NAMED), ([, file = "", title = ""]) => ({ id, file, title: title.trim() }));
    expect(named.length, id).toBeGreaterThan(0);
    expect(named.filter(isMissing), id).toEqual([]);
  }
});

function isMissing({ file, title }: { readonly file: string; readonly title: string }): boolean {
  return !existsSync(at(file)) || !readFileSync(at(file), "utf8").includes(title);
}
