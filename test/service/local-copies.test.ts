/** A machine of a real service that keeps a local copy as well. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../agent/config/load-config.ts";
import {
  backupLocal,
  changeSettings,
  localStatus,
  openLocalVault,
  restore,
  tellLocalRuns,
  type Vault,
} from "../../agent/index.ts";
import { readKeyFile } from "../../agent/keys/key-file.ts";
import { preferLocal } from "../../agent/local/prefer-local.ts";
import type { RestoreRemote } from "../../agent/remote/remote.ts";
import { openVault } from "../../agent/vault/open-vault.ts";
import { type BackedUpMachine, backedUpMachine } from "../support/backed-up-machine.ts";
import { noise } from "../support/entries-to-store.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestService } from "../support/test-service.ts";

const PASSPHRASE = "correct horse battery staple";

async function setup(passphrase?: string) {
  const service = await startTestService();
  const machine = await backedUpMachine(service, passphrase === undefined ? {} : { passphrase });
  const folder = tempFolder();
  await changeSettings(machine.data, { roots: [machine.source], local: { folder, capBytes: null, keep: "3-months" } });
  machine.write("letter", "Dear reader");
  machine.write("large", noise(2_500_000));
  const token = (await readKeyFile(join(machine.data, "keys.json")))?.token;
  const copy = () => backupLocal({ dataFolder: machine.data });
  return { service, machine, folder, token, copy };
}

async function restored(vault: Vault, machine: BackedUpMachine) {
  const target = tempFolder();
  const { sequence } = await vault.findSnapshot({ kind: "latest" });
  const report = await restore(vault, await vault.openSnapshot(sequence), {
    target,
    paths: [machine.source],
    threads: 0,
  });
  const differences = treeDifferences(machine.source, join(target, machine.source));
  return { differences: [...report.problems.map(({ code }) => code), ...differences] };
}

test("with the service gone the passphrase alone opens the copy", async () => {
  const { service, machine, folder, copy } = await setup(PASSPHRASE);
  expect(await copy()).toMatchObject({ snapshot: 1, result: "success" });
  await service.service.close();
  machine.write("letter", "Dear reader, I changed my mind");
  expect(await copy()).toMatchObject({ snapshot: 2, result: "success", counters: { filesEncoded: 1 } });
  const openers = { passphrase: async () => PASSPHRASE };
  await using vault = await openLocalVault({ folder, dataFolder: tempFolder(), openers });
  expect(await restored(vault, machine)).toEqual({ differences: [] });
});

test("with a key that the service keeps, only the recovery kit opens the copy", async () => {
  const { folder, machine, copy } = await setup();
  await copy();
  const opening = openLocalVault({ folder, dataFolder: machine.data, openers: {} });
  await expect(opening).rejects.toMatchObject({ code: "key/kit-needed" });
});

test("runs that the service could not be told of become records when it is back, in their order", async () => {
  const { service, machine, copy, token } = await setup();
  await copy();
  await service.service.close();
  await copy();
  machine.write("letter", "later");
  await copy();
  service.clock.advance(1000);
  await service.restart();
  const url = service.address;
  await changeSettings(machine.data, { service: { url } });
  expect(await tellLocalRuns(machine.data)).toBe(true);
  expect(await tellLocalRuns(machine.data)).toBe(true); // Nothing is told twice.
  const { items } = (await service.call("listOwnBackups", { token })).json;
  expect(items.map(({ type, state, filesEncoded }: Record<string, unknown>) => [type, state, filesEncoded])).toEqual([
    ["Local", "success", 1],
    ["Local", "success", 0],
    ["Local", "success", 2],
  ]);
});

test("a restore from the service takes from the copy what is sound there, and the rest from the service", async () => {
  const { service, machine, folder, copy } = await setup();
  await machine.backUp();
  await copy();
  const opened = async () => {
    const counts = { far: 0, near: 0 };
    const nearby = async (far: RestoreRemote, of: { machine: string; vault: string }) => {
      const packRange: RestoreRemote["packRange"] = async (...given) => {
        const bytes = await far.packRange(...given);
        counts.far += bytes.length;
        return bytes;
      };
      const found = await preferLocal({ ...far, packRange }, { folder, ...of });
      if (!found) return undefined;
      return {
        remote: found.remote,
        [Symbol.dispose]: () => {
          counts.near = found.localBytes;
          found[Symbol.dispose]();
        },
      };
    };
    const where = {
      address: { url: service.address },
      machine: machine.id,
      source: "cli",
      purpose: "restore",
    } as const;
    {
      await using vault = await openVault({ ...where, ...service.first.user, nearby });
      expect(await restored(vault, machine)).toEqual({ differences: [] });
    }
    return counts;
  };
  const whole = await opened();
  expect(whole.near).toBeGreaterThan(2_500_000);
  expect(whole.far).toBeLessThan(10_000); // At most a page: folders above the root may have changed in between.

  machine.write("later", noise(300_000, 9));
  await machine.backUp(); // The copy does not have this.
  const partly = await opened();
  expect(partly.near).toBeGreaterThan(2_500_000);
  expect(partly.far).toBeGreaterThan(300_000);
  expect(partly.far).toBeLessThan(1_000_000);

  for (const pack of packsOf(join(folder, machine.id))) spoil(pack);
  const spoiled = await opened();
  expect(spoiled).toMatchObject({ near: 0 });
  expect(spoiled.far).toBeGreaterThan(2_500_000);
});

test("a copy that was put back to an older state is found out, and still gives what it has", async () => {
  const { machine, folder, copy } = await setup(PASSPHRASE);
  await copy();
  const records = join(folder, machine.id, "records");
  await copy();
  const [name = ""] = readdirSync(records, { recursive: true, encoding: "utf8" }).filter((each) => /\/0*2-/.test(each));
  rmSync(join(records, name));
  await expect(copy()).rejects.toMatchObject({ code: "local/rolled-back", data: { shown: 1, known: 2 } });
  const told: number[][] = [];
  const openers = { passphrase: async () => PASSPHRASE };
  const onOlder = (...said: number[]) => void told.push(said);
  await using vault = await openLocalVault({ folder, dataFolder: machine.data, openers, onOlder });
  expect(told).toEqual([[1, 2]]);
  expect(await restored(vault, machine)).toEqual({ differences: [] });
});

test("a policy of cloud only refuses local copies, and says so", async () => {
  const { machine, copy } = await setup();
  await changeSettings(machine.data, { locations: "cloud-only" });
  await expect(copy()).rejects.toMatchObject({ code: "location/cloud-only" });
  await changeSettings(machine.data, { locations: "local-and-cloud", local: undefined });
  await expect(copy()).rejects.toMatchObject({ code: "local/not-set" });
});

test("the state of the copy is told in a few facts, and an empty mount point is not the copy", async () => {
  const { machine, folder, copy } = await setup();
  const status = async () => await localStatus(machine.data, await loadConfig(machine.data));
  expect(await status()).toEqual({ folder, isPresent: true, capBytes: null });
  await copy();
  const facts = { folder, isPresent: true, snapshots: 1, capBytes: null };
  expect(await status()).toMatchObject(facts);
  expect((await status())?.bytes).toBeGreaterThan(2_500_000);
  renameSync(folder, `${folder}-away`);
  mkdirSync(folder);
  expect(await status()).toMatchObject({ ...facts, isPresent: false });
  await expect(copy()).rejects.toMatchObject({ code: "local/other-disk" });
  expect(readdirSync(folder)).toEqual([]);
});

test("the copy itself is in no backup, though it lies in a folder that is", async () => {
  const { machine, copy } = await setup();
  const folder = join(machine.source, "disk");
  mkdirSync(folder);
  await changeSettings(machine.data, { local: { folder, capBytes: null, keep: "7-days" } });
  await copy();
  const report = await copy();
  expect(report.counters.files).toBe(2);
});

function packsOf(root: string): string[] {
  const names = readdirSync(join(root, "packs"), { recursive: true, encoding: "utf8" });
  return names.filter((name) => /[0-9a-f]{64}$/.test(name)).map((name) => join(root, "packs", name));
}

function spoil(path: string): void {
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
