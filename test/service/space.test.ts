import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { pruneAll } from "../../server-mock/domain/space/all-vaults.ts";
import { type SpacePlace, spacePlace } from "../support/space-place.ts";

const DAY_MS = 24 * 3600 * 1000;
const ids = (count: number): Buffer[] => Array.from({ length: count }, () => randomBytes(32));

/** `days`: how long before now each snapshot was received, oldest first. */
async function withHistory(
  days: readonly number[],
): Promise<{ at: SpacePlace; admin: string; params: { machine: string } }> {
  const at = await spacePlace();
  const now = at.clock.now();
  for (const _ of days) await at.snapshot(ids(1));
  for (const [index, ago] of days.entries()) await at.receivedAt(index + 1, now - ago * DAY_MS);
  return { at, admin: await at.service.logIn("admin"), params: { machine: at.machine.id } };
}

const kept = async (at: SpacePlace): Promise<number[]> => {
  const { json } = await at.service.call("listSnapshots", { token: at.machine.token });
  return json.items.map(({ sequence }: { sequence: number }) => sequence);
};

test("a policy is previewed, set, inherited and applied; the machine sees what is kept, and the whole chain when it asks", async () => {
  const { at, admin, params } = await withHistory([100, 70, 50, 10, 0]);
  const { call } = at.service;
  const rule = { policy: { daily: 2 }, graceDays: 0 };
  const preview = (await call("previewRetention", { token: admin, params, body: rule })).json;
  expect(preview).toMatchObject({ kept: 2, dropped: 3, lost: 3 });
  expect(preview.snapshots[4]).toMatchObject({ sequence: 1, reasons: [], isLost: true });
  expect(preview.snapshots[0]).toMatchObject({ sequence: 5, reasons: ["newest", "daily"] });
  expect(await pruneAll(at.domain)).toEqual({ pruned: 0, gone: 0 });

  const before = (await call("getMachineRetention", { token: admin, params })).json;
  expect(before.effective).toMatchObject({
    policy: "1-year",
    policyFrom: "default",
    graceDays: 60,
    graceFrom: "default",
  });
  const { organization } = (await at.domain.records.machines.find(at.machine.id)) ?? {};
  const set = await call("setOrganizationRetention", {
    token: admin,
    params: { organization: organization ?? "" },
    body: rule,
  });
  expect(set.status).toBe(200);
  const after = (await call("getMachineRetention", { token: admin, params })).json;
  expect(after.effective).toMatchObject({ policyFrom: "organization", graceDays: 0, numbers: { daily: 2 } });
  expect(set.json.inherited).toMatchObject({ policy: "1-year", policyFrom: "default", graceDays: 60 });
  const audit = (await call("listAudit", { token: admin })).json.items[0];
  expect(audit).toMatchObject({ action: "retention/shorten" });

  expect(await pruneAll(at.domain)).toEqual({ pruned: 3, gone: 0 });
  expect(await kept(at)).toEqual([5, 4]);
  const all = await call("listSnapshots", { token: at.machine.token, query: { state: "all" } });
  expect(all.json.items.map(({ pruned = false }) => pruned)).toEqual([false, false, true, true, true]);

  // A preview of a level's rule leaves the others as they are.
  const previewAt = async (level: string, policy: object | null) =>
    (await call("previewRetention", { token: admin, params, body: { level, policy, graceDays: policy && 0 } })).json;
  expect(await previewAt("organization", { last: 1 })).toMatchObject({ kept: 1, lost: 1 });
  expect(await previewAt("group", { last: 1 })).toMatchObject({ kept: 1, lost: 1 });
  expect(await previewAt("machine", null)).toMatchObject({ kept: 2, lost: 0 });

  // The machine's own word counts before the organization's.
  await call("setMachineRetention", { token: admin, params, body: { policy: { last: 1 } } });
  expect((await call("getMachineRetention", { token: admin, params })).json.effective.policyFrom).toBe("machine");
  expect(await pruneAll(at.domain)).toEqual({ pruned: 1, gone: 0 });
  expect(await kept(at)).toEqual([5]);
});

test("a pruned snapshot is brought back within a week, and stays; later only its record is left", async () => {
  const { at, admin, params } = await withHistory([30, 20, 10, 0]);
  const { call } = at.service;
  await call("setMachineRetention", { token: admin, params, body: { policy: { last: 1 }, graceDays: 0 } });
  await pruneAll(at.domain);
  expect(await kept(at)).toEqual([4]);
  const back = { token: admin, params: { ...params, sequence: 2 }, body: { reason: "needed in court" } };
  expect((await call("unpruneSnapshot", back)).json).toMatchObject({ state: "kept", pin: "needed in court" });
  await pruneAll(at.domain);
  expect(await kept(at)).toEqual([4, 2]);

  at.clock.advance(8 * DAY_MS);
  expect(await pruneAll(at.domain)).toEqual({ pruned: 0, gone: 2 });
  expect((await call("unpruneSnapshot", { ...back, params: { ...params, sequence: 1 } })).code).toBe(
    "snapshot/missing",
  );
  const history = (await call("listAllSnapshots", { token: admin, params })).json.items;
  expect(history.map(({ state }: { state: string }) => state)).toEqual(["kept", "gone", "kept", "gone"]);
  const restore = (await at.machine.restore(await at.service.logIn())).json.token;
  expect((await call("getSnapshot", { token: restore, params: { sequence: 1 } })).status).toBe(200);
  await at.collect();
  at.clock.advance(2 * DAY_MS);
  await at.collect();
  await at.expectSound();
  const notes = await Array.fromAsync(at.domain.blobs.list("pruned"));
  expect(notes).toHaveLength(1);

  await call("unpinSnapshot", { token: admin, params: { ...params, sequence: 2 } });
  await pruneAll(at.domain);
  expect(await kept(at)).toEqual([4]);
});

test("nothing of what is held or frozen expires", async () => {
  const { at, admin, params } = await withHistory([30, 20, 0]);
  const { call } = at.service;
  await call("setMachineRetention", { token: admin, params, body: { policy: { last: 1 }, graceDays: 0 } });
  const machine = await at.domain.records.machines.find(at.machine.id);
  for (const what of [
    { organization: machine?.organization },
    { user: machine?.account },
    { machine: at.machine.id },
  ]) {
    const hold = (await call("createHold", { token: admin, body: { ...what, reason: "a dispute" } })).json;
    expect(await pruneAll(at.domain)).toEqual({ pruned: 0, gone: 0 });
    expect((await call("getMachineRetention", { token: admin, params })).json.isHeld).toBe(true);
    expect((await call("listHolds", { token: admin })).json.items).toMatchObject([{ id: hold.id }]);
    expect((await call("removeHold", { token: admin, params: { hold: hold.id } })).status).toBe(200);
  }
  expect((await call("createHold", { token: admin, body: { reason: "of nobody" } })).code).toBe("request/malformed");
  await call("changeSpace", { token: admin, params, body: { isFrozen: true } });
  expect(await pruneAll(at.domain)).toEqual({ pruned: 0, gone: 0 });
  await call("changeSpace", { token: admin, params, body: { isFrozen: false } });
  expect(await pruneAll(at.domain)).toEqual({ pruned: 2, gone: 0 });
});

test("a run in which most files are new stops expiry until an admin has looked", async () => {
  const at = await spacePlace();
  const admin = await at.service.logIn("admin");
  const params = { machine: at.machine.id };
  const counters = {
    files: 5000,
    bytes: 1,
    filesEncoded: 5000,
    bytesEncoded: 1,
    filesTransferred: 1,
    bytesTransferred: 1,
  };
  await at.snapshot(ids(1), undefined, undefined, { counters });
  await pruneAll(at.domain);
  expect((await at.service.call("getSpace", { token: admin, params })).json.frozenAt).toBeNull();
  await at.snapshot(ids(1), undefined, undefined, { counters: { ...counters, filesEncoded: 200 } });
  await pruneAll(at.domain);
  expect((await at.service.call("getSpace", { token: admin, params })).json.frozenAt).toBeNull();
  await at.snapshot(ids(1), undefined, undefined, { counters });
  await pruneAll(at.domain);
  const { frozenAt, frozenReason } = (await at.service.call("getSpace", { token: admin, params })).json;
  expect([frozenAt === null, frozenReason]).toEqual([false, expect.stringContaining("5000 of 5000")]);
  await at.service.call("changeSpace", { token: admin, params, body: { isFrozen: false } });
  await pruneAll(at.domain);
  expect((await at.service.call("getSpace", { token: admin, params })).json.frozenAt).toBeNull();
});

test("what a machine's history takes is told as it is: stored, needed, in the trash", async () => {
  const { at, admin, params } = await withHistory([30, 0]);
  const { call } = at.service;
  const fresh = (await call("getSpace", { token: admin, params })).json;
  expect(fresh).toMatchObject({ referencedBytes: null, trashBytes: 0, snapshots: { kept: 2, pruned: 0 } });
  await at.collect();
  const counted = (await call("getSpace", { token: admin, params })).json;
  expect(counted.referencedBytes).toBeGreaterThan(0);
  expect(counted.storedBytes - counted.referencedBytes).toBe(counted.unreferencedBytes);
  await at.letGo(1);
  await at.collect();
  at.clock.advance(2 * DAY_MS);
  await at.collect();
  const freed = (await call("getSpace", { token: admin, params })).json;
  expect(freed.storedBytes + freed.trashBytes).toBe(counted.storedBytes);
  expect(freed.referencedBytes).toBeLessThan(counted.referencedBytes);
});

test("jobs tell how they fared, to top-level admins", async () => {
  const at = await spacePlace();
  const names = async () => (await at.domain.records.jobRuns.list()).map(({ name }) => name);
  await expect.poll(names).toEqual(expect.arrayContaining(["prune", "collect", "scrub", "empty-trash"]));
  await expect.poll(async () => (await names()).length).toBeGreaterThan(8);
  const refused = await at.service.call("listJobs", { token: await at.service.logIn("admin") });
  expect(refused.code).toBe("role/not-allowed");
});

test("a group's rule comes between the machine's and the organization's, and an empty rule is none", async () => {
  const { at, admin, params } = await withHistory([0]);
  const { call } = at.service;
  const { organization = "", userGroup = "" } = (await at.domain.records.machines.find(at.machine.id)) ?? {};
  await call("setOrganizationRetention", { token: admin, params: { organization }, body: { policy: "7-years" } });
  const group = { token: admin, params: { group: userGroup } };
  await call("setGroupRetention", { ...group, body: { policy: "14-days", graceDays: 5 } });
  const effective = async () => (await call("getMachineRetention", { token: admin, params })).json.effective;
  expect(await effective()).toMatchObject({ policy: "14-days", policyFrom: "group", graceDays: 5, graceFrom: "group" });
  await call("setMachineRetention", { token: admin, params, body: { graceDays: 90 } });
  expect(await effective()).toMatchObject({ policyFrom: "group", graceDays: 90, graceFrom: "machine" });
  await call("setGroupRetention", { ...group, body: {} });
  expect(await effective()).toMatchObject({ policy: "7-years", policyFrom: "organization" });
  expect((await call("getGroupRetention", group)).json.own).toEqual({ policy: null, graceDays: null });
});

test("a user sees how long the own machine's snapshots are kept, and can change nothing of it", async () => {
  const { at, params } = await withHistory([0]);
  const token = await at.service.logIn("user");
  const { call } = at.service;
  expect((await call("getMachineRetention", { token, params })).status).toBe(200);
  expect((await call("getSpace", { token, params })).status).toBe(200);
  expect((await call("listAllSnapshots", { token, params })).json.items).toHaveLength(1);
  const pin = { ...params, sequence: 1 };
  const refused = [
    await call("setMachineRetention", { token, params, body: { policy: "7-days" } }),
    await call("pinSnapshot", { token, params: pin, body: { reason: "x" } }),
    await call("unpinSnapshot", { token, params: pin }),
    await call("changeSpace", { token, params, body: { isFrozen: true } }),
    await call("createHold", { token, body: { machine: at.machine.id, reason: "x" } }),
    await call("listHolds", { token }),
    await call("listDamages", { token }),
  ];
  expect(refused.map(({ code }) => code)).toEqual(refused.map(() => "role/not-allowed"));
  // A machine's token is good for none of it.
  expect((await call("setMachineRetention", { token: at.machine.token, params, body: {} })).code).toBe(
    "token/wrong-audience",
  );
});
