/** The command line without a service: help, bad input, exit codes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../../cli/commands.ts";
import { holdfast } from "../support/run-program.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("help names every command, on stdout, with exit 0", async () => {
  const ran = await holdfast([]);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  for (const name of Object.keys(COMMANDS)) expect(ran.stdout).toContain(`  ${name} `);
});

test.each(Object.keys(COMMANDS))("%s has help with examples", async (name) => {
  const [ran, other] = await Promise.all([holdfast([name, "--help"]), holdfast(["help", name])]);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toMatch(new RegExp(`Examples:\n  \\$ (?:sudo )?holdfast ${name}`));
  expect(ran.stdout).toContain("--data <folder>");
  expect(other.stdout).toBe(ran.stdout);
});

test.each([
  [["bakup"], /unknown command 'bakup' \(did you mean backup\?\)/],
  [["backup", "--exclud", "x"], /unknown option '--exclud' \(did you mean --exclude\?\)/],
  [["backup", "--type", "Sometimes"], /Manual/],
  [["ignore-test"], /missing required argument/],
  [["register"], /--service/],
  [["backup", ""], /an argument: it is empty/],
  [["restore", "--to", ""], /--to: it is empty/],
  [["ls", "--at", ""], /--at: it is empty/],
  [["snapshots", "--data", ""], /--data: it is empty/],
  [["backup", "--exclude", "a", "--exclude", ""], /--exclude: it is empty/],
  [["ls", "--password-file", ""], /--password-file: it is empty/],
])("%j is refused with exit 2 and a way out", async (words, message) => {
  const ran = await holdfast(words);
  expect(ran).toMatchObject({ code: 2, stdout: "" });
  expect(ran.stderr).toMatch(message);
  expect(ran.stderr).toMatch(/See `holdfast .*--help`/);
});

test("a short passphrase is refused before the service is asked", async () => {
  const words = [
    "register",
    "--service",
    "http://127.0.0.1:1",
    "--key",
    "x",
    "--own-passphrase",
    "--data",
    tempFolder(),
  ];
  const ran = await holdfast(words, { HOLDFAST_PASSPHRASE: "nine char" });
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("passphrase: it has fewer than 10") });
  expect(await holdfast(words, { HOLDFAST_PASSPHRASE: "ten charac" })).toMatchObject({ code: 7 });
});

test("with --json an error is one JSON document on stderr, and stdout stays empty", async () => {
  const ran = await holdfast(["status", "--json", "--data", tempFolder()]);
  expect(ran).toMatchObject({ code: 2, stdout: "" });
  expect(JSON.parse(ran.stderr)).toMatchObject({
    error: { code: "settings/not-registered", message: expect.any(String), hint: expect.stringContaining("register") },
  });
});

test("a password is never waited for without a terminal", async () => {
  const ran = await holdfast(["register", "--service", "http://127.0.0.1:9", "--email", "ada@example.org"]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("HOLDFAST_PASSWORD");
});

test("a service that is not there is exit 7", async () => {
  const words = [
    "register",
    "--service",
    "http://127.0.0.1:9",
    "--key",
    "AAAAA-AAAAA-AAAAA-AAAAA",
    "--data",
    tempFolder(),
  ];
  const ran = await holdfast(words);
  expect(ran.code).toBe(7);
  expect(ran.stderr).toContain("service/unreachable");
});

test("damaged settings are named, with the file", async () => {
  const data = tempFolder();
  writeFileSync(join(data, "settings.json"), "{");
  const ran = await holdfast(["snapshots"], { HOLDFAST_HOME: data });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain(join(data, "settings.json"));
});

test("what is wrong with a command below another names it whole", async () => {
  const data = tempFolder();
  for (const [words, command] of [
    [["settings", "set", "roots"], "settings set"],
    [["settings", "set", "schedule", ""], "settings set"],
    [["sets", "add", "Office"], "sets add"],
    [["keys", "status", "--nothing"], "keys status"],
    [["pause", "--nothing"], "pause"],
  ] as const) {
    const ran = await holdfast(words, { HOLDFAST_HOME: data });
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(`See \`holdfast ${command} --help\``);
  }
});

test("ignore-test says which rule decides", async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "a"));
  writeFileSync(join(folder, "a", ".holdfastignore"), "*.log\n");
  const ran = await holdfast([
    "ignore-test",
    "--json",
    "--data",
    folder,
    join(folder, "a", "x.log"),
    join(folder, "a", "y"),
  ]);
  expect(ran.code).toBe(0);
  const [first, second] = ran.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(first).toMatchObject({ ignored: true, rule: { line: 1, pattern: "*.log" } });
  expect(second).toMatchObject({ ignored: false });
});
