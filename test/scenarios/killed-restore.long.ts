/** A restore that is killed leaves whole files under their names and nothing else under any of them; the next one goes on. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noise } from "../support/make-tree.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { filesBelow } from "../support/try-keys.ts";
import { makeWorld, type World } from "../support/world.ts";

const MIB = 1024 * 1024;
const KILLS = 4;

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.remove());

test("killed at any moment, no file is half there, and the restore that follows completes it", async () => {
  const machine = await world.machine("killed");
  const folder = world.at("files");
  mkdirSync(folder);
  for (let index = 0; index < 12; index++) writeFileSync(join(folder, `large-${index}`), noise(6 * MIB, index + 1));
  for (let index = 0; index < 400; index++) writeFileSync(join(folder, `small-${index}`), noise(3_000, index + 100));
  await machine.json("backup", folder);

  const to = world.at("back");
  const restored = join(to, folder);
  for (let kill = 0; kill < KILLS; kill++) {
    const running = machine.start("restore", "--to", to, "--existing", "keep");
    const over = new AbortController();
    void running.ended.then(() => over.abort());
    const before = countBelow(restored);
    while (!over.signal.aborted && countBelow(restored) <= before) await sleep(2);
    await sleep(kill * 15);
    running.child.kill("SIGKILL");
    await running.ended;
    for (const path of filesBelow(restored).filter((each) => !isPart(each)))
      expect(readFileSync(path).equals(readFileSync(path.slice(to.length)))).toBe(true);
  }
  const words = ["restore", "--to", to, "--existing", "keep"];
  expect(await machine.json(...words)).toMatchObject({ code: 0, answer: { result: "completed" } });
  expect(filesBelow(restored).filter(isPart)).toEqual([]);
  expect(treeDifferences(folder, restored)).toEqual([]);
});

const isPart = (path: string): boolean => basename(path).startsWith(".holdfast-part-");
const countBelow = (folder: string): number => (existsSync(folder) ? filesBelow(folder).length : 0);
