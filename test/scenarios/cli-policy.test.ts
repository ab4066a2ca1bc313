/** What an administrator says about a machine, and what its owner may still say: on the command line, with the real service. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli } from "../support/run-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestService } from "../support/test-service.ts";

async function start() {
  const service = await startTestService();
  const top = tempFolder();
  const machine = cli(join(top, "agent"));
  const registered = await machine.run(
    ...["register", "--service", service.address, "--key", service.first.productKeys.desktop, "--kind", "desktop"],
  );
  expect(registered).toMatchObject({ code: 0 });
  const token = await service.logIn("admin");
  const say = async (settings: object) => {
    const said = await service.call("putPolicy", { token, params: { kind: "desktop" }, body: { settings } });
    expect(said.status).toBe(200);
  };
  const folder = (name: string): string => {
    mkdirSync(join(top, name));
    writeFileSync(join(top, name, "letter.txt"), name);
    return join(top, name);
  };
  return { service, machine, say, folder, token };
}

test("each value says whose it is; what is locked is refused by name, what is not is changed", async () => {
  const { service, machine, say, token } = await start();
  await say({
    warningDays: { value: 9, locked: true },
    schedules: { value: [{ type: "Scheduled", at: "21:30" }] },
  });
  expect((await machine.run("policy")).stdout).toMatch(/^service +has one;/m);
  const taken = (await machine.run("policy", "--take")).stdout;
  expect(taken).toMatch(/^warning days +9 +organization .+ +locked$/m);
  expect(taken).toMatch(/^schedule +daily 21:30 +organization/m);
  const [{ id }] = (await service.call("listMachines", { token })).json.items;
  const held = (await service.call("getEffectivePolicy", { token, params: { machine: id } })).json;
  expect(held.takenTag).toBe(held.tag);

  const refused = await machine.run("settings", "set", "warning-days", "5");
  expect(refused).toMatchObject({ code: 4, stdout: "" });
  expect(refused.stderr).toMatch(/warning-days can't be changed .*: locked by the organization .+\./);
  expect((await machine.run("settings")).stdout).toMatch(/^warning-days +- +locked by the organization/m);
  const set = await machine.run(..."settings set schedule weekly mon,thu 22:00".split(" "));
  expect(set).toMatchObject({ code: 0, stdout: "schedule: weekly mon,thu 22:00\n" });
  const { answer } = await machine.json("policy", "--offline");
  expect(answer).toMatchObject({
    service: "unknown",
    policy: { tag: held.tag },
    config: { warningDays: { value: 9, origin: "organization", locked: true }, schedules: { origin: "local" } },
  });
  await machine.run("settings", "unset", "schedule");
  expect((await machine.json("policy")).answer).toMatchObject({
    service: "same",
    config: { schedules: { origin: "organization" } },
  });
});

test("where an administrator chose what is backed up, naming other folders is refused and theirs are backed up", async () => {
  const { service, machine, say, folder } = await start();
  const [told, own] = [folder("told"), folder("own")];
  await say({ backupSets: { value: [{ name: "Office", roots: [told] }], locked: true } });
  // No agent runs: the backup itself hears of it.
  const refused = await machine.run("backup", own);
  expect(refused).toMatchObject({ code: 4 });
  expect(refused.stderr).toMatch(/roots can't be changed at this machine: locked by the organization/);
  const { code, answer } = await machine.json("backup");
  expect([code, answer.counters.files]).toEqual([0, 1]);
  expect((await machine.json("settings")).answer.roots).toEqual([]);
  await say({ backupSets: { value: [{ name: "Office", roots: [told] }] } });
  expect((await machine.json("backup", own)).answer.counters.files).toBe(2);

  // Without the service the last policy holds.
  await service.service.close();
  const away = await machine.run("policy");
  expect(away.code).toBe(0);
  expect(away.stdout).toMatch(/^service +not asked: The service at .* can't be reached/m);
  expect(away.stdout).toMatch(/^backup sets +Office: /m);
});
