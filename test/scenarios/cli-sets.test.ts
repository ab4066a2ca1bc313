/** Backup sets from the command line to the snapshot, with a real service. */
import { mkdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdfast, runningService } from "../support/run-program.ts";
import { tempFolder } from "../support/temp-folder.ts";

async function setup() {
  const top = tempFolder();
  const service = await runningService(join(top, "service"));
  const data = join(top, "machine");
  const run = (...words: string[]) =>
    holdfast([...words, "--data", data], { HOLDFAST_PASSWORD: service.user.password });
  const key = service.productKeys.desktop;
  expect(await run("register", "--service", service.url, "--key", key, "--kind", "desktop")).toMatchObject({ code: 0 });
  for (const name of [
    "work/a.doc",
    "work/b.tmp",
    "work/old.doc",
    "work/build/x",
    "share/letter.PDF",
    "share/film.iso",
  ]) {
    mkdirSync(join(top, name, ".."), { recursive: true });
    writeFileSync(join(top, name), name);
  }
  writeFileSync(join(top, "work/build/CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n");
  utimesSync(join(top, "work/old.doc"), 1e9, 1e9);
  return { top, data, run, at: (name: string) => join(top, name) };
}

const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("sets are added, backed up together, explained, and removed", async () => {
  const { top, data, run, at } = await setup();
  expect(JSON.parse(readFileSync(join(data, "settings.json"), "utf8")).kind).toBe("desktop");
  const added = await run("sets", "add", "Work", at("work"), "--exclude-type", ".tmp", "--older-than", "365");
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/without type tmp, older than 365 days/) });
  await run("sets", "add", "Share", at("share"), "--include-type", "pdf", "--include-type", "iso");
  await run("sets", "add", "Never", "/", "--exclusionary", "--include-type", "iso", "--larger-than", "1G");
  expect(await run("sets", "add", "Never", "/", "--exclusionary")).toMatchObject({ code: 2 });
  expect(await run("sets", "add", "Bad", top, "--larger-than", "much")).toMatchObject({ code: 2 });
  expect(await run("sets", "add", "Lost", at("nowhere"))).toMatchObject({ stderr: expect.stringMatching(/not there/) });
  truncateSync(at("work/a.doc"), 2000);

  expect(JSON.parse((await run("backup", "--json")).stdout)).toMatchObject({
    result: "success",
    counters: { files: 2 },
  });
  const found = lines((await run("find", "*", "--json")).stdout).filter(({ type }) => type === "file");
  expect(found.map(({ path }) => path).sort()).toEqual([at("share/letter.PDF"), at("work/a.doc")]);

  const names = ["work/a.doc", "work/b.tmp", "work/old.doc", "work/build/x", "share/film.iso", "share/new.txt", "else"];
  const told = await run("ignore-test", ...names.map(at));
  for (const what of [
    /a\.doc: backed up; no pattern matches\n {2}set Work takes it: folder .*\n {2}2\.0 KiB, changed within a day/,
    /b\.tmp: left out; no pattern matches\n {2}set Work leaves it out: type tmp/,
    /old\.doc: left out; .*\n {2}set Work leaves it out: older than 365 days\n {2}12 B, changed [\d,]+ days ago/,
    /x: left out; the folder says that it is a cache, by its CACHEDIR\.TAG \(matches .*build\)/,
    /film\.iso: left out; .*\n {2}set Share takes it: type iso\n {2}set Never leaves it out of all sets: type iso/,
    /new\.txt: left out; .*\n {2}set Share, folder .*: none of what it includes fits\n {2}not there/,
    /else: not left out, but in no folder that is backed up/,
  ])
    expect(told.stdout).toMatch(what);

  const listed = lines((await run("sets", "--json")).stdout);
  expect(listed.map(({ name, origin }) => [name, origin])).toEqual([
    ...["Work", "Share", "Never"].map((name) => [name, "local"]),
  ]);
  expect((await run("sets")).stdout).toMatch(/Never +this machine +leaves out of all sets: \/; only type iso, larger/);
  expect(await run("sets", "remove", "Never")).toMatchObject({ code: 0 });
  expect(await run("sets", "remove", "Never")).toMatchObject({ code: 2, stderr: expect.stringMatching(/no set/) });
  expect(JSON.parse((await run("backup", "--json")).stdout)).toMatchObject({ counters: { files: 3 } });
});

test("what is left out by default is shown with reasons, and a proposal that can be pasted", async () => {
  const defaults = await holdfast(["sets", "--defaults"]);
  expect(defaults.stdout).toMatch(process.platform === "linux" ? /~\/\.cache +a cache/ : /cache/);
  const suggested = await holdfast(["sets", "--suggest"]);
  expect(suggested).toMatchObject({ code: 0, stdout: expect.stringMatching(/^holdfast sets add |^$/) });
});
