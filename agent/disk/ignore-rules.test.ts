import { expect, test } from "vitest";
import { configuredRules, decide as decideIn, type RuleSet, type Rules, rulesBelow } from "./ignore-rules.ts";

const decide = (path: Buffer, isFolder: boolean, configured: RuleSet | undefined, rules: Rules | undefined) =>
  decideIn(path, isFolder, { configured, rules, from: 0 });

const inFolder = (folder: string, text: string, above?: Rules) =>
  rulesBelow(Buffer.from(folder), Buffer.from(text), `/${folder}/.holdfastignore`, above);

test("the deepest rule file decides, and says which line", () => {
  const top = inFolder("home", "*.tmp\n\n# all logs\n*.log\n");
  const below = inFolder("home/ann", "!important.log\r\ncache/\n", top);
  const cases: readonly [string, boolean, boolean, string | undefined][] = [
    ["home/ann/a.tmp", false, true, "/home/.holdfastignore:1 *.tmp"],
    ["home/ann/a.log", false, true, "/home/.holdfastignore:4 *.log"],
    ["home/ann/important.log", false, false, "/home/ann/.holdfastignore:1 !important.log"],
    ["home/ann/cache", true, true, "/home/ann/.holdfastignore:2 cache/"],
    ["home/ann/cache", false, false, undefined],
    ["home/ann/A.TMP", false, false, undefined],
  ];
  for (const [path, isFolder, ignored, rule] of cases) {
    const decision = decide(Buffer.from(path), isFolder, undefined, below);
    expect([path, decision.ignored]).toEqual([path, ignored]);
    expect(decision.rule && `${decision.rule.source}:${decision.rule.line} ${decision.rule.pattern}`).toBe(rule);
  }
});

test("configured patterns decide before rule files", () => {
  const configured = configuredRules(["/home/ann/Downloads", "!*.keep"], "settings");
  const rules = inFolder("home", "*.keep\n!Downloads\n");
  expect(decide(Buffer.from("home/ann/Downloads"), true, configured, rules).rule?.source).toBe("settings");
  expect(decide(Buffer.from("home/x.keep"), false, configured, rules)).toEqual({
    ignored: false,
    rule: { source: "settings", line: 2, pattern: "!*.keep" },
  });
});

test("names that are not UTF-8, look relative or hold anything odd are decided like others", () => {
  const rules = inFolder("", "*.bak\nünï\n*\\ \n");
  const odd = [
    Buffer.from([0xff, 0x2e, 0x62, 0x61, 0x6b]),
    Buffer.from("ünï"),
    Buffer.from("..x/..y.bak"),
    Buffer.from("constructor/__proto__/x.bak"),
    Buffer.from("end "),
  ];
  for (const path of odd)
    expect([path.toString(), decide(path, false, undefined, rules).ignored]).toEqual([path.toString(), true]);
  expect(decide(Buffer.from([0xff]), false, undefined, rules).ignored).toBe(false);
  expect(decide(Buffer.from("new\nline.bak"), false, undefined, rules).ignored).toBe(true);
});

test("many tests give the same answers as few", () => {
  const rules = inFolder("", "*.7\n");
  for (let number = 0; number < 25_000; number++) {
    expect(decide(Buffer.from(`f.${number}`), false, undefined, rules).ignored).toBe(number === 7);
  }
});
