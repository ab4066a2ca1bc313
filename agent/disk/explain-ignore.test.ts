import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { catalogPath } from "./disk-path.ts";
import { explainIgnore } from "./explain-ignore.ts";
import { configuredRules } from "./ignore-rules.ts";
import { walk } from "./walk.ts";

test("a walk leaves out exactly what is explained as ignored, and the rule is named", () => {
  const folder = tempFolder();
  for (const name of ["a/cache/x", "a/keep/x.log", "a/y.log", "a/cache/root/z.log", "b.tmp"]) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), "");
  }
  writeFileSync(join(folder, "a/.holdfastignore"), "cache\n*.log\n!x.log\n");
  const configured = configuredRules(["*.tmp"], "settings");
  const roots = ["", "a/cache/root"].map((name) => catalogPath(join(folder, name)));
  const explain = (name: string) => {
    const { ignored, rule, matched } = explainIgnore(catalogPath(join(folder, name)), configured, roots);
    const source = rule && `${rule.source.replace(`${folder}/`, "")}:${rule.line} ${rule.pattern}`;
    return [ignored, source, matched.subarray(folder.length).toString()];
  };
  expect(explain("a/cache/x")).toEqual([true, "a/.holdfastignore:1 cache", "a/cache"]);
  expect(explain("a/y.log")).toEqual([true, "a/.holdfastignore:2 *.log", "a/y.log"]);
  expect(explain("a/keep/x.log")).toEqual([false, "a/.holdfastignore:3 !x.log", "a/keep/x.log"]);
  expect(explain("b.tmp")).toEqual([true, "settings:1 *.tmp", "b.tmp"]);
  expect(explain("a/cache/root/z.log")).toEqual([false, undefined, "a/cache/root/z.log"]);
  const found = [...walk({ roots, configured, onProblem: () => {} })].map(({ path }) =>
    path.subarray(folder.length).toString(),
  );
  expect(found.slice(found.indexOf("a"))).toEqual([
    "a",
    "a/.holdfastignore",
    "a/cache",
    "a/cache/root",
    "a/cache/root/z.log",
    "a/keep",
    "a/keep/x.log",
  ]);
});
