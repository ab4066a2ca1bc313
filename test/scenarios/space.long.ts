/** What the service's storage suffers, and how it gets over it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { noise } from "../support/make-tree.ts";
import { restoreSnapshots } from "../support/restore-snapshot.ts";
import { cli, runProgram } from "../support/run-cli.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { type Machine, makeWorld, type World } from "../support/world.ts";

async function backedUp(): Promise<{ world: World; machine: Machine; folder: string }> {
  const world = await makeWorld();
  onTestFinished(() => world.remove());
  const machine = await world.machine("den");
  const folder = world.at("files");
  mkdirSync(folder);
  for (let index = 0; index < 60; index++) writeFileSync(join(folder, `small-${index}`), noise(3000, index + 1));
  writeFileSync(join(folder, "large"), noise(2_000_000, 999));
  expect(await machine.json("backup", folder)).toMatchObject({ code: 0, answer: { snapshot: 1 } });
  return { world, machine, folder };
}

const operate = (world: World, ...words: string[]) =>
  runProgram("server-mock/main.ts", [...words, "--data", world.service.data]).ended;

function packsOf(world: World, machine: Machine): string[] {
  const folder = join(world.service.data, "storage", "packs");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  expect(machine.id).toHaveLength(32);
  return names.filter((name) => statSync(name).isFile()).sort((a, b) => statSync(a).size - statSync(b).size);
}

test("a pack that rots is found by scrubbing and named, the next backup sends it again, and everything restores", async () => {
  const { world, machine, folder } = await backedUp();
  const largest = packsOf(world, machine).at(-1) ?? "";
  const bytes = readFileSync(largest);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(largest, bytes);
  expect((await operate(world, "check")).code).toBe(0); // Its size is right.

  const scrubbed = await operate(world, "scrub", "--all", "--json");
  expect(scrubbed.code).toBe(8);
  expect(JSON.parse(scrubbed.stdout).damaged).toHaveLength(1);
  expect((await machine.json("verify", "--read-data")).code).toBe(8);

  // Nothing has changed on the machine's disk.
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { snapshot: 2, result: "success" } });
  expect((await machine.json("verify", "--read-data")).code).toBe(0);
  const wanted = [1, 2].map((sequence) => ({ sequence, source: folder, target: world.at(`back-${sequence}`) }));
  await restoreSnapshots(world.service, machine.id, wanted, (_, { folder: back, problems }) => {
    expect(problems).toEqual([]);
    expect(treeDifferences(folder, back)).toEqual([]);
  });
  // Sent again once, not with every backup.
  expect((await machine.json("backup")).answer.counters).toMatchObject({ filesEncoded: 0 });
});

test("after the database was lost it is rebuilt from the storage: the machine goes on by itself, everything restores", async () => {
  const { world, machine, folder } = await backedUp();
  writeFileSync(join(folder, "one-more"), "x");
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { snapshot: 2 } });
  expect((await operate(world, "rebuild")).code).not.toBe(0); // The service is running.
  await world.service.stop();
  const { data } = world.service;
  const first = JSON.parse((await operate(world, "rebuild", "--json")).stdout);
  expect(first).toMatchObject({ packs: 0, snapshots: 0, problems: [] });
  for (const name of readdirSync(data)) if (name.startsWith("holdfast.db")) rmSync(join(data, name));

  const rebuilt = await operate(world, "rebuild", "--json");
  expect([rebuilt.code, rebuilt.stderr]).toEqual([0, ""]);
  const report = JSON.parse(rebuilt.stdout);
  expect(report).toMatchObject({ vaults: 1, recoveredMachines: 1, snapshots: 2, problems: [] });
  expect((await operate(world, "check")).stdout).toContain(" 0 findings");
  const [email = "", password = ""] = (
    await world.service.operate("users", "create", "--role", "owner", "o@example.com")
  )
    .trim()
    .split(/\s+/);
  const told = JSON.parse((await operate(world, "collect", "--dry-run", "--json")).stdout);
  expect(told).toMatchObject({ vaults: 1, condemnedBytes: 0, items: [{ outcome: "done" }] });
  await world.service.start();
  expect((await operate(world, "collect", "--now")).code).toBe(0); // Beside the service.

  writeFileSync(join(folder, "another"), "y");
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { snapshot: 3, result: "success" } });
  const owner = cli(machine.data, { HOLDFAST_PASSWORD: password });
  const verified = await owner.json("verify", "--read-data", "--email", email);
  expect(verified).toMatchObject({ code: 0, answer: { result: "sound", snapshots: 3 } });
});
