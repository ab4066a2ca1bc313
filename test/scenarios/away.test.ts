/** A service that is not there, goes away in the middle, or stays away: nothing is lost and nothing is sent twice. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backup } from "../../agent/own-backup.ts";
import { EXIT_CODES } from "../../protocol/error-codes.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { storageViolations } from "../faults/check-storage.ts";
import { momentComes } from "../faults/kill-moment.ts";
import { noise } from "../support/make-tree.ts";
import { restoreSnapshots } from "../support/restore-snapshot.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { type Machine, makeWorld, type World } from "../support/world.ts";

const MIB = 1024 * 1024;
const FIRST_PACK = { after: "pack", count: 1, delayMs: 0 } as const;

let world: World;
let seed = 0;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.remove());

/** Enough for several packs. */
function largeFolder(name: string): string {
  const folder = world.at(name);
  mkdirSync(folder);
  for (let index = 0; index < 12; index++) writeFileSync(join(folder, String(index)), noise(4 * MIB, ++seed));
  return folder;
}

async function expectWhole(machine: Machine, folder: string, sequence: number): Promise<void> {
  expect(storageViolations(world.service.data, { digests: true })).toEqual([]);
  const wanted = [{ sequence, source: folder, target: world.at(`back-of-${machine.name}`) }];
  await restoreSnapshots(world.service, machine.id, wanted, (_, { folder: back, problems }) => {
    expect(problems).toEqual([]);
    expect(treeDifferences(folder, back)).toEqual([]);
  });
}

test("a service that is not there is told with exit 7; when it is there again the same command works", async () => {
  const machine = await world.machine("early");
  const folder = world.at("early-files");
  mkdirSync(folder);
  writeFileSync(join(folder, "a"), "a");
  await world.service.stop();
  const refused = { code: 7, answer: { error: { code: "service/unreachable" } } };
  expect(await machine.json("backup", folder)).toMatchObject(refused);
  expect(await machine.json("restore", "--email", "a@example.org", "--to", world.at("x"))).toMatchObject(refused);
  await world.service.start();
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { snapshot: 1 } });
  await expectWhole(machine, folder, 1);
});

test("a service that dies in the middle of a backup and comes back is waited for", async () => {
  const machine = await world.machine("patient");
  const folder = largeFolder("patient-files");
  const running = machine.start("backup", folder, "--json");
  await momentComes(FIRST_PACK, world.service.data, new AbortController().signal);
  await world.service.kill();
  await sleep(300);
  await world.service.start();
  const { code, stdout } = await running.ended;
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, snapshot: 1, result: "success" });
  await expectWhole(machine, folder, 1);
});

test("a service that stays away ends the backup with exit 7; the next one sends only what was not acknowledged", async () => {
  const machine = await world.machine("resumed");
  const folder = largeFolder("resumed-files");
  const running = backup({ dataFolder: machine.data, roots: [folder], type: "Manual", patienceMs: 600 });
  const failed = expect(running).rejects.toSatisfy(
    (error) => error instanceof HoldfastError && error.code === "service/unreachable" && EXIT_CODES[error.kind] === 7,
  );
  await momentComes(FIRST_PACK, world.service.data, new AbortController().signal);
  await world.service.kill();
  await failed;
  await world.service.start();
  const { code, answer } = await machine.json("backup", folder);
  expect({ code, ...answer }).toMatchObject({ code: 0, snapshot: 1, result: "success" });
  expect(answer.counters.bytesTransferred).toBeLessThan(answer.counters.bytes - 6 * MIB);
  await expectWhole(machine, folder, 1);
});
