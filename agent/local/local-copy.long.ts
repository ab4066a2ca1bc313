/** A local copy under repeated kills, and random histories with prunes: what is kept restores byte for byte. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { noise } from "../../test/support/entries-to-store.ts";
import { holdfast, runningService, start } from "../../test/support/run-program.ts";
import { treeDifferences } from "../../test/support/same-tree.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";

const ROUNDS = 25;
const MIB = 1024 * 1024;

test("killed at any moment, again and again, a copy is sound and goes on", async () => {
  const top = tempFolder();
  const at = (name: string): string => join(top, name);
  for (const name of ["files", "disk"]) mkdirSync(at(name));
  writeFileSync(at("passphrase"), "some words that nobody guesses\n");
  const open = ["--from", at("disk"), "--passphrase-file", at("passphrase")];
  const run = (...words: string[]) => holdfast([...words, "--data", at("machine")]);
  const service = await runningService(at("service"));
  const where = ["--service", service.url, "--key", service.productKeys.desktop, "--kind", "desktop"];
  await run("register", ...where, "--own-passphrase", "--passphrase-file", at("passphrase"));
  await run("settings", "set", "local-copy", at("disk"), "--cap", "60M");
  let killed = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    for (let file = 0; file < 3; file++)
      writeFileSync(at(`files/${(round + file) % 7}`), noise(3 * MIB, round * 10 + file));
    const child = start("cli/main.ts", ["backup", at("files"), "--local", "--data", at("machine")], {});
    const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    // From before anything is written to after the end, evenly.
    await Promise.race([sleep(600 + (round * 1700) / ROUNDS), ended]);
    child.kill("SIGKILL");
    if ((await ended) === null) killed++;
    if (round % 5 !== 0) continue;
    const verified = await run("verify", ...open, "--read-data", "--json");
    if (verified.code !== 0)
      expect(verified.stderr).toContain("local/missing"); // Killed before there was a copy.
    else expect(JSON.parse(verified.stdout)).toMatchObject({ result: "sound" });
    expect(Number(spawnSync("du", ["-sm", at("disk")], { encoding: "utf8" }).stdout.split("\t")[0])).toBeLessThan(61);
  }
  expect(killed).toBeGreaterThan(ROUNDS / 3);
  expect(JSON.parse((await run("backup", at("files"), "--local", "--json")).stdout)).toMatchObject({
    result: "success",
  });
  rmSync(at("back"), { recursive: true, force: true });
  expect(await run("restore", ...open, at("files"), "--to", at("back"))).toMatchObject({ code: 0 });
  expect(treeDifferences(at("files"), join(at("back"), at("files")))).toEqual([]);
});
