/** Files that can't be read, vanish or change while they are backed up: told by name, and the rest is safe. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { hostileProxy } from "../support/hostile-proxy.ts";
import { noise } from "../support/make-tree.ts";
import { makeWorld, pointAt, type World } from "../support/world.ts";

const MIB = 1024 * 1024;
/** More files of 6 MiB than the reading threads have begun as long as no pack is acknowledged. */
const FILES = 4 + 3 * availableParallelism();
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
  const [changing, vanishing] = [join(folder, "y-changes"), join(folder, "z-vanishes")];
  mkdirSync(folder);
  for (let index = 0; index < FILES; index++)
    writeFileSync(join(folder, `a-${String(index).padStart(3, "0")}`), noise(6 * MIB, index + 1));
  // Part of it is acknowledged while the rest is still to be read, whatever lies in the threads' hands.
  writeFileSync(changing, noise(48 * MIB, 777));
  writeFileSync(vanishing, noise(MIB, 778));
  const proxy = await hostileProxy(world.service.url);
  onTestFinished(() => proxy.close());
  pointAt(machine, proxy.url);
  const sent = Promise.withResolvers<void>();
  proxy.tell({
    // No pack is acknowledged before something was written once more.
    putPack: async () => {
      sent.resolve();
      const before = statSync(changing, { bigint: true }).mtimeNs;
      while (statSync(changing, { bigint: true }).mtimeNs === before) await sleep(1);
    },
  });
  const running = machine.start("backup", folder, "--json");
  // By then the walk has seen them all.
  await Promise.race([sent.promise, running.ended]);
  rmSync(vanishing);
  using _writing = scribbleIn(changing, 48 * MIB);
  const { code, stdout } = await running.ended;
  const answer = JSON.parse(stdout);
  expect({ code, ...answer }).toMatchObject({ code: 0, snapshot: 1 });
  const told = answer.problems.map(({ code: problem, path }: { code: string; path: string }) => `${problem} ${path}`);
  expect(told).toContain(`file/vanished ${vanishing}`);
  expect(told).toContain(`file/changing ${changing}`);
  const to = world.at("restless-back");
  await machine.json("restore", "--to", to);
  for (let index = 0; index < FILES; index++) {
    const name = `a-${String(index).padStart(3, "0")}`;
    expect(readFileSync(join(to, folder, name)).equals(noise(6 * MIB, index + 1))).toBe(true);
  }
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
