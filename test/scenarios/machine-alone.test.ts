/** What is on a machine adds to its history and opens none of it; nor does what the service stores, without its key folder or a passphrase. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKeyFile } from "../../agent/keys/key-file.ts";
import { noise } from "../support/make-tree.ts";
import { cli } from "../support/run-cli.ts";
import { callRoute } from "../support/test-service.ts";
import { canariesIn, filesBelow, sealedChunks, tryKeys, valuesIn } from "../support/try-keys.ts";
import { type Machine, makeWorld, type World } from "../support/world.ts";

const PASSPHRASE = "correct horse battery staple";
const CONTENT = ["canary-of-a-small-file-0123456789", "canary-in-a-large-file-0123456789"] as const;
const NAMES = ["canary-of-a-name-0123456789"] as const;

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.remove());

/** A machine whose files are backed up and then gone from its disk. */
async function backedUp(name: string, words: readonly string[] = []): Promise<Machine> {
  const machine = await world.machine(name, { words, variables: { HOLDFAST_PASSPHRASE: PASSPHRASE } });
  const folder = world.at(`files-of-${name}`);
  mkdirSync(folder);
  writeFileSync(join(folder, NAMES[0]), CONTENT[0]);
  writeFileSync(join(folder, "large"), Buffer.concat([noise(300_000), Buffer.from(CONTENT[1]), noise(300_000, 2)]));
  expect(await machine.json("backup", folder)).toMatchObject({ code: 0 });
  rmSync(folder, { recursive: true });
  return machine;
}

/** What somebody else could have: everything in the service's folder but what `without` names. */
const serviceFiles = (without: readonly string[]): string[] =>
  filesBelow(world.service.data).filter((path) => !without.some((folder) => path.includes(`/${folder}/`)));

test("machine and storage together hold no content in the clear, and no key that opens a sealed chunk", async () => {
  const machine = await backedUp("thief");
  const paths = [...filesBelow(machine.data), ...serviceFiles(["keys"])];
  expect(canariesIn(paths, CONTENT)).toEqual([]);
  expect(canariesIn(serviceFiles(["keys"]), NAMES)).toEqual([]);

  const sealed = sealedChunks(join(world.service.data, "storage")).filter(({ bytes }) => bytes.length > 0);
  expect(sealed.length).toBeGreaterThanOrEqual(3);
  const values = valuesIn([join(machine.data, "keys.json"), join(machine.data, "settings.json")]);
  expect(values.length).toBeGreaterThanOrEqual(7);
  expect(await tryKeys(values, sealed)).toEqual([]);

  // The same attempts succeed with what only a person gets, so they are attempts.
  const { admin } = world.service.credentials;
  const { json: login } = await callRoute(world.service.url, "login", { body: admin });
  const order = { params: { machine: machine.id }, body: { source: "cli", purpose: "restore" }, token: login.token };
  const { json: session } = await callRoute(world.service.url, "openRestore", order);
  const own = sealed.filter(({ vault }) => vault.toString("hex") === session.vault.id);
  expect(await tryKeys([Buffer.from(session.wrap.secret, "base64")], own)).toHaveLength(own.length);
});

test("a machine's token gets no restore session, no wrap, no record and no pack", async () => {
  const machine = await backedUp("token");
  const secrets = await readKeyFile(join(machine.data, "keys.json"));
  const token = secrets?.token ?? "";
  const [pack = ""] = filesBelow(join(world.service.data, "storage", "packs"));
  const refused = { status: 403, code: "token/wrong-audience" };
  const call = (name: Parameters<typeof callRoute>[1], options: Parameters<typeof callRoute>[2]) =>
    callRoute(world.service.url, name, { token, ...options });
  expect(
    await call("openRestore", { params: { machine: machine.id }, body: { source: "cli", purpose: "restore" } }),
  ).toMatchObject(refused);
  expect(await call("getSnapshot", { params: { sequence: 1 } })).toMatchObject(refused);
  expect(await call("getPack", { params: { pack: pack.slice(-64) } })).toMatchObject(refused);
  expect(await call("locate", { body: { ids: [] } })).toMatchObject(refused);
  const seen = await Promise.all([call("ownMachine", {}), call("listSnapshots", {}), call("listOwnBackups", {})]);
  for (const { bytes } of seen) {
    expect(bytes.toString()).not.toContain("wrap");
    expect(bytes.toString()).not.toContain(NAMES[0]);
  }
});

test("with a passphrase of one's own, not even all that the service has opens anything", async () => {
  const machine = await backedUp("own-key", ["--own-passphrase"]);
  const vault = JSON.parse(readFileSync(join(machine.data, "keys.json"), "utf8")).vault;
  const sealed = sealedChunks(join(world.service.data, "storage")).filter(
    (chunk) => chunk.vault.toString("hex") === vault,
  );
  expect(sealed.length).toBeGreaterThan(0);
  const everything = serviceFiles([]);
  const secretFiles = [...filesBelow(join(world.service.data, "keys")), join(machine.data, "keys.json")];
  expect(canariesIn(everything, [...CONTENT, ...NAMES, PASSPHRASE])).toEqual([]);
  expect(canariesIn(filesBelow(machine.data), [...CONTENT, PASSPHRASE])).toEqual([]);
  expect(await tryKeys(valuesIn(secretFiles), sealed)).toEqual([]);

  const to = world.at("own-key-back");
  const wrong = cli(machine.data, { ...password(), HOLDFAST_PASSPHRASE: "incorrect horse" });
  expect(await wrong.json("restore", "--to", to)).toMatchObject({
    code: 4,
    answer: { error: { code: "key/wrong-passphrase" } },
  });
  expect(existsSync(to)).toBe(false);
  expect(await machine.json("restore", "--to", to)).toMatchObject({ code: 0, answer: { filesRetrieved: 2 } });
  expect(readFileSync(join(to, world.at("files-of-own-key"), NAMES[0]), "utf8")).toBe(CONTENT[0]);
});

const password = () => ({ HOLDFAST_PASSWORD: world.service.credentials.user.password });
