/** The command line with a real service: from registration to records. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noise } from "../support/make-tree.ts";
import { finished, holdfast, runningService, start } from "../support/run-program.ts";
import { tempFolder } from "../support/temp-folder.ts";

async function setup() {
  const top = tempFolder();
  const service = await runningService(join(top, "service"));
  const data = join(top, "machine");
  const folder = join(top, "files");
  mkdirSync(folder);
  for (let index = 0; index < 20; index++) writeFileSync(join(folder, `${index}.txt`), `file ${index}\n`.repeat(index));
  const run = (...words: string[]) =>
    holdfast([...words, "--data", data], { HOLDFAST_PASSWORD: service.user.password });
  const registered = await run(
    "register",
    "--service",
    service.url,
    "--key",
    service.productKeys.desktop,
    "--kind",
    "desktop",
  );
  expect(registered).toMatchObject({ code: 0 });
  return { top, service, data, folder, run };
}

const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("folders are remembered, a second backup sends nothing, and every run has its record", async () => {
  const { folder, run, data } = await setup();
  const first = await run("backup", folder, "--json");
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(first.stdout)).toMatchObject({ snapshot: 1, result: "success", counters: { files: 20 } });

  const second = JSON.parse((await run("backup", "--json")).stdout);
  expect(second).toMatchObject({ snapshot: 2, counters: { files: 20, filesEncoded: 0, filesTransferred: 0 } });

  expect(lines((await run("snapshots", "--json")).stdout).map(({ sequence }) => sequence)).toEqual([2, 1]);
  const records = lines((await run("records", "--json", "--last", "1")).stdout);
  expect(records).toMatchObject([{ state: "success", type: "Manual", snapshot: 2, files: 20 }]);
  const status = JSON.parse((await run("status", "--json")).stdout);
  expect(status).toMatchObject({ roots: [folder], encryption: "default", vault: { sequence: 2 } });
  expect(JSON.parse(readFileSync(join(data, "settings.json"), "utf8")).roots).toEqual([folder]);

  const people = await run("snapshots");
  expect(people.stdout).toMatch(/^snapshot +received +files +size\n#2 .* UTC +20 /);
});

test("a link that is named stands for the folder behind it", async () => {
  const { top, folder, run } = await setup();
  symlinkSync("files", join(top, "link"));
  const ran = await run("backup", join(top, "link"));
  expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining(`leads to ${folder}`) });
  expect(JSON.parse((await run("status", "--json")).stdout).roots).toEqual([folder]);
});

test("a second registration is refused, and keeps the first", async () => {
  const { run, service } = await setup();
  const again = await run("register", "--service", service.url, "--key", service.productKeys.desktop);
  expect(again.code).toBe(6);
  expect(again.stderr).toContain("settings/registered");
  expect((await run("status")).code).toBe(0);
});

test("a folder that is not there is refused and not remembered; others are added to those remembered", async () => {
  const { run, folder, top, data } = await setup();
  expect(await run("backup")).toMatchObject({ code: 2, stderr: expect.stringContaining("root/none") });
  expect(await run("backup", join(top, "none"))).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("root/missing"),
  });
  mkdirSync(join(top, "more"));
  await run("backup", folder);
  await run("backup", join(top, "more"), "--exclude", "1*.txt");
  const settings = () => JSON.parse(readFileSync(join(data, "settings.json"), "utf8"));
  expect(settings()).toMatchObject({ roots: [folder, join(top, "more")], excludes: ["1*.txt"] });
  await run("backup", join(top, "more"), "--only");
  expect(settings().roots).toEqual([join(top, "more")]);
});

test("a dry run says how much there is, and sends and remembers nothing", async () => {
  const { run, folder, data } = await setup();
  const dry = await run("backup", folder, "--dry-run", "--json");
  expect(JSON.parse(dry.stdout)).toMatchObject({ result: "success", counters: { files: 20, bytesTransferred: 0 } });
  expect((await run("snapshots", "--json")).stdout).toBe("");
  expect(JSON.parse(readFileSync(join(data, "settings.json"), "utf8")).roots).toEqual([]);
});

test("Ctrl-C ends a backup with exit 130 and a record; the next one goes on", async () => {
  const { run, folder, data } = await setup();
  for (let index = 0; index < 8; index++)
    writeFileSync(join(folder, `large-${index}`), noise(2 * 1024 * 1024, index + 1));
  // As slow as nobody waits for.
  const child = start("cli/main.ts", ["backup", folder, "--limit-upload", "10k", "--data", data]);
  const stopped = finished(child);
  // It has begun when it says so.
  await new Promise<void>((resolve) => child.stderr?.once("data", () => resolve()));
  child.kill("SIGINT");
  const ran = await stopped;
  expect(ran.code).toBe(130);
  expect(ran.stderr).toContain("Stopped.");
  expect(JSON.parse((await run("backup", "--json")).stdout)).toMatchObject({
    result: "success",
    counters: { files: 28 },
  });
});

test("a speed that isn't one is refused before anything happens; right ones are honoured", async () => {
  const { folder, run } = await setup();
  expect(await run("backup", folder, "--limit-upload", "20Mbit", "--json")).toMatchObject({ code: 0, stderr: "" });
  const target = tempFolder();
  const restored = await run("restore", "--to", target, "--limit-download", "2M");
  expect(restored).toMatchObject({ code: 0 });
  expect(await run("verify", "--read-data", "--limit-download", "2M")).toMatchObject({ code: 0 });
  const refused = await run("backup", folder, "--limit-upload", "500");
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toMatch(/--limit-upload 500.*500k or 2M/s);
  expect(await run("verify", "--limit-download", "fast")).toMatchObject({ code: 2 });
});

test("a backup of named changes looks at them only, and says what it skipped", async () => {
  const { top, folder, run } = await setup();
  await run("backup", folder);
  writeFileSync(join(folder, "1.txt"), "named");
  writeFileSync(join(folder, "2.txt"), "not named");
  const list = join(top, "changed");
  writeFileSync(list, `${join(folder, "1.txt")}\n${join(top, "elsewhere")}\n`);
  const ran = await run("backup", "--changed-from", list, "--json");
  expect(ran.code).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    isPartial: true,
    skipped: [{ path: join(top, "elsewhere"), reason: "outside" }],
    counters: { files: 20, filesTransferred: 1 },
  });
  expect((await run("diff", "1", "2")).stdout).not.toContain("2.txt");
  expect(await run("backup", "--changed-from", join(top, "none"))).toMatchObject({ code: 2, stdout: "" });
});
