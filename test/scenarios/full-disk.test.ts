/** Disks that are full: the service's, the one restored to, the one with the local state. It is said, nothing half-made stays, and it goes on. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storageViolations } from "../faults/check-storage.ts";
import { noise } from "../support/make-tree.ts";
import { restoreSnapshots } from "../support/restore-snapshot.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { type SmallDisk, smallDisk, whyNoSmallDisk } from "../support/small-disk.ts";
import { filesBelow } from "../support/try-keys.ts";
import { type Machine, makeWorld, type World } from "../support/world.ts";

const MIB = 1024 * 1024;
const reason = whyNoSmallDisk();
const disks: SmallDisk[] = [];

let world: World;
let machine: Machine;
let folder: string;
beforeAll(async () => {
  if (reason) return;
  // 64 MiB always stay free.
  world = await makeWorld((path) => disks.push(smallDisk(path, 96)));
  machine = await world.machine("full");
  folder = world.at("files");
  mkdirSync(folder);
  for (let index = 0; index < 10; index++) writeFileSync(join(folder, String(index)), noise(5 * MIB, index + 1));
});
afterAll(async () => {
  await world?.service.kill();
  for (const disk of disks) disk[Symbol.dispose]();
  await world?.remove();
});

const theTest = test.skipIf(reason !== undefined);
const title = (promise: string): string => (reason ? `${promise} (${reason})` : promise);

theTest(title("a service without room keeps what fits, and goes on when it has room"), async () => {
  const first = await machine.json("backup", folder);
  expect(first).toMatchObject({ code: 3, answer: { result: "incomplete", code: "storage/full", snapshot: 1 } });
  expect(storageViolations(world.service.data, { digests: true })).toEqual([]);
  disks[0]?.resize(400);
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { result: "success", snapshot: 2 } });
  expect(storageViolations(world.service.data, { digests: true })).toEqual([]);
  const wanted = [{ sequence: 2, source: folder, target: world.at("back") }];
  await restoreSnapshots(world.service, machine.id, wanted, (_, { folder: back, problems }) => {
    expect(problems).toEqual([]);
    expect(treeDifferences(folder, back)).toEqual([]);
  });
});

theTest(title("a restore that runs out of room stops and leaves whole files only; with room it goes on"), async () => {
  const to = world.at("small-target");
  const disk = smallDisk(to, 22);
  disks.push(disk);
  const stopped = await machine.json("restore", "--at", "#2", "--to", to);
  expect(stopped).toMatchObject({ code: 3, answer: { error: { code: "disk/full" } } });
  for (const path of filesBelow(to)) expect(readFileSync(path).equals(readFileSync(path.slice(to.length)))).toBe(true);
  disk.resize(100);
  const words = ["restore", "--at", "#2", "--to", to, "--existing", "keep"];
  expect(await machine.json(...words)).toMatchObject({ code: 0, answer: { result: "completed" } });
  expect(treeDifferences(folder, join(to, folder))).toEqual([]);
});

theTest(
  title("a machine without room for its state says so, loses nothing, and goes on when it has room"),
  async () => {
    const many = world.at("many");
    mkdirSync(many);
    for (let index = 0; index < 4000; index++) writeFileSync(join(many, `${index}-${"x".repeat(150)}`), "");
    const disk = await onSmallDisk(machine.data);
    const full = await machine.json("backup", many, "--only");
    expect(full).toMatchObject({ code: 3, answer: { error: { code: "disk/full" } } });
    expect(existsSync(join(machine.data, "keys.json"))).toBe(true);
    disk.resize(50);
    expect(await machine.json("backup", many, "--only")).toMatchObject({ code: 0, answer: { result: "success" } });
  },
);

/** What is in `folder`, on a disk that has hardly more room. */
async function onSmallDisk(at: string): Promise<SmallDisk> {
  const kept = readdirSync(at).map((name) => [name, readFileSync(join(at, name))] as const);
  const bytes = kept.reduce((sum, [, content]) => sum + content.length, 0);
  const disk = smallDisk(at, bytes / MIB + 0.4);
  disks.push(disk);
  for (const [name, content] of kept) writeFileSync(join(at, name), content, { mode: 0o600 });
  return disk;
}
