/** What every implementation of `Records` promises about machines that come and go, their keys and their configuration. */
import { describe, expect, test } from "vitest";
import type { Records } from "../../server-mock/records/records.ts";
import type { ProductKeyRow } from "../../server-mock/records/rows.ts";
import { fillRecords, machineRow } from "../support/rows.ts";

const NO_POOLS = { separatePools: false };

export function machineConformance(name: string, make: () => Promise<Records>): void {
  const filled = async () => await fillRecords(await make());
  const used = async (records: Records, machine: string) =>
    (await records.quota.levels(machine, NO_POOLS)).map(({ usedBytes }) => usedBytes);

  describe(`${name} keeps machines that come and go`, () => {
    test("what a deleted machine uses is nobody's but its own, and comes back with it", async () => {
      const records = await filled();
      await records.quota.charge("m1", 100);
      await records.quota.charge("m2", 30);
      await records.transaction(async (stores) => {
        await stores.quota.countAbove("m1", -1);
        await stores.machines.change("m1", { deletedAt: 5 });
      });
      expect(await used(records, "m2")).toEqual([30, 30, 30, 30]);
      await records.quota.charge("m1", 7);
      expect([await used(records, "m2"), await used(records, "m1")]).toEqual([
        [30, 30, 30, 30],
        [107, 30, 30, 30],
      ]);
      expect(await records.machines.sumUsed("u1")).toEqual({ desktop: 30, server: 0 });
      await records.transaction(async (stores) => {
        await stores.machines.change("m1", { deletedAt: null });
        await stores.quota.countAbove("m1", 1);
      });
      expect(await used(records, "m2")).toEqual([30, 137, 137, 137]);
    });

    test("a machine moves with its use and with the promises to its uploads", async () => {
      const records = await filled();
      await records.quota.charge("m1", 100);
      const whose = { organization: "o1", userGroup: "g1", account: "u1", machine: "m1", kind: "desktop" } as const;
      await records.quota.reserve({ ...whose, id: "r1", bytes: 9, blob: "packs/a" });
      const row = machineRow("m1", { usedBytes: 100 });
      const asIf = await records.quota.levelsOf({ ...row, account: "u2" }, NO_POOLS);
      expect(asIf.map(({ level, heldBytes }) => [level, heldBytes])).toEqual([
        ["machine", 109],
        ["user", 0],
        ["group", 109],
        ["organization", 109],
      ]);
      await records.transaction(async (stores) => {
        await stores.quota.move("m1", { account: "u2", userGroup: "g1" });
        await stores.machines.change("m1", { account: "u2" });
      });
      const now = await records.quota.levels("m1", NO_POOLS);
      expect(now.map(({ usedBytes, heldBytes }) => [usedBytes, heldBytes])).toEqual(Array(4).fill([100, 109]));
      expect(await used(records, "m2")).toEqual([0, 0, 100, 100]);
    });

    test("deleted machines are listed in the order in which they went, purged ones not", async () => {
      const records = await filled();
      for (const [id, deletedAt] of [
        ["m3", 10],
        ["m1", 20],
        ["m2", 20],
        ["m4", 30],
      ] as const)
        await records.machines.change(id, { deletedAt });
      const ids = async (page: Parameters<typeof records.machines.listDeleted>[0]) =>
        (await records.machines.listDeleted(page)).map(({ id }) => id);
      expect(await ids({ before: 20, limit: 9 })).toEqual(["m3", "m1", "m2"]);
      expect(await ids({ before: 40, limit: 2 })).toEqual(["m3", "m1"]);
      expect(await ids({ before: 40, limit: 2, after: { id: "m1", deletedAt: 20 } })).toEqual(["m2", "m4"]);
      await records.machines.change("m1", { purgedAt: 50 });
      expect(await ids({ before: 20, limit: 9 })).toEqual(["m3", "m2"]);
      expect((await records.machines.listOf("u1")).map(({ id }) => id)).toEqual(["m2"]);
      expect(await records.machines.countIn("o1")).toBe(0);
      expect(await records.machines.listByFingerprint("u1", "f-m1")).toEqual([]);
      expect(await records.machines.listByFingerprint("u1", "f-m2")).toMatchObject([{ id: "m2" }]);
    });

    test("product keys are found by state, kind and owner, in pages", async () => {
      const records = await filled();
      const states: Record<string, Partial<ProductKeyRow>> = {
        k1: {},
        k2: { account: "u1" },
        k3: { account: "u1", machine: "m1" },
        k4: { account: "u1", suspendedAt: 1 },
        k5: { account: "u1", suspendedAt: 1, revokedAt: 2 },
        k6: { account: "u2", kind: "server" },
      };
      for (const [index, [id, more]] of Object.entries(states).entries())
        await records.productKeys.insert(keyRow(id, index, more));
      const list = async (filter: Parameters<typeof records.productKeys.list>[2], page = { limit: 9 }) =>
        (await records.productKeys.list(page, { organization: "o1" }, filter)).map(({ id }) => id);
      expect(await list({ state: "unassigned" })).toEqual(["k1"]);
      expect(await list({ state: "assigned" })).toEqual(["k6", "k2"]);
      expect(await list({ state: "activated" })).toEqual(["k3"]);
      expect([await list({ state: "suspended" }), await list({ state: "revoked" })]).toEqual([["k4"], ["k5"]]);
      expect(await list({ kind: "server" })).toEqual(["k6"]);
      expect(await list({ account: "u1", isActivated: false })).toEqual(["k5", "k4", "k2"]);
      expect(await list({ isActivated: true })).toEqual(["k3"]);
      expect(await list({ userGroup: "g2" })).toEqual([]);
      const after = { limit: 2, after: "k5" };
      expect(await list({ isActivated: false }, after)).toEqual(["k4", "k2"]);
      expect((await records.productKeys.listFree("u1")).map(({ id }) => id)).toEqual(["k2"]);
      expect(await records.productKeys.findByMachine("m1")).toMatchObject({ id: "k3" });
      expect(await records.productKeys.list({ limit: 9 }, { organization: "o2" })).toEqual([]);
    });

    test("a policy is one for each holder and kind; the last one that was put holds", async () => {
      const { policies } = await filled();
      const row = { holder: "g1", kind: "desktop", organization: "o1", changedAt: 1, changedBy: "a" } as const;
      await policies.put({ ...row, settings: "{}", version: 1 });
      await policies.put({ ...row, settings: '{"warningDays":{"value":4}}', version: 2, changedAt: 9 });
      await policies.put({ ...row, kind: "server", settings: "{}", version: 1 });
      await policies.put({ ...row, holder: "o1", settings: "{}", version: 1 });
      expect(await policies.find("g1", "desktop")).toMatchObject({ version: 2, changedAt: 9 });
      expect((await policies.listOf(["g1", "o1", "m1"], "desktop")).map(({ holder }) => holder).toSorted()).toEqual([
        "g1",
        "o1",
      ]);
      expect(await policies.listOf([], "desktop")).toEqual([]);
      await policies.removeOf("g1");
      expect([await policies.find("g1", "desktop"), await policies.find("g1", "server")]).toEqual([
        undefined,
        undefined,
      ]);
      await policies.putReceipt({ machine: "m1", tag: "a", receivedAt: 1 });
      await policies.putReceipt({ machine: "m1", tag: "b", receivedAt: 2 });
      expect(await policies.findReceipt("m1")).toEqual({ machine: "m1", tag: "b", receivedAt: 2 });
    });

    test("of what an agent says of itself the last is kept", async () => {
      const { agentStates } = await filled();
      const row = { machine: "m1", state: "waiting", because: "on-battery", since: 1, heardAt: 2, said: "{}" } as const;
      await agentStates.put(row);
      await agentStates.put({ ...row, machine: "m2", state: "idle", because: null });
      await agentStates.put({ ...row, heardAt: 3, said: '{"problems":[]}' });
      expect(await agentStates.find("m1")).toEqual({ ...row, heardAt: 3, said: '{"problems":[]}' });
      await agentStates.removeOf("m1");
      expect([await agentStates.find("m1"), (await agentStates.find("m2"))?.because]).toEqual([undefined, null]);
    });

    test("a code for new hardware is found until it is removed or has expired", async () => {
      const { replacements } = await filled();
      const row = { machine: "m1", madeBy: "a", createdAt: 1, expiresAt: 10 };
      await replacements.insert({ ...row, digest: Buffer.alloc(32, 1) });
      await replacements.insert({ ...row, digest: Buffer.alloc(32, 2), machine: "m2", expiresAt: 20 });
      expect(await replacements.find(Buffer.alloc(32, 1))).toMatchObject({ machine: "m1" });
      await replacements.removeExpired(10);
      expect(await replacements.find(Buffer.alloc(32, 1))).toBeUndefined();
      await replacements.removeOf("m2");
      expect(await replacements.find(Buffer.alloc(32, 2))).toBeUndefined();
    });
  });
}

const keyRow = (id: string, number: number, more: Partial<ProductKeyRow>): ProductKeyRow => ({
  id,
  digest: Buffer.alloc(32, number),
  lastGroup: "AAAAA",
  kind: "desktop",
  organization: "o1",
  userGroup: "g1",
  account: null,
  machine: null,
  revokedAt: null,
  suspendedAt: null,
  sentAt: null,
  activatedAt: null,
  version: 1,
  createdAt: 1,
  ...more,
});
