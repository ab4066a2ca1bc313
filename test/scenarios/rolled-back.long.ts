/** A service that was restored from an old copy: told, not silently believed, and gone on from when people say so. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storageViolations } from "../faults/check-storage.ts";
import { noise } from "../support/make-tree.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { filesBelow } from "../support/try-keys.ts";
import { makeWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.remove());

test("the machine that was confirmed more stops with exit 8; told to go on, it sends what the old copy lacks", async () => {
  const { service } = world;
  const machine = await world.machine("ahead");
  const folder = world.at("files");
  mkdirSync(folder);
  for (let index = 0; index < 5; index++) writeFileSync(join(folder, `old-${index}`), noise(500_000, index + 1));
  expect(await machine.json("backup", folder)).toMatchObject({ code: 0, answer: { snapshot: 1 } });
  await service.stop();
  cpSync(service.data, world.at("old-copy"), { recursive: true });
  await service.start();
  for (let index = 0; index < 5; index++) writeFileSync(join(folder, `new-${index}`), noise(500_000, index + 50));
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { snapshot: 2 } });

  await service.kill();
  rmSync(service.data, { recursive: true });
  cpSync(world.at("old-copy"), service.data, { recursive: true });
  await service.start();
  const stopped = { code: 8, answer: { error: { code: "vault/rolled-back", data: { shown: 1, known: 2 } } } };
  expect(await machine.json("backup")).toMatchObject(stopped);
  expect(await machine.json("restore", "--to", world.at("nothing"))).toMatchObject(stopped);
  const [record] = [(await machine.json("records", "--last", "1")).answer].flat();
  expect(record).toMatchObject({ state: "failed", result: "vault/rolled-back" });

  expect(await machine.json("backup", "--accept-history")).toMatchObject({
    code: 0,
    answer: { snapshot: 2, result: "success" },
  });
  expect(storageViolations(service.data, { digests: true })).toEqual([]);
  const to = world.at("back");
  expect(await machine.json("restore", "--to", to)).toMatchObject({ code: 0, answer: { snapshot: 2 } });
  expect(treeDifferences(folder, join(to, folder))).toEqual([]);
  expect(await machine.json("verify", "--read-data")).toMatchObject({ code: 0, answer: { result: "sound" } });
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { snapshot: 3 } });
});

test("damage on the service's disk: verify names it with exit 8, restore brings back the rest with exit 3", async () => {
  const { service } = world;
  const machine = await world.machine("damaged");
  const folder = world.at("damaged-files");
  mkdirSync(folder);
  writeFileSync(join(folder, "large"), noise(2_000_000, 5));
  await machine.json("backup", folder);
  writeFileSync(join(folder, "small"), "in another pack");
  await machine.json("backup");
  await service.stop();
  damagePacksOf(2_000_000);
  await service.start();
  expect(await machine.json("verify", "--read-data")).toMatchObject({
    code: 8,
    answer: { result: "damaged", problems: [{ code: "chunk/corrupt", path: join(folder, "large") }, {}] },
  });
  const back = await machine.json("restore", "--to", world.at("damaged-back"));
  expect(back).toMatchObject({
    code: 3,
    answer: { filesRetrieved: 1, problems: [{ code: "chunk/corrupt", path: join(folder, "large") }] },
  });
});

/** One bit in the middle of every pack of about that size. */
function damagePacksOf(bytesMin: number): void {
  for (const path of filesBelow(join(world.service.data, "storage", "packs"))) {
    const bytes = readFileSync(path);
    // The first test's packs are larger.
    if (bytes.length < bytesMin || bytes.length > bytesMin * 1.1) continue;
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  }
}
