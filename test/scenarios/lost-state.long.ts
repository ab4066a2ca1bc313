/** What a machine remembers is a cache: lost, old or damaged, the next backup is right and sends little. */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noise } from "../support/make-tree.ts";
import { restoreSnapshots } from "../support/restore-snapshot.ts";
import { cli } from "../support/run-cli.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { type Machine, makeWorld, type World } from "../support/world.ts";

const KIB = 1024;
/** Of some 4 MB: the pages, and the one bundle of small files in which something changed. */
const LITTLE = 1200 * KIB;

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.remove());

async function backedUp(name: string): Promise<{ machine: Machine; folder: string; state: string }> {
  const machine = await world.machine(name);
  const folder = world.at(`files-of-${name}`);
  mkdirSync(folder);
  for (let index = 0; index < 300; index++) writeFileSync(join(folder, `small-${index}`), noise(3 * KIB, index + 1));
  writeFileSync(join(folder, "large"), noise(3_000 * KIB, 999));
  expect(await machine.json("backup", folder)).toMatchObject({ code: 0, answer: { snapshot: 1 } });
  return { machine, folder, state: join(machine.data, "state.db") };
}

/** One small file changes; the next snapshot has everything and little was sent. */
async function expectRight(machine: Machine, folder: string, sequence: number): Promise<void> {
  appendFileSync(join(folder, "small-7"), "changed");
  const { code, answer } = await machine.json("backup");
  expect({ code, ...answer }).toMatchObject({ code: 0, snapshot: sequence, result: "success" });
  expect(answer.counters.bytesTransferred).toBeLessThan(LITTLE);
  const wanted = [{ sequence, source: folder, target: world.at(`back-of-${machine.name}`) }];
  await restoreSnapshots(world.service, machine.id, wanted, (_, { folder: back, problems }) => {
    expect(problems).toEqual([]);
    expect(treeDifferences(folder, back)).toEqual([]);
  });
}

function removeState({ data }: Machine): void {
  for (const name of readdirSync(data)) if (name.startsWith("state.db")) rmSync(join(data, name));
}

test("state that is gone", async () => {
  const { machine, folder } = await backedUp("forgetful");
  removeState(machine);
  const { answer } = await machine.json("backup");
  expect(answer).toMatchObject({
    snapshot: 2,
    result: "success",
    counters: { filesTransferred: 0 },
  });
  // The folders above may have changed meanwhile: a page.
  expect(answer.counters.bytesTransferred).toBeLessThan(32 * KIB);
  await expectRight(machine, folder, 3);
});

test("state of an earlier day, as from a restored disk image", async () => {
  const { machine, folder, state } = await backedUp("rewound");
  copyFileSync(state, world.at("old-state"));
  writeFileSync(join(folder, "new"), noise(500 * KIB, 5));
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { snapshot: 2 } });
  removeState(machine);
  copyFileSync(world.at("old-state"), state);
  await expectRight(machine, folder, 3);
});

test.each([
  [
    "a beginning that is whole and noise behind",
    (state: string) => {
      const size = statSync(state).size;
      truncateSync(state, 4 * KIB);
      appendFileSync(state, noise(size - 4 * KIB));
    },
  ],
  ["cut in the middle", (state: string) => truncateSync(state, Math.floor(statSync(state).size / 2))],
])("state that is damaged: %s", async (name, damage) => {
  const { machine, folder, state } = await backedUp(name.replaceAll(" ", "-"));
  damage(state);
  await expectRight(machine, folder, 2);
});

test("a new disk: after recovery the history goes on, and what was there before is still there", async () => {
  const { machine, folder } = await backedUp("burnt");
  const stolen = cli(world.at("stolen"));
  renameSync(machine.data, stolen.data);
  expect(await machine.json("backup", folder)).toMatchObject({
    code: 2,
    answer: { error: { code: "settings/not-registered" } },
  });
  const { email } = world.service.credentials.user;
  const words = ["--service", world.service.url, "--email", email, "--machine", machine.id, "--kind", "desktop"];
  expect(await machine.json("register", "--recover", ...words)).toMatchObject({
    code: 0,
    answer: { machine: machine.id },
  });
  expect(await machine.json("backup", folder)).toMatchObject({ code: 0, answer: { snapshot: 2 } });
  await expectRight(machine, folder, 3);
  // Whoever has the old disk can add nothing any more.
  expect(await stolen.json("backup")).toMatchObject({ code: 4, answer: { error: { code: "token/invalid" } } });
  const to = world.at("before-the-fire");
  expect(await machine.json("restore", "--at", "#1", "--to", to)).toMatchObject({ code: 0, answer: { snapshot: 1 } });
});
