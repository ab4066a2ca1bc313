/** Hooks around real backups, by hand and by settings. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { type BackedUpMachine, backedUpMachine } from "../test/support/backed-up-machine.ts";
import { cli } from "../test/support/run-cli.ts";
import { tempFolder } from "../test/support/temp-folder.ts";
import { startTestService, type TestService } from "../test/support/test-service.ts";
import { backup, changeSettings } from "./index.ts";
import type { Hook } from "./settings/work.ts";

const shell = (script: string, onFailure: Hook["onFailure"] = "stop"): Hook => ({
  command: ["/bin/sh", "-c", script],
  timeLimitSeconds: 60,
  onFailure,
});

async function machineWith(hooks: { before?: Hook[]; after?: Hook[] }) {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  machine.write("a.txt", "a");
  await changeSettings(machine.data, { roots: [machine.source], hooks: { before: [], after: [], ...hooks } });
  return { service, machine };
}

const run = (machine: BackedUpMachine, more: object = {}) =>
  backup({ dataFolder: machine.data, type: "Scheduled", environment: { PATH: process.env.PATH }, ...more });

async function lastRecord(service: TestService, machine: BackedUpMachine) {
  const token = await service.logIn("admin");
  const { json } = await service.call("listBackups", { token, params: { machine: machine.id } });
  return json.items[0];
}

test("what a hook before the backup makes is in it", async () => {
  const { machine } = await machineWith({});
  const dump = join(machine.source, "dump.txt");
  const out = join(tempFolder(), "out");
  const hooks = {
    before: [shell(`echo dumped > ${dump}`)],
    after: [shell(`rm ${dump}; echo $HOLDFAST_RESULT > ${out}`)],
  };
  await changeSettings(machine.data, { hooks });
  expect(await run(machine)).toMatchObject({ result: "success", counters: { files: 2 } });
  expect(existsSync(dump)).toBe(false);
  expect(readFileSync(out, "utf8")).toBe("success\n");
});

test("a hook that stops the backup leaves a record that says why, and no snapshot", async () => {
  const { service, machine } = await machineWith({ before: [shell("echo the disk is full; exit 4")] });
  await expect(run(machine)).rejects.toMatchObject({ code: "hook/failed" });
  expect(await lastRecord(service, machine)).toMatchObject({
    state: "failed",
    snapshot: null,
    result: "hook/failed",
    message: expect.stringContaining("it ended with code 4: the disk is full"),
  });
});

test("a hook that may fail leaves the snapshot complete, and a problem in its record", async () => {
  const { service, machine } = await machineWith({ before: [shell("exit 4", "go-on")], after: [shell("exit 5")] });
  const report = await run(machine);
  expect(report).toMatchObject({ result: "success", problemCount: 2 });
  expect(report.problems).toMatchObject([
    { path: "/bin/sh", code: "hook/failed" },
    { message: expect.stringContaining("code 5") },
  ]);
  expect(await lastRecord(service, machine)).toMatchObject({ state: "success", problemCount: 1 });
});

test("`holdfast backup` runs the hooks and says so; with --no-hooks it does not", async () => {
  const out = join(tempFolder(), "out");
  const { machine } = await machineWith({ before: [shell(`echo $HOLDFAST_TYPE >> ${out}`)] });
  const here = cli(machine.data);
  const first = await here.run("backup");
  expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining("Hook before the backup: /bin/sh") });
  expect((await here.run("backup", "--no-hooks")).code).toBe(0);
  expect(await run(machine, { dryRun: true })).toMatchObject({ result: "success" });
  expect(readFileSync(out, "utf8")).toBe("Manual\n");
});

const hasSqlite = spawnSync("sqlite3", ["--version"]).status === 0;

test.skipIf(!hasSqlite)("the documented dump of an SQLite database is whole, while somebody writes to it", async () => {
  const { machine } = await machineWith({});
  const [db, copy] = [join(tempFolder(), "app.db"), join(machine.source, "app.db")];
  const sql = (path: string, text: string) => spawnSync("sqlite3", [path, text], { encoding: "utf8" }).stdout;
  using writer = new DatabaseSync(db);
  writer.exec("PRAGMA journal_mode = wal; CREATE TABLE t (x)");
  for (let number = 0; number < 500; number++) writer.exec(`INSERT INTO t VALUES (${number})`);
  writer.exec("BEGIN; INSERT INTO t VALUES ('not yet')");
  const recipe = readFileSync(join(import.meta.dirname, "..", "docs", "agent.md"), "utf8");
  const [, words = ""] = /^\s*"command": (\["sqlite3".*\])/m.exec(recipe) ?? [];
  const command: string[] = JSON.parse(words.replace("/srv/app/app.db", db).replace("/srv/dumps/app.db", copy));
  await changeSettings(machine.data, { hooks: { before: [{ ...shell(""), command }], after: [] } });
  expect(await run(machine)).toMatchObject({ result: "success", problemCount: 0 });
  expect(sql(copy, "PRAGMA integrity_check; SELECT count(*) FROM t;")).toBe("ok\n500\n");
});
