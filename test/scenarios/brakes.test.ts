/** Backups that look like damage, from a real tree to the service that keeps what was there before. */
import { randomBytes } from "node:crypto";
import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { backup } from "../../agent/index.ts";
import { systemClock } from "../../base/clock.ts";
import type { RouteName } from "../../protocol/routes.ts";
import { pruneAll } from "../../server-mock/domain/space/all-vaults.ts";
import { type BackedUpMachine, backedUpMachine } from "../support/backed-up-machine.ts";
import { cli } from "../support/run-cli.ts";
import { startTestService } from "../support/test-service.ts";

/** Fresh files count as old: marks trust only change times some seconds back. */
const clock = { ...systemClock, now: () => systemClock.now() + 60_000 };

const FILES = 1200;
const DAY_MS = 86_400_000;
const path = (machine: BackedUpMachine, number: number) =>
  join(machine.source, `folder-${number % 20}`, `note-${number}.txt`);

/** Text: two kilobytes that no other file has, and that can be made smaller. */
const words = (number: number, version = 0): string =>
  Array.from({ length: 220 }, (_, at) => `${(number * 7919 + at * 104_729 + version) % 65_536}`).join(" the ");

async function place() {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  for (let number = 0; number < FILES; number++)
    machine.write(`folder-${number % 20}/note-${number}.txt`, words(number));
  const params = { machine: machine.id };
  // Each call some days after the last one.
  const call = async (name: RouteName, body?: object) =>
    (await service.call(name, { token: await service.logIn("admin"), params, body })).json;
  const policy = { policy: { last: 1 }, graceDays: 0 };
  await call("setMachineRetention", policy);
  return {
    service,
    machine,
    space: () => call("getSpace"),
    /** The newest. */
    record: async () => (await call("listBackups")).items[0],
    thaw: () => call("changeSpace", { isFrozen: false }),
    async backUp() {
      const report = await backup({ dataFolder: machine.data, roots: [machine.source], type: "Automatic", clock });
      service.clock.advance(DAY_MS);
      return { ...report, pruned: (await pruneAll(service.service.domain)).pruned };
    },
  };
}

test("ordinary days are not flagged; when most files are deleted nothing expires until an admin has looked", async () => {
  const at = await place();
  expect((await at.backUp()).flags).toEqual([]);
  for (let number = 0; number < 150; number++) writeFileSync(path(at.machine, number), words(number, 1));
  for (let number = 150; number < 200; number++) rmSync(path(at.machine, number));
  at.machine.write("more/new.txt", "new");
  const ordinary = await at.backUp();
  expect([ordinary.flags, ordinary.pruned]).toEqual([[], 1]);
  for (let number = 200; number < 920; number++) rmSync(path(at.machine, number));
  const { stdout } = await cli(at.machine.data).run("backup", at.machine.source);
  expect(stdout).toContain("Careful: 720 of 1151 files are gone");
  const says = "720 of 1151 files are gone: deleted, or left out now.";
  expect(await at.record()).toMatchObject({ state: "success", flags: [{ flag: "mass-deletion", says }] });
  for (let day = 0; day < 2; day++) {
    at.machine.write("more/new.txt", `${day}`);
    expect(await at.backUp()).toMatchObject({ flags: [], pruned: 0 });
  }
  expect(await at.space()).toMatchObject({ frozenAt: expect.any(String), frozenReason: `Snapshot 3: ${says}` });
  await at.thaw();
  expect((await at.backUp()).pruned).toBeGreaterThan(1);
});

test("files that are encrypted, in place or under another name, are told by what can't be compressed any more", async () => {
  const at = await place();
  await at.backUp();
  for (let number = 0; number < 150; number++) {
    const isRenamed = number % 2 === 0;
    if (isRenamed) rmSync(path(at.machine, number));
    writeFileSync(`${path(at.machine, number)}${isRenamed ? ".locked" : ""}`, randomBytes(8_000));
  }
  const report = await at.backUp();
  expect(report).toMatchObject({ result: "success", pruned: 0, flags: [{ flag: "entropy-jump" }] });
  expect(report.flags?.[0]?.says).toMatch(
    /^150 files were replaced .*\(10\d % of its size is stored, [1-7]\d % before\)/,
  );
  expect((await at.space()).frozenReason).toContain("encrypted files look like that");
});

test("new pictures and archives, however many, are no jump, nor are files that moved a deletion", async () => {
  const at = await place();
  await at.backUp();
  for (const folder of readdirSync(at.machine.source))
    renameSync(join(at.machine.source, folder), join(at.machine.source, `old-${folder}`));
  for (let number = 0; number < 150; number++) at.machine.write(`photos/${number}.JPG`, randomBytes(8_000));
  expect((await at.backUp()).flags).toEqual([]);
});
