/** Machines set up by deployment tools, on the command line, with the real service. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli } from "../support/run-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestService } from "../support/test-service.ts";

test("a file enrols a machine silently; again nothing changes; its key is wiped; another service is refused", async () => {
  const service = await startTestService();
  const top = tempFolder();
  const machine = cli(join(top, "agent"));
  const file = join(top, "enrol.json");
  const wish = {
    service: service.address,
    key: service.first.productKeys.desktop,
    kind: "desktop",
    name: "desk 7",
    roots: [top],
    schedule: "daily 21:30",
    settings: { warningDays: 4 },
  };
  const put = (change: object) => writeFileSync(file, JSON.stringify({ ...wish, ...change }));
  put({ settings: { warningDays: 0 } });
  const refused = await machine.run("enrol", "--from", file, "--no-service");
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toContain("setting/invalid");
  expect((await machine.run("status")).stderr).toContain("settings/not-registered");

  put({});
  const done = await machine.json("enrol", "--from", file, "--wipe", "--no-service");
  expect(done).toMatchObject({ code: 0, answer: { name: "desk 7", isNew: true, unit: null } });
  expect(done.answer.changed.sort()).toEqual(["roots", "schedules", "warningDays"]);
  expect(readFileSync(file, "utf8")).not.toContain(wish.key);
  expect(statSync(file).mode & 0o777).toBe(0o600);

  // What its owner said since then stays.
  await machine.run("settings", "set", "warning-days", "9");
  const again = await machine.json("register", "--from", file);
  expect(again).toMatchObject({ code: 0, answer: { isNew: false, changed: [], machine: done.answer.machine } });
  const settings = JSON.parse(readFileSync(join(machine.data, "settings.json"), "utf8"));
  expect(settings).toMatchObject({ warningDays: 9, roots: [top], schedules: [{ at: "21:30" }] });

  put({ service: "https://elsewhere.example" });
  expect(await machine.run("enrol", "--from", file, "--no-service")).toMatchObject({ code: 6 });
});

test("the environment enrols a machine; without a key nobody is waited for", async () => {
  const service = await startTestService();
  const top = tempFolder();
  const around = { HOLDFAST_SERVICE: service.address, HOLDFAST_ROOTS: top, HOLDFAST_KIND: "server" };
  const refused = await cli(join(top, "a"), around).run("enrol", "--no-service");
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("HOLDFAST_PRODUCT_KEY");
  const used = await cli(join(top, "a"), { ...around, HOLDFAST_PRODUCT_KEY: "ABCDE-FGHJK-MNPQR-STVWX" }).run("enrol");
  expect(used.code).toBe(4);
  const key = { HOLDFAST_PRODUCT_KEY: service.first.productKeys.server };
  const { code, answer } = await cli(join(top, "b"), { ...around, ...key }).json("enrol", "--no-service");
  expect(code).toBe(0);
  expect(answer).toMatchObject({ isNew: true, changed: ["roots"] });
});

test("units are shown without being installed; purging asks for the machine's name", async () => {
  const service = await startTestService();
  const machine = cli(join(tempFolder(), "agent"), {
    HOLDFAST_SERVICE: service.address,
    HOLDFAST_PRODUCT_KEY: service.first.productKeys.server,
    HOLDFAST_NAME: "shop",
    HOLDFAST_KIND: "server",
  });
  expect(await machine.run("install-service", "--print")).toMatchObject({ code: 2 });
  await machine.run("enrol", "--no-service");
  const { answer } = await machine.json("install-service", "--user", "--print");
  expect(answer.text).toContain(`--data ${machine.data}`);
  expect(await machine.run("install-service", "--user", "--system")).toMatchObject({ code: 2 });

  const words = ["uninstall-service", "--user", "--name", "holdfast-of-a-test", "--purge"];
  const unsaid = await machine.run(...words);
  expect(unsaid.stderr).toContain("purge/not-confirmed");
  expect((await machine.run(...words, "--confirm", "shoe")).stderr).toContain("shoe is not this machine's name");
  expect(statSync(join(machine.data, "keys.json")).isFile()).toBe(true);
  expect(await machine.run(...words, "--confirm", "shop")).toMatchObject({ code: 0 });
  expect(() => statSync(machine.data)).toThrow(expect.objectContaining({ code: "ENOENT" }));
});
