import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemRandom } from "../base/random.ts";
import { type BackedUpMachine, backedUpMachine, openWebRestore } from "../test/support/backed-up-machine.ts";
import { tempFolder } from "../test/support/temp-folder.ts";
import { isEmbedded } from "../test/support/test-engines.ts";
import { startTestService, type TestService } from "../test/support/test-service.ts";
import { changeKey, makeRecoveryKit, openRecoveryKit, openVault, restore } from "./index.ts";
import type { Openers } from "./keys/openers.ts";
import { makeRecoveryKey, openRecoveryKey } from "./keys/recovery-key-file.ts";

const passphrase = (text: string) => ({ passphrase: async () => text });
const kitOf = (text: string) => ({ kit: () => openRecoveryKit(text) });

async function start() {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  machine.write("letter.txt", "dear diary");
  await machine.backUp();
  const login = service.first.user;
  const passphraseCost = { memoryKiB: 65_536, passes: 3, parallelism: 4 };
  const act = { dataFolder: machine.data, login, clock: service.clock, passphraseCost };
  return { service, machine, act, read: (openers: Openers = {}) => restored(service, machine, openers) };
}

/** What the letter says in the newest snapshot. */
async function restored(service: TestService, machine: BackedUpMachine, openers: Openers): Promise<string> {
  const to = tempFolder();
  const address = { url: service.address };
  const { id, source } = machine;
  const whose = { ...service.first.user, address, machine: id, source: "cli", purpose: "restore" } as const;
  await using vault = await openVault({ ...whose, clock: service.clock, ...openers });
  const snapshot = await vault.openSnapshot(1);
  await restore(vault, snapshot, { target: to });
  return readFileSync(join(to, source, "letter.txt"), "utf8");
}

const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "done",
    (error: { code?: string }) => error.code ?? error,
  );

const packsOf = (service: TestService): string[] =>
  readdirSync(join(service.data, "storage", "packs"), { recursive: true })
    .map(String)
    .sort();

test.runIf(isEmbedded())(
  "a default key becomes a passphrase, another passphrase and a default key again, and nothing is sent",
  async () => {
    const { service, machine, act, read } = await start();
    const before = packsOf(service);
    expect(before.length).toBeGreaterThan(0);
    expect(await changeKey(act, { kind: "custom", passphrase: "first horse" })).toMatchObject({ encryption: "custom" });
    expect(await code(read())).toBe("key/passphrase-missing");
    expect(await read(passphrase("first horse"))).toBe("dear diary");
    const next = { kind: "custom", passphrase: "second horse" } as const;
    await changeKey({ ...act, ...passphrase("first horse") }, next);
    expect(await code(read(passphrase("first horse")))).toBe("key/wrong-passphrase");
    expect(await read(passphrase("second horse"))).toBe("dear diary");

    await changeKey({ ...act, ...passphrase("second horse") }, { kind: "default" });
    expect(await read()).toBe("dear diary");
    expect(packsOf(service)).toEqual(before);
    machine.write("more.txt", "later");
    expect(await machine.backUp()).toBe(2);
  },
);

test("a recovery kit opens the history and gives a new passphrase when the old one is forgotten; another's does not", async () => {
  const { act, read } = await start();
  const { text, words } = await makeRecoveryKit(act);
  const other = await start();
  const { text: others, words: otherWords } = await makeRecoveryKit(other.act);
  await changeKey(act, { kind: "custom", passphrase: "forgotten horse" });
  expect(await read(kitOf(text))).toBe("dear diary");
  expect(await read(kitOf(words.join(" ")))).toBe("dear diary");
  for (const wrong of [others, otherWords.join(" ")]) expect(await code(read(kitOf(wrong)))).toBe("key/not-this-vault");
  expect(await code(read(kitOf(words.slice(1).join(" "))))).toBe("key/kit-malformed");
  await changeKey({ ...act, ...kitOf(text) }, { kind: "custom", passphrase: "remembered horse" });
  expect(await read(passphrase("remembered horse"))).toBe("dear diary");
});

test("a corporate key opens with the organization's recovery key; without it neither the user nor the service reads", async () => {
  const { service, machine, act, read } = await start();
  const admin = await service.logIn("admin");
  const now = service.clock.now();
  const make = (name: string) => makeRecoveryKey({ name, passphrase: "p", now, random: systemRandom });
  const [acme, unknown] = [await make("Acme"), await make("Unknown")];
  const { json, status } = await service.call("addRecoveryCertificate", {
    token: admin,
    body: { certificate: acme.certificate },
  });
  expect([status, json]).toMatchObject([200, { fingerprint: acme.fingerprint, name: "Acme", retiredAt: null }]);
  const to = (fingerprint: string) => ({ kind: "corporate", fingerprint }) as const;
  expect(await code(changeKey(act, to(unknown.fingerprint)))).toBe("recovery-certificate/missing");
  expect(await changeKey(act, to(acme.fingerprint))).toMatchObject({ encryption: "corporate" });

  expect(await code(read())).toBe("key/recovery-key-missing");
  const key = (files: typeof acme) => ({ recoveryKey: async () => openRecoveryKey(files.p12, "p", "x.p12") });
  expect(await code(read(key(unknown)))).toBe("key/recovery-key-other");
  expect(await read(key(acme))).toBe("dear diary");
  expect(await code(openWebRestore(service, machine.id))).toMatchObject({
    message: expect.stringContaining("key-is-yours"),
  });
  await changeKey({ ...act, ...key(acme) }, { kind: "default" });
  expect(await read()).toBe("dear diary");
});

test.runIf(isEmbedded())("a passphrase leaves nothing behind with which the service could open the vault", async () => {
  const { service, machine, act } = await start();
  const web = await openWebRestore(service, machine.id);
  const list = async () => (await web.call("listEntries", { folder: machine.path() })).code;
  expect(await list()).toBeUndefined();
  const { path, id } = await web.archive({ parts: [{ snapshot: 1, paths: [machine.path()] }] });
  await expect.poll(async () => (await web.status(id)).status).toBe("ready");
  expect((await web.download(path)).status).toBe(200);
  const cards = () => {
    const folder = join(service.data, "storage", "vaults");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    return files.map((each) => readFileSync(join(each.parentPath, each.name), "latin1"));
  };
  expect(cards()).toMatchObject([expect.stringContaining('"kind":"default"')]);
  await changeKey(act, { kind: "custom", passphrase: "only mine here" });
  // Open vaults, links and the card on the storage, each at once.
  expect(await list()).toBe("restore/key-is-yours");
  expect((await web.download(path)).status).toBeGreaterThanOrEqual(400);
  expect(cards()).toEqual([expect.not.stringContaining('"kind":"default"')]);
  const row = await service.service.domain.records.vaults.findByMachine(machine.id);
  expect(JSON.parse(row?.wrap ?? "{}").kind).toBe("custom");
});
