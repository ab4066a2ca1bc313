/** Files that can't be read, vanish or change while they are backed up: told by name, and the rest is safe. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { momentComes } from "../faults/kill-moment.ts";
import { noise } from "../support/make-tree.ts";
import { makeWorld, type World } from "../support/world.ts";

const MIB = 1024 * 1024;
const isRoot = process.geteuid?.() === 0;
/** Root reads everything, unless it gives that up. */
const WITHOUT_POWER = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"];
const canBeRefused = !isRoot || spawnSync(WITHOUT_POWER[0] ?? "", [...WITHOUT_POWER.slice(1), "true"]).status === 0;

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.remove());

test.skipIf(!canBeRefused)("what may not be read is listed, the rest is backed up, and the exit is 3", async () => {
  const machine = await world.machine("refused", { launcher: isRoot ? WITHOUT_POWER : [] });
  const folder = world.at("refused-files");
  mkdirSync(join(folder, "secret"), { recursive: true });
  writeFileSync(join(folder, "open"), "for all");
  writeFileSync(join(folder, "closed"), "for nobody");
  writeFileSync(join(folder, "secret", "inside"), "behind a closed door");
  chmodSync(join(folder, "closed"), 0);
  chmodSync(join(folder, "secret"), 0);
  const { code, answer } = await machine.json("backup", folder);
  expect({ ...answer, code }).toMatchObject({ code: 3, result: "incomplete", snapshot: 1 });
  const told = answer.problems.map(({ code: problem, path }: { code: string; path: string }) => `${problem} ${path}`);
  expect(told.sort()).toEqual([
    `file/unreadable ${join(folder, "closed")}`,
    `file/unreadable ${join(folder, "secret")}`,
  ]);

  const to = world.at("refused-back");
  const back = await machine.json("restore", "--to", to);
  expect(back).toMatchObject({ code: 3, answer: { result: "incomplete" } });
  expect(readFileSync(join(to, folder, "open"), "utf8")).toBe("for all");
  expect(existsSync(join(to, folder, "closed"))).toBe(false);

  // Readable again, the next backup has them.
  chmodSync(join(folder, "closed"), 0o644);
  chmodSync(join(folder, "secret"), 0o755);
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { result: "success", snapshot: 2 } });
  expect(await machine.json("restore", "--to", world.at("all-back"))).toMatchObject({
    code: 0,
    answer: { filesRetrieved: 3 },
  });
});

test("what vanishes or changes meanwhile is told, and the snapshot holds the rest", async () => {
  const machine = await world.machine("restless");
  const folder = world.at("restless-files");
  mkdirSync(folder);
  for (let index = 0; index < 10; index++) writeFileSync(join(folder, `a-${index}`), noise(6 * MIB, index + 1));
  writeFileSync(join(folder, "y-changes"), noise(24 * MIB, 77));
  writeFileSync(join(folder, "z-vanishes"), noise(MIB, 78));
  const running = machine.start("backup", folder, "--json");
  // By then the walk has seen them, and reading has a long way to go.
  await momentComes({ after: "pack", count: 1, delayMs: 0 }, world.service.data, new AbortController().signal);
  rmSync(join(folder, "z-vanishes"));
  using _writing = scribbleIn(join(folder, "y-changes"), 24 * MIB);
  const { code, stdout } = await running.ended;
  const answer = JSON.parse(stdout);
  expect({ code, ...answer }).toMatchObject({ code: 0, snapshot: 1 });
  const told = answer.problems.map(({ code: problem, path }: { code: string; path: string }) => `${problem} ${path}`);
  expect(told).toContain(`file/vanished ${join(folder, "z-vanishes")}`);
  expect(told).toContain(`file/changing ${join(folder, "y-changes")}`);
  const to = world.at("restless-back");
  await machine.json("restore", "--to", to);
  for (let index = 0; index < 10; index++)
    expect(readFileSync(join(to, folder, `a-${index}`)).equals(noise(6 * MIB, index + 1))).toBe(true);
});

/** A program of its own, so that it never waits for this one. */
const SCRIBBLE = `
  const { openSync, writeSync } = require("node:fs");
  const fd = openSync(process.argv[1], "r+");
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let count = 1; ; count++) {
    writeSync(fd, String(count), (count * 1234567) % Number(process.argv[2]));
    Atomics.wait(pause, 0, 0, 1);
  }`;

function scribbleIn(path: string, bytes: number): Disposable {
  const child = spawn(process.execPath, ["-e", SCRIBBLE, path, String(bytes)], { stdio: "ignore" });
  return { [Symbol.dispose]: () => void child.kill("SIGKILL") };
}
