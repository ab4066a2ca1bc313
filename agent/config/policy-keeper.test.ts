import { stat, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { NO_POLICY } from "./effective.ts";
import { policyPath, readPolicy } from "./policy-file.ts";
import { PolicyKeeper } from "./policy-keeper.ts";

const holders = { organization: "Acme", group: "Default", user: "ann", machine: "desk" };
const [FIRST, SECOND] = ["1".repeat(32), "2".repeat(32)];

async function start(dataFolder = tempFolder()) {
  const told: string[] = [];
  const service = { tag: FIRST, isAway: false, told };
  const check = () => {
    if (service.isAway) throw new Error("away");
  };
  const source = {
    policy: async (known?: string) => {
      check();
      told.push(`asked with ${known?.[0] ?? "nothing"}`);
      const isKnown = known === service.tag;
      return { tag: service.tag, settings: isKnown ? null : NO_POLICY, holders: isKnown ? null : holders };
    },
    takePolicy: async (tag: string) => {
      check();
      told.push(`took ${tag[0]}`);
    },
  };
  const open = () => PolicyKeeper.open({ dataFolder, source, clock: steeredClock() });
  return { dataFolder, service, open };
}

test("a policy is acknowledged after it is durable and applied, and asked for by its tag from then on", async () => {
  const { dataFolder, service, open } = await start();
  const keeper = await open();
  keeper.onChange(async ({ tag }) => {
    const onDisk = await readPolicy(dataFolder);
    service.told.push(
      `applied ${tag[0]}, on disk ${onDisk?.tag[0]}, ${onDisk?.takenAt === null ? "not taken" : "taken"}`,
    );
  });
  expect(await keeper.refresh()).toBe(true);
  expect(await keeper.refresh()).toBe(false);
  expect(service.told).toEqual(["asked with nothing", "applied 1, on disk 1, not taken", "took 1", "asked with 1"]);
  expect((await stat(policyPath(dataFolder))).mode & 0o777).toBe(0o600);
});

test("without the service the last policy holds, also after a restart", async () => {
  const { service, open } = await start();
  await (await open()).refresh();
  service.isAway = true;
  const keeper = await open();
  expect(keeper.current).toMatchObject({ tag: FIRST, holders: { organization: "Acme" } });
  await expect(keeper.refresh()).rejects.toThrow("away");
  expect(keeper.current?.tag).toBe(FIRST);
});

test("a policy that could not be applied is not acknowledged, and tried again", async () => {
  const { service, open } = await start();
  const keeper = await open();
  let isBroken = true;
  keeper.onChange(() => {
    if (isBroken) throw new Error("no");
  });
  await expect(keeper.refresh()).rejects.toThrow("no");
  isBroken = false;
  await (await open()).refresh();
  await keeper.refresh();
  expect(service.told).toEqual(["asked with nothing", "asked with 1", "took 1", "asked with 1", "took 1"]);
});

test.each(["", "{", '{"version":1}', "\u0000".repeat(100)])("a damaged file (%j) is fetched anew", async (text) => {
  const { dataFolder, service, open } = await start();
  await (await open()).refresh();
  await writeFile(policyPath(dataFolder), text);
  const keeper = await open();
  expect(keeper.current).toBeUndefined();
  expect(await keeper.refresh()).toBe(true);
  expect(service.told.slice(2)).toEqual(["asked with nothing", "took 1"]);
});

test("a heartbeat's tag leads to a question only when it is another", async () => {
  const { service, open } = await start();
  const keeper = await open();
  await keeper.refresh();
  expect(await keeper.follow(FIRST)).toBe(false);
  service.tag = SECOND;
  expect(await keeper.follow(SECOND)).toBe(true);
  expect(service.told.slice(2)).toEqual(["asked with 1", "took 2"]);
});
