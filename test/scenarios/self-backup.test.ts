/** The service's own machine is lost: from the copy of itself and a copy of its storage it comes back, and so do everybody's files. */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noise } from "../support/make-tree.ts";
import { runProgram } from "../support/run-cli.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { startServiceProcess } from "../support/start-service.ts";
import { makeWorld, pointAt, type World } from "../support/world.ts";

const PASSPHRASE = { HOLDFAST_SELF_BACKUP_PASSPHRASE: "a copy of everything" };

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.remove());

test("a copy made while the service runs, and its storage, give back every file of a default-key machine", async () => {
  const { service } = world;
  const machine = await world.machine("laptop");
  const folder = world.at("files");
  mkdirSync(folder);
  for (let index = 0; index < 5; index++) writeFileSync(join(folder, `file-${index}`), noise(300_000, index + 1));
  expect(await machine.json("backup", folder)).toMatchObject({ code: 0, answer: { snapshot: 1 } });
  const copies = world.at("copies");
  mkdirSync(copies);
  const operate = async (...words: string[]) => await runProgram("server-mock/main.ts", words, PASSPHRASE).ended;
  expect(await operate("backup-self", "--data", service.data, "--to", copies)).toMatchObject({ code: 0 });
  const [name = ""] = readdirSync(copies);
  expect(name).toMatch(/\.self-backup$/);
  await service.kill();

  const data = world.at("new-service");
  const restored = await operate("restore-self", "--data", data, "--from", join(copies, name));
  expect(restored).toMatchObject({ code: 0, stderr: "" });
  cpSync(join(service.data, "storage"), join(data, "storage"), { recursive: true });
  expect(await operate("restore-self", "--data", data, "--from", join(copies, name))).toMatchObject({ code: 6 });

  await using again = await startServiceProcess(data, { credentials: service.credentials });
  pointAt(machine, again.url);
  const to = world.at("back");
  expect(await machine.json("restore", "--to", to)).toMatchObject({ code: 0, answer: { snapshot: 1 } });
  expect(treeDifferences(folder, join(to, folder))).toEqual([]);
  writeFileSync(join(folder, "one-more"), "after it came back");
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { snapshot: 2 } });
  expect(await machine.json("verify", "--read-data")).toMatchObject({ code: 0, answer: { result: "sound" } });
});
