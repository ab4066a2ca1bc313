import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type SpacePlace, spacePlace } from "../../../test/support/space-place.ts";
import { CHEAP_PASSWORDS } from "../../../test/support/test-service.ts";
import { openDomain } from "../../open-domain.ts";
import type { Domain } from "../domain.ts";
import { pruneAll } from "./all-vaults.ts";
import { checkAll } from "./check.ts";
import { type RebuildReport, rebuild } from "./rebuild.ts";

const DAY_MS = 24 * 3600 * 1000;
const ids = (count: number): Buffer[] => Array.from({ length: count }, () => randomBytes(32));

/** Ends the service, throws its database away and makes it anew from the storage. */
async function rebuilt(at: SpacePlace): Promise<{ domain: Domain; report: RebuildReport }> {
  await at.service.service.close();
  const { data } = at.service;
  for (const name of readdirSync(data)) if (name.startsWith("holdfast.db")) rmSync(join(data, name));
  const domain = await openDomain(data, { clock: at.clock, passwordCost: CHEAP_PASSWORDS, mayAdopt: true });
  onTestFinished(() => domain.records.close());
  return { domain, report: await rebuild(domain) };
}

const snapshotsOf = async ({ records }: Domain) =>
  (await records.reach.listSnapshots(1, ["kept", "pruned", "gone"])).map(({ sequence, record, receivedAt, state }) => ({
    sequence,
    record,
    receivedAt,
    state,
  }));

test("snapshots come back with their numbers, hashes and receive times; use, keys and the machine's token are as before", async () => {
  const at = await spacePlace();
  await at.snapshot(ids(3));
  await at.snapshot(ids(2));
  const before = {
    snapshots: await snapshotsOf(at.domain),
    machine: await at.domain.records.machines.find(at.machine.id),
    vault: await at.domain.records.vaults.findByMachine(at.machine.id),
  };
  const { domain, report } = await rebuilt(at);
  expect(report).toMatchObject({ vaults: 1, recoveredMachines: 1, packs: 4, snapshots: 2, problems: [] });
  expect(await snapshotsOf(domain)).toEqual(before.snapshots);
  const { id, name, kind, usedBytes, fingerprint } = before.machine ?? {};
  expect(await domain.records.machines.find(at.machine.id)).toMatchObject({ id, name, kind, usedBytes, fingerprint });
  expect(await domain.records.vaults.findByMachine(at.machine.id)).toEqual({ ...before.vault, fence: 0 });
  expect(await domain.records.reach.findAgentToken(at.machine.id)).toBeDefined();
  expect((await checkAll(domain)).findings).toEqual([]);
  // Again: there is nothing more to do.
  expect(await rebuild(domain)).toMatchObject({ recoveredMachines: 0, packs: 0, snapshots: 0, problems: [] });
});

test("what retention had dropped for good stays gone, and what only it needed is not offered", async () => {
  const at = await spacePlace();
  const old = ids(2);
  await at.snapshot(old);
  await at.snapshot(ids(2));
  const rule = JSON.stringify({ policy: { last: 1 }, graceDays: 0 });
  const { organization = "" } = (await at.domain.records.machines.find(at.machine.id)) ?? {};
  await at.domain.records.retention.put({ holder: at.machine.id, organization, rule, changedAt: 1 });
  await pruneAll(at.domain);
  at.clock.advance(8 * DAY_MS);
  expect(await pruneAll(at.domain)).toEqual({ pruned: 0, gone: 1 });
  await at.collect();
  at.clock.advance(2 * DAY_MS);
  await at.collect();
  const { domain, report } = await rebuilt(at);
  expect(report.problems).toEqual([]);
  expect((await snapshotsOf(domain)).map(({ state }) => state)).toEqual(["gone", "kept"]);
  const offered = await domain.records.chunks.listIds(1, Buffer.alloc(0), 99);
  expect(offered).toHaveLength(3);
  expect((await checkAll(domain)).findings).toEqual([]);
});

test("a card that the service has not signed is not believed, and a vault without one is told", async () => {
  const at = await spacePlace();
  await at.snapshot(ids(2));
  const cards = join(at.service.data, "storage", "vaults", at.machine.vault.id.toString("hex"));
  const card = join(cards, readdirSync(cards)[0] ?? "");
  writeFileSync(
    card,
    Buffer.from(readFileSync(card).toString("latin1").replace('"name":"den"', '"name":"dem"'), "latin1"),
  );
  const { report } = await rebuilt(at);
  expect(report).toMatchObject({ vaults: 0, packs: 0, snapshots: 0 });
  expect(report.problems).toMatchObject([
    expect.stringContaining("its signature is wrong"),
    expect.stringContaining("has no card"),
  ]);
});

test("a lost or altered file costs what needs it, and nothing else", async () => {
  const at = await spacePlace();
  const data = ids(3);
  await at.snapshot(data);
  await at.snapshot(ids(2));
  await at.snapshot(ids(1));
  const storage = join(at.service.data, "storage");
  const rows = await at.domain.records.reach.listPacks(await at.number(), 0, 10);
  const first = Buffer.from(rows[0]?.id ?? []).toString("hex");
  const vault = at.machine.vault.id.toString("hex");
  rmSync(join(storage, "packs", vault, first.slice(0, 2), first));
  const records = readdirSync(join(storage, "records", vault)).sort();
  const third = join(storage, "records", vault, records[2] ?? "");
  writeFileSync(
    third,
    readFileSync(third).map((byte, index) => (index === 100 ? byte ^ 1 : byte)),
  );
  const { domain, report } = await rebuilt(at);
  expect(report).toMatchObject({ packs: 5, snapshots: 2 });
  expect(report.problems).toMatchObject([
    expect.stringContaining("is not used"),
    expect.stringContaining("snapshots 1 lack 3 chunks"),
  ]);
  expect((await domain.records.spaces.find(1)).losses).toBe(1);
  expect(await domain.records.vaults.findByNumber(1)).toMatchObject({ sequence: 2 });
});
