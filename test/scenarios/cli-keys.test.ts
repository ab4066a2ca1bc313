/** Who can open a machine's backups, at the command line: kits, another key, an organization's key. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli } from "../support/run-cli.ts";
import { makeWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
  mkdirSync(world.at("files"));
  writeFileSync(world.at("files/letter"), "dear diary");
});
afterAll(() => world.remove());

const letter = (to: string): string => readFileSync(join(to, world.at("files/letter")), "utf8");

test("a kit is written once, for its owner only, and opens the backups after the key has become a passphrase", async () => {
  const machine = await world.machine("kit", { variables: { HOLDFAST_NEW_PASSPHRASE: "only mine here" } });
  await machine.json("backup", world.at("files"));
  const kit = world.at("kit.txt");
  const asked = await machine.run("keys", "recovery-kit");
  expect([asked.code, asked.stdout, asked.stderr]).toEqual([2, "", expect.stringContaining("--no-check")]);
  expect(await machine.json("keys", "recovery-kit", "--out", kit)).toMatchObject({ code: 0, answer: { file: kit } });
  expect(statSync(kit).mode & 0o777).toBe(0o600);
  const again = await machine.json("keys", "recovery-kit", "--out", kit);
  expect([again.code, again.answer.error.code]).toEqual([2, "option/invalid"]);

  expect(await machine.json("keys", "to-custom")).toMatchObject({ code: 0, answer: { encryption: "custom" } });
  const to = world.at("kit-back");
  expect(await machine.json("restore", "--kit", kit, "--to", to)).toMatchObject({ code: 0 });
  expect(letter(to)).toBe("dear diary");
  const { answer } = await machine.json("keys");
  expect(answer).toMatchObject({ encryption: "custom", store: "file", recoveryKitAt: expect.any(String) });
  expect(Date.parse(answer.since)).toBeGreaterThan(Date.parse(answer.recoveryKitAt) - 60_000);
});

test("an administrator's recovery key opens what was registered with its enrolment code; the key never leaves", async () => {
  const { admin, user } = world.service.credentials;
  const variables = { HOLDFAST_PASSWORD: admin.password, HOLDFAST_NEW_PASSPHRASE: "organization horse" };
  const office = cli(world.at("office"), variables);
  const p12 = world.at("acme.p12");
  const { answer: made } = await office.json("corporate-key", "create", "--name", "Acme", "--out", p12);
  expect(made).toEqual({ key: p12, certificate: world.at("acme.pem"), fingerprint: expect.any(String) });
  const upload = (file: string) =>
    office.json("corporate-key", "upload", file, "--service", world.service.url, "--email", admin.email);
  expect((await upload(p12)).answer.error.code).toBe("option/invalid");
  expect((await upload(made.certificate)).answer).toMatchObject({ fingerprint: made.fingerprint, name: "Acme" });

  const { productKey } = await world.productKey();
  const machine = cli(world.at("corporate"), {
    HOLDFAST_PASSWORD: user.password,
    HOLDFAST_RECOVERY_KEY_PASSPHRASE: "organization horse",
  });
  const words = ["--service", world.service.url, "--kind", "desktop", "--name", "till"];
  const registered = await machine.json("register", ...words, "--key", `${productKey}##${made.fingerprint}`);
  expect(registered.answer).toMatchObject({ encryption: "corporate" });
  await machine.json("backup", world.at("files"));
  const to = world.at("corporate-back");
  const alone = await machine.json("restore", "--to", to);
  expect([alone.code, alone.answer.error.code]).toEqual([2, "key/recovery-key-missing"]);
  expect(await machine.json("restore", "--to", to, "--recovery-key", p12)).toMatchObject({ code: 0 });
  expect(letter(to)).toBe("dear diary");
});
