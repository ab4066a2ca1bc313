/** A disk that was copied with the agent's keys on it: the copy is found out, the machine itself goes on. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSqlite } from "../../base/sqlite.ts";
import { makeWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.remove());

test("a copy of a machine on another computer backs nothing up, and is told what it is", async (context) => {
  const machine = await world.machine("twin");
  const { identifiedBy } = JSON.parse(readFileSync(join(machine.data, "settings.json"), "utf8"));
  if (identifiedBy === "none") return context.skip("this computer has no number of its own");
  const folder = world.at("twin-files");
  mkdirSync(folder);
  writeFileSync(join(folder, "a.txt"), "alpha");
  expect(await machine.json("backup", folder)).toMatchObject({ code: 0, answer: { result: "success" } });

  // As if it had been registered elsewhere: then this computer is the copy.
  await world.service.stop();
  {
    using db = openSqlite(join(world.service.data, "holdfast.db"), { durability: "full" });
    db.prepare("UPDATE machines SET fingerprint = ? WHERE id = ?").run("ab".repeat(32), machine.id);
  }
  await world.service.start();
  expect(await machine.json("backup", folder)).toMatchObject({
    code: 4,
    answer: { error: { code: "machine/cloned" } },
  });
});
