import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HoldfastError } from "../../../protocol/errors.ts";
import { type SpacePlace, spacePlace } from "../../../test/support/space-place.ts";
import { packName, recordName } from "../../blobs/blobs.ts";
import { scrub } from "./scrub.ts";

const DAY_MS = 24 * 3600 * 1000;
const ids = (count: number): Buffer[] => Array.from({ length: count }, () => randomBytes(32));

async function withFiles(): Promise<{ at: SpacePlace; packs: string[]; record: string }> {
  const at = await spacePlace();
  await at.snapshot(ids(2));
  await at.snapshot(ids(2));
  const { records } = at.domain;
  const vault = at.machine.vault.id.toString("hex");
  const path = (name: string) => join(at.service.data, "storage", name);
  const rows = await records.reach.listPacks(await at.number(), 0, 10);
  const packs = rows.map(({ id }) => path(packName(vault, Buffer.from(id).toString("hex"))));
  const snapshot = await records.snapshots.find(await at.number(), 1);
  return { at, packs, record: path(recordName(vault, 1, snapshot?.record ?? "")) };
}

const all = { bytesPerSecond: Number.POSITIVE_INFINITY, olderThanMs: 0 };

test("what was stored or read lately is left alone; after a month all is read again, once", async () => {
  const { at } = await withFiles();
  expect(await scrub(at.domain)).toMatchObject({ packs: 0, records: 0 });
  at.clock.advance(31 * DAY_MS);
  const done = await scrub(at.domain, { bytesPerSecond: Number.POSITIVE_INFINITY });
  expect(done).toMatchObject({ packs: 4, records: 2, damaged: [] });
  expect(done.bytes).toBeGreaterThan(0);
  expect(await scrub(at.domain)).toMatchObject({ packs: 0, records: 0 });
});

test.each([
  [
    "one bit",
    (path: string) =>
      writeFileSync(
        path,
        readFileSync(path).map((byte, at) => (at === 70 ? byte ^ 1 : byte)),
      ),
  ],
  ["its end", (path: string) => truncateSync(path, 50)],
  ["all of it", (path: string) => rmSync(path)],
])("a pack that has lost %s is put aside, and its snapshots are named to admins", async (_, spoil) => {
  const { at, packs } = await withFiles();
  spoil(packs[0] ?? "");
  at.clock.advance(1);
  expect((await scrub(at.domain, all)).damaged).toHaveLength(1);
  const admin = await at.service.logIn("admin");
  const [damage] = (await at.service.call("listDamages", { token: admin })).json.items;
  expect(damage).toMatchObject({ machine: at.machine.id, kind: "pack", chunks: 2, snapshots: [1], state: "open" });
  const alerts = (await at.service.call("listAlerts", { token: admin })).json.items;
  expect(alerts).toMatchObject([{ kind: "storage.damaged", machine: at.machine.id }]);
  // Known by now, it is not found again.
  at.clock.advance(1);
  expect((await scrub(at.domain, all)).damaged).toEqual([]);
});

test("a file that was brought back is taken up again", async () => {
  const { at, packs, record } = await withFiles();
  const before = [packs[0] ?? "", record].map((path) => [path, readFileSync(path)] as const);
  for (const [path] of before) truncateSync(path, 10);
  at.clock.advance(1);
  expect((await scrub(at.domain, all)).damaged).toHaveLength(2);
  expect((await at.offered()).size).toBe(4);
  for (const [path, bytes] of before) writeFileSync(path, bytes);
  at.clock.advance(1);
  expect((await scrub(at.domain, all)).damaged).toEqual([]);
  expect((await at.offered()).size).toBe(6);
  expect(await at.domain.records.damages.countOpen()).toBe(0);
  const admin = await at.service.logIn("admin");
  const alerts = (await at.service.call("listAlerts", { token: admin, query: { state: "open" } })).json.items;
  expect(alerts).toEqual([]);
  await at.expectSound();
});

test("a storage that does not answer says nothing about what it holds", async () => {
  const { at } = await withFiles();
  at.clock.advance(1);
  const fail = () => Promise.reject(new HoldfastError("storage/failed", { reason: "a test" }));
  const domain = { ...at.domain, blobs: { ...at.domain.blobs, find: fail, probe: fail } };
  await expect(scrub(domain, all)).rejects.toMatchObject({ code: "storage/failed" });
  expect(await at.domain.records.damages.countOpen()).toBe(0);
});

test("it reads no faster than it may, and ends when it is told to", async () => {
  const { at } = await withFiles();
  at.clock.advance(31 * DAY_MS);
  const slept: number[] = [];
  const clock = { ...at.clock, sleep: async (ms: number) => void slept.push(ms) };
  await scrub({ ...at.domain, clock }, { bytesPerSecond: 1000 });
  expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(1000);
  at.clock.advance(31 * DAY_MS);
  expect(await scrub(at.domain, { signal: AbortSignal.abort() })).toMatchObject({ packs: 0 });
});
