/** Looking at the history with the command line: what was there, what changed, whether it is sound. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdfast, runningService } from "../support/run-program.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Two snapshots: in the second a file is changed, one is gone and one is new. */
async function setup() {
  const top = tempFolder();
  const service = await runningService(join(top, "service"));
  const files = join(top, "files");
  mkdirSync(join(files, "sub"), { recursive: true });
  writeFileSync(join(files, "letter.txt"), "first\n");
  writeFileSync(join(files, "gone.txt"), "gone\n");
  const run = (...words: string[]) =>
    holdfast([...words, "--data", join(top, "machine")], { HOLDFAST_PASSWORD: service.user.password });
  await run("register", "--service", service.url, "--key", service.productKeys.desktop, "--kind", "desktop");
  await run("backup", files);
  writeFileSync(join(files, "letter.txt"), "second one\n");
  writeFileSync(join(files, "sub", "new.txt"), "new\n");
  rmSync(join(files, "gone.txt"));
  expect(await run("backup")).toMatchObject({ code: 0 });
  return { top, files, run };
}

const lines = (text: string) =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test("folders, names, versions and differences of any snapshot are shown, for people and for scripts", async () => {
  const { files, run } = await setup();
  const letter = join(files, "letter.txt");

  const listed = await run("ls", files);
  expect(listed.code).toBe(0);
  expect(listed.stdout).toMatch(/^-rw.* 11 B .* letter\.txt\ndrwx.* sub\/\n$/);
  const before = lines((await run("ls", files, "--at", "1", "--json")).stdout);
  expect(before).toMatchObject([
    { path: join(files, "gone.txt"), size: 5 },
    { path: letter, size: 6 },
    { type: "folder" },
  ]);
  expect(await run("ls", join(files, "never"))).toMatchObject({ code: 5 });

  expect((await run("find", "GONE")).stdout).toBe("");
  const found = lines((await run("find", "*.txt", "--all", "--json")).stdout);
  expect(found.map(({ snapshot, size }) => [snapshot, size])).toEqual([
    [2, 11],
    [2, 4],
    [1, 5],
    [1, 6],
  ]);

  const versions = lines((await run("versions", letter, "--json")).stdout);
  expect(versions).toMatchObject([
    { first: 2, last: 2, size: 11 },
    { first: 1, last: 1, size: 6 },
  ]);
  expect((await run("versions", join(files, "gone.txt"))).stdout).toContain("gone in #2");

  const changes = (await run("diff", "1", "2", "--below", files)).stdout.split("\n");
  expect(changes).toEqual([
    `- ${join(files, "gone.txt")}  5 B`,
    `M ${letter}  6 B → 11 B`,
    `+ ${join(files, "sub", "new.txt")}  4 B`,
    "",
  ]);
});

test("a plan restores nothing, an archive holds what a folder would, and only that is on stdout", async () => {
  const { top, files, run } = await setup();
  const plan = await run("restore", files, "--to", join(top, "back"), "--dry-run", "--json");
  expect(JSON.parse(plan.stdout)).toMatchObject({ dryRun: true, files: 2, problemCount: 0 });
  expect(existsSync(join(top, "back"))).toBe(false);

  const archive = join(top, "files.tar");
  expect(await run("restore", files, "--at", "1", "--tar", archive)).toMatchObject({ code: 0 });
  mkdirSync(join(top, "untarred"));
  execFileSync("tar", ["-xf", archive, "-C", join(top, "untarred")]);
  expect(readdirSync(join(top, "untarred", files)).sort()).toEqual(["gone.txt", "letter.txt", "sub"]);
  expect(await run("restore", files, "--tar", archive)).toMatchObject({ code: 2 });
  expect(await run("restore", files)).toMatchObject({ code: 2 });
});

test("verify says that all is sound, and with exit 8 which files are not", async () => {
  const { top, files, run } = await setup();
  expect(await run("verify", "--read-data")).toMatchObject({ code: 0, stdout: expect.stringContaining("sound") });
  const packs = join(top, "service", "storage", "packs");
  for (const name of readdirSync(packs, { recursive: true, encoding: "utf8" }))
    if (/[0-9a-f]{64}$/.test(name)) truncateSync(join(packs, name), 100);
  const damaged = await run("verify", "--read-data", "--json");
  expect(damaged.code).toBe(8);
  expect(JSON.parse(damaged.stdout)).toMatchObject({ result: "damaged", problemCount: expect.any(Number) });
  const restored = await run("restore", files, "--to", join(top, "back"));
  expect(restored.code).toBeGreaterThan(0);
  expect(existsSync(join(top, "back", files, "letter.txt"))).toBe(false);
});
