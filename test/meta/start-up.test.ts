/** Commands load only what they need: what is imported when a program starts, and for which command, is held to this list. */
import { isBuiltin } from "node:module";
import { expect, test } from "vitest";
import { sourceFiles } from "../../scripts/layers.ts";

const files = new Map(sourceFiles().map((file) => [file.path, file]));
const PACKAGE = /^(?:import|export)\s+(?!type\b)(?:[^"']*?\sfrom\s+)?["']([^."'][^"']*)["']/gm;

/** Everything that the imports of these files lead to, without those that are made later (`await import`). */
function loadedWith(...entries: readonly string[]): { ours: string[]; packages: string[]; builtins: string[] } {
  const found = new Set<string>();
  const visit = (path: string): void => {
    const file = files.get(path);
    if (!file) throw new Error(`${path} is not there`);
    if (found.has(path)) return;
    found.add(path);
    file.runtimeImports.forEach(visit);
  };
  entries.forEach(visit);
  const outside = new Set([...found].flatMap((path) => packagesOf(files.get(path)?.text ?? "")));
  return {
    ours: [...found],
    packages: [...outside].filter((name) => !isBuiltin(name)),
    builtins: [...outside].filter((name) => isBuiltin(name)),
  };
}

const packagesOf = (text: string): string[] => Array.from(text.matchAll(PACKAGE)).map(([, name]) => name ?? "");

/** Short commands ask the service something, and say it. */
const SHORT = ["snapshots", "status", "records"];
/** Folders that do what a backup or a restore does. */
const WORK = /^agent\/(?:backup|restore|verify|browse|vault|chunk|disk|state|model|enrol)\//;
const DEAR = ["node:https", "node:tls", "node:crypto", "node:sqlite", "node:worker_threads", "node:child_process"];

test("help needs the command line and nothing of the agent", () => {
  const { ours, packages, builtins } = loadedWith("cli/begin.ts", "cli/main.ts");
  expect(ours.filter((path) => path.startsWith("agent/"))).toEqual([]);
  expect(packages).toEqual(["commander"]);
  expect(builtins.filter((name) => [...DEAR, "node:http"].includes(name))).toEqual([]);
});

test.each(SHORT)("`%s` loads no part that backs up or restores, no key derivation, no TLS", (command) => {
  const { ours, packages, builtins } = loadedWith("cli/begin.ts", "cli/main.ts", `cli/commands/${command}.ts`);
  expect(ours.filter((path) => WORK.test(path))).toEqual([]);
  expect(packages.sort()).toEqual(["commander", "zod"]);
  expect(builtins.filter((name) => DEAR.includes(name))).toEqual([]);
});

test.each([
  ["backup", "agent/own-backup.ts", ["@hpke/core", "commander", "ignore", "p-queue", "zod"]],
  ["restore", "agent/restore/restore.ts", ["@hpke/core", "commander", "zod"]],
])("`%s` loads no library that it may not need", (command, work, expected) => {
  const { packages } = loadedWith("cli/begin.ts", "cli/main.ts", `cli/commands/${command}.ts`, work);
  expect(packages.filter((name) => !expected.includes(name))).toEqual([]);
});

test("the service starts without the libraries of what it may never be asked for", () => {
  const { packages } = loadedWith("server-mock/begin.ts", "server-mock/main.ts");
  const dear = [
    "pg",
    "@aws-sdk/client-s3",
    "nodemailer",
    "prom-client",
    "csv-parse",
    "csv-stringify",
    "otpauth",
    "yazl",
    "tar-stream",
  ];
  expect(packages.filter((name) => dear.some((each) => name === each || name.startsWith(`${each}/`)))).toEqual([]);
});
