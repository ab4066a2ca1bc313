/** What the management side promises: quotas, devices, product keys, log-ins, suspension. Told by the real command line, with its exit codes. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storageViolations } from "../faults/check-storage.ts";
import { noise } from "../support/make-tree.ts";
import { restoreSnapshots } from "../support/restore-snapshot.ts";
import { cli } from "../support/run-cli.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { callRoute } from "../support/test-service.ts";
import { makeWorld, type World } from "../support/world.ts";

const MIB = 1024 * 1024;
const refusal = (code: number, error: string) => ({ code, answer: { error: { code: error } } });

let world: World;
let adminToken: string;
beforeAll(async () => {
  world = await makeWorld();
  const { json } = await callRoute(world.service.url, "login", { body: world.service.credentials.admin });
  adminToken = json.token;
});
afterAll(() => world.remove());

const change = (machine: string, body: Record<string, unknown>) =>
  callRoute(world.service.url, "changeMachine", { params: { machine }, body, token: adminToken });

test("a quota reached in the middle keeps what fits; with more room the next backup completes and sends nothing twice", async () => {
  const machine = await world.machine("quota");
  expect(await change(machine.id, { limitBytes: 21 * MIB })).toMatchObject({ status: 200 });
  const folder = world.at("much");
  mkdirSync(folder);
  for (let index = 0; index < 8; index++) writeFileSync(join(folder, String(index)), noise(5 * MIB, index + 1));
  const first = await machine.json("backup", folder);
  expect(first).toMatchObject({ code: 3, answer: { result: "incomplete", code: "quota/exceeded" } });
  expect(first.answer.problems).toContainEqual(expect.objectContaining({ code: "file/not-sent" }));
  const { json: full } = await callRoute(world.service.url, "getMachine", {
    params: { machine: machine.id },
    token: adminToken,
  });
  expect(full.quota.usedBytes).toBeLessThanOrEqual(21 * MIB);

  expect(await change(machine.id, { limitBytes: null })).toMatchObject({ status: 200 });
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { result: "success", snapshot: 2 } });
  expect(storageViolations(world.service.data, { digests: true })).toEqual([]);
  const wanted = [{ sequence: 2, source: folder, target: world.at("much-back") }];
  await restoreSnapshots(world.service, machine.id, wanted, (_, { folder: back, problems }) => {
    expect(problems).toEqual([]);
    expect(treeDifferences(folder, back)).toEqual([]);
  });
});

test("a suspended machine backs up nothing and loses nothing; activated, it goes on", async () => {
  const machine = await world.machine("suspended");
  const folder = world.at("suspended-files");
  mkdirSync(folder);
  writeFileSync(join(folder, "a"), "a");
  await machine.json("backup", folder);
  await change(machine.id, { state: "suspended" });
  appendFileSync(join(folder, "a"), "b");
  expect(await machine.json("backup")).toMatchObject(refusal(4, "machine/suspended"));
  await change(machine.id, { state: "active" });
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { snapshot: 2 } });
});

test("product keys that are unknown, used, revoked or of the wrong type are each refused with their reason", async () => {
  const { service } = world;
  const register = (key: string, kind = "desktop") =>
    cli(world.at("refused")).json("register", "--service", service.url, "--key", key, "--kind", kind);
  const used = await world.productKey();
  await cli(world.at("first")).json(
    "register",
    "--service",
    service.url,
    "--key",
    used.productKey,
    "--kind",
    "desktop",
  );
  // The same computer again, though from another folder: it is known, and how to go on is said.
  expect(await register(used.productKey)).toMatchObject(refusal(6, "machine/known"));
  const revoked = await world.productKey();
  await service.operate("keys", "revoke", revoked.id);
  expect(await register(revoked.productKey)).toMatchObject(refusal(4, "product-key/revoked"));
  const desktop = await world.productKey();
  expect(await register(desktop.productKey, "server")).toMatchObject(refusal(4, "product-key/wrong-type"));
  expect(await register("ABCDE-FGHJK-MNPQR-STVWX")).toMatchObject(refusal(4, "product-key/unknown"));
});

test("a person has as many devices of each kind as the account says", async () => {
  const { service } = world;
  const email = "few@holdfast.example";
  await service.operate("users", "create", email, "--desktops", "1", "--servers", "0");
  const made = await service.operate("keys", "create", "--user", email, "--count", "2", "--json");
  const [one, two]: { productKey: string }[] = JSON.parse(made);
  const register = (folder: string, key = "") =>
    cli(world.at(folder)).json(
      "register",
      "--service",
      service.url,
      "--key",
      key,
      "--kind",
      "desktop",
      "--name",
      folder,
    );
  expect(await register("device-1", one?.productKey)).toMatchObject({ code: 0 });
  expect(await register("device-2", two?.productKey)).toMatchObject(refusal(4, "device/limit"));
  const server = JSON.parse(await service.operate("keys", "create", "--user", email, "--kind", "server", "--json"));
  const words = ["register", "--service", service.url, "--key", server[0].productKey, "--kind", "server"];
  expect(await cli(world.at("device-3")).json(...words)).toMatchObject(refusal(4, "device/limit"));
});

test("wrong passwords are refused, then locked out; what is kept on the machine goes on backing up", async () => {
  const machine = await world.machine("locked");
  const folder = world.at("locked-files");
  mkdirSync(folder);
  await machine.json("backup", folder);
  const guess = cli(machine.data, { HOLDFAST_PASSWORD: "a wrong guess" });
  const restore = ["restore", "--email", world.service.credentials.user.email, "--to", world.at("guessed")];
  expect(await guess.json(...restore)).toMatchObject(refusal(4, "login/wrong"));
  const { email } = world.service.credentials.user;
  const codes: (string | undefined)[] = [];
  for (let count = 0; count < 5; count++)
    codes.push((await callRoute(world.service.url, "login", { body: { email, password: "another guess" } })).code);
  expect(codes.at(-1)).toBe("login/locked");
  // The right password does not help as long as it lasts.
  expect(await machine.json(...restore)).toMatchObject(refusal(4, "login/locked"));
  expect(await machine.json("backup")).toMatchObject({ code: 0 });
});
