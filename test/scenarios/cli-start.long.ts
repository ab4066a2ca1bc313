/** `npm start` from nothing, and again. */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockDataFolder } from "../../server-mock/data-folder.ts";
import { finished, holdfast, lineOf, start } from "../support/run-program.ts";
import { tempFolder } from "../support/temp-folder.ts";

function setup() {
  const top = tempFolder();
  const home = join(top, "home");
  const folder = join(top, "files");
  mkdirSync(folder);
  writeFileSync(join(folder, "a.txt"), "a\n");
  const run = (...words: string[]) => finished(start("cli/start.ts", words, { HOLDFAST_HOME: home }));
  return { top, home, folder, run };
}

test("one call makes everything; a second one keeps it, shows no credentials again, and sends only what changed", async () => {
  const { home, folder, run } = setup();
  const first = await run(folder, "--once");
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(/your log-in +\S+@\S+ +password \S+/);
  expect(first.stdout).toContain("Snapshot #1 is complete.");
  expect(first.stdout).toContain(`restore ${join(folder, "a.txt")} --to`);
  expect(first.stdout).toContain(`--data ${home}`);

  appendFileSync(join(folder, "a.txt"), "more\n");
  writeFileSync(join(folder, "b.txt"), "b\n");
  const second = await run("--once");
  expect(second.code).toBe(0);
  expect(second.stdout).not.toContain("password ");
  expect(second.stdout).toContain("Snapshot #2 is complete.");
  expect(second.stdout).toMatch(/selected +2 files/);
});

test("it serves until it is told to stop, then stops the service with it", async () => {
  const { home, folder } = setup();
  const child = start("cli/start.ts", [folder], { HOLDFAST_HOME: home });
  const ended = finished(child);
  const [, url = ""] = await lineOf(child, /Serving at (\S+)\. /);
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  expect((await holdfast(["snapshots", "--json", "--data", home])).stdout).toContain('"sequence":1');
  child.kill("SIGINT");
  expect((await ended).code).toBe(0);
  await expect(fetch(`${url}/health/ready`)).rejects.toThrow();
});

test("killed, it takes its service with it, and a second one goes on", async () => {
  const { home, folder, run } = setup();
  const child = start("cli/start.ts", [folder], { HOLDFAST_HOME: home });
  const ended = finished(child);
  await lineOf(child, /Serving at (\S+)\. /);
  child.kill("SIGKILL");
  await ended;
  await expect.poll(() => lockDataFolder(join(home, "service")).release()).toBeUndefined();
  expect((await run("--once")).stdout).toContain("Snapshot #2 is complete.");
});

test("a reader of its output that goes away ends it, and its service", async () => {
  const { home, folder } = setup();
  const child = start("cli/start.ts", [folder], { HOLDFAST_HOME: home });
  const ended = finished(child);
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: expect.not.stringContaining("EPIPE") });
  await expect.poll(() => lockDataFolder(join(home, "service")).release()).toBeUndefined();
});

test("an empty name is not the folder one is in", async () => {
  const ran = await setup().run("");
  expect(ran.code).toBe(3);
  expect(ran.stderr).toContain("root/missing");
});

test("a folder that is not there is refused before anything is made", async () => {
  const { top, home, run } = setup();
  const ran = await run(join(top, "none"));
  expect(ran.code).toBe(3);
  expect(ran.stderr).toContain("root/missing");
  expect(existsSync(home)).toBe(false);
});

test("without a folder and without a terminal it says what to do", async () => {
  const ran = await setup().run();
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("npm start -- <folder>");
  expect(ran.stderr).toContain("--sample");
});

test("a second one on the same data says that the service is running", async () => {
  const { home, folder } = setup();
  const child = start("cli/start.ts", [folder], { HOLDFAST_HOME: home });
  await lineOf(child, /Serving at (\S+)\. /);
  const second = await finished(start("cli/start.ts", ["--once"], { HOLDFAST_HOME: home }));
  expect(second.code).toBe(3);
  expect(second.stderr).toMatch(/another|already|running/i);
  child.kill("SIGTERM");
  expect((await finished(child)).code).toBe(0);
});

test("the sample can be backed up", async () => {
  const { top, run } = setup();
  const ran = await run("--sample", "--once");
  expect(ran.code).toBe(0);
  expect(existsSync(join(top, "holdfast-sample", "letter.txt"))).toBe(true);
  expect(ran.stdout).toMatch(/selected +4\d files/);
});
