/** A local copy under repeated kills, and random histories with prunes: what is kept restores byte for byte. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { noise } from "../../test/support/entries-to-store.ts";
import { LocalPlace } from "../../test/support/local-place.ts";
import { holdfast, runningService, start } from "../../test/support/run-program.ts";
import { treeDifferences } from "../../test/support/same-tree.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { collect, prune } from "./prune.ts";

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
    await Promise.race([sleep(400 + (round * 1500) / ROUNDS), ended]);
    child.kill("SIGKILL");
    if ((await ended) === null) killed++;
    if (round % 5 !== 0) continue;
    const verified = await run("verify", ...open, "--read-data", "--json");
    if (verified.code !== 0)
      expect(verified.stderr).toMatch(/local\/missing|key\/kit-needed/); // Killed before there was a copy, or before it had its first snapshot.
    else expect(JSON.parse(verified.stdout)).toMatchObject({ result: "sound" });
    expect(Number(spawnSync("du", ["-sm", at("disk")], { encoding: "utf8" }).stdout.split("\t")[0])).toBeLessThan(61);
  }
  expect(killed).toBeGreaterThan(2);
  const last = JSON.parse((await run("backup", at("files"), "--local", "--json")).stdout);
  expect(last, JSON.stringify(last.problems)).toMatchObject({ result: "success" });
  rmSync(at("back"), { recursive: true, force: true });
  expect(await run("restore", ...open, at("files"), "--to", at("back"))).toMatchObject({ code: 0 });
  expect(treeDifferences(at("files"), join(at("back"), at("files")))).toEqual([]);
}, 600_000);

function cpExactly(from: string, to: string): void {
  mkdirSync(to);
  expect(spawnSync("cp", ["-a", `${from}/.`, to]).status).toBe(0);
}

const sequences = async (place: LocalPlace): Promise<number[]> => {
  await using vault = await place.openVault();
  return (await vault.snapshots()).map(({ sequence }) => sequence);
};

test("whatever is pruned, every snapshot that is kept restores byte for byte", async () => {
  const change = fc.record({ file: fc.nat({ max: 5 }), size: fc.nat({ max: 300_000 }), isGone: fc.boolean() });
  const day = fc.record({ changes: fc.array(change, { maxLength: 4 }), drop: fc.nat({ max: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(day, { minLength: 3, maxLength: 6 }), async (days) => {
      const place = new LocalPlace();
      place.write("always", noise(1000));
      const states = new Map<number, string>();
      for (const [at, { changes, drop }] of days.entries()) {
        for (const { file, size, isGone } of changes) {
          rmSync(join(place.source, `file-${file}`), { force: true });
          if (!isGone) place.write(`file-${file}`, noise(size, at * 7 + file));
        }
        const { snapshot } = await place.run({ threads: 1 });
        const state = join(tempFolder(), "state");
        cpExactly(place.source, state);
        states.set(snapshot, state);
        using copy = await place.open();
        const oldest = copy.index.snapshots().filter(({ pruned, sequence }) => !pruned && sequence !== snapshot);
        await prune(
          copy,
          oldest.slice(0, drop).map(({ sequence }) => sequence),
          { nowMs: place.clock.now(), sign: (message) => place.signer.sign(message) },
        );
        await collect(copy);
      }
      for (const sequence of await sequences(place))
        expect(await place.differences(sequence, states.get(sequence))).toEqual([]);
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 900_000);
