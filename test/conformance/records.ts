/** What every implementation of `Records` promises, as far as the rules above it lean on it. */
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { NewChunk, NewPack, Records } from "../../server-mock/records/records.ts";
import type * as rows from "../../server-mock/records/rows.ts";
import { accountRow, fillRecords, machineRow, tokenRow } from "../support/rows.ts";

export function recordsConformance(name: string, make: () => Promise<Records>): void {
  describe(`${name} keeps the promises of Records`, () => {
    test("a row that was added is found, and changed columns alone change", async () => {
      const records = await fillRecords(await make());
      expect(await records.accounts.findByLogin("u1@example.com")).toMatchObject(accountRow("u1", { userGroup: "g1" }));
      await records.accounts.change("u1", { name: "New", limitBytes: 2 ** 52 });
      expect(await records.accounts.find("u1")).toMatchObject({
        ...accountRow("u1", { userGroup: "g1" }),
        name: "New",
        limitBytes: 2 ** 52,
      });
      expect(await records.accounts.find("nobody")).toBeUndefined();
    });

    test("a transaction is all or nothing", async () => {
      const records = await fillRecords(await make());
      const failing = records.transaction(async (stores) => {
        await stores.machines.change("m1", { name: "changed" });
        expect((await stores.machines.find("m1"))?.name).toBe("changed");
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect((await records.machines.find("m1"))?.name).toBe("m1");
    });

    test("transactions follow one another, and nobody sees half of one", async () => {
      const records = await fillRecords(await make());
      const increments = Array.from({ length: 20 }, () =>
        records.transaction(async (stores) => {
          const { limitBytes } = (await stores.machines.find("m1")) ?? machineRow("m1");
          await stores.machines.change("m1", { limitBytes: -1 });
          await Promise.resolve();
          await stores.machines.change("m1", { limitBytes: (limitBytes ?? 0) + 1 });
        }),
      );
      const looks = Array.from({ length: 20 }, () => records.machines.find("m1"));
      for (const look of await Promise.all(looks)) expect(look?.limitBytes).not.toBe(-1);
      await Promise.all(increments);
      expect((await records.machines.find("m1"))?.limitBytes).toBe(20);
    });

    test("lists are newest first, go on behind an id, and keep to their scope", async () => {
      const records = await fillRecords(await make());
      const ids = async (after?: string) =>
        (await records.machines.list({ limit: 2, after }, { organization: "o1" })).map(({ id }) => id);
      expect(await ids()).toEqual(["m3", "m2"]);
      expect(await ids("m2")).toEqual(["m1"]);
      expect(await records.machines.list({ limit: 9 }, { organization: "o1", account: "u2" })).toHaveLength(1);
      expect(await records.machines.list({ limit: 9 }, {})).toHaveLength(4);
      expect(await records.machines.list({ limit: 9 }, { organization: "o2" })).toHaveLength(1);
    });

    test("a deleted machine is not found and takes no device", async () => {
      const records = await fillRecords(await make());
      expect(await records.machines.countDevices("u1")).toEqual({ desktop: 2, server: 0 });
      await records.machines.change("m1", { deletedAt: 5 });
      expect(await records.machines.find("m1")).toBeUndefined();
      expect(await records.machines.listByFingerprint("u2", "f-m1")).toEqual([]);
      expect(await records.machines.countDevices("u1")).toEqual({ desktop: 1, server: 0 });
    });

    test("a pack is added once, with its chunks and links", async () => {
      const records = await fillRecords(await make());
      const links = randomBytes(64);
      const pages = [chunk({ links }), chunk(), chunk({ links: links.subarray(32) })];
      const number = await records.packs.insert(pack(1, "p1"), pages);
      expect(number).toBeGreaterThan(0);
      expect(await records.packs.insert(pack(1, "p1"), pages)).toBeUndefined();
      expect((await records.chunks.listLinks(number ?? 0)).map((each) => Buffer.from(each))).toEqual([
        links,
        links.subarray(32),
      ]);
      expect(await records.packs.countStaged(1)).toEqual({ packs: 1, bytes: 1000 });
      expect(await records.packs.countStaged(2)).toEqual({ packs: 0, bytes: 0 });
    });

    test("more chunks than one statement takes are added, listed in order, and found missing exactly", async () => {
      const records = await fillRecords(await make());
      const chunks = Array.from({ length: 1234 }, () => chunk());
      const number = (await records.packs.insert(pack(1, "p1"), chunks)) ?? 0;
      const sorted = chunks.map(({ id }) => Buffer.from(id).toString("hex")).toSorted();
      const hex = (ids: readonly Uint8Array[]) => ids.map((id) => Buffer.from(id).toString("hex"));
      const first = await records.chunks.listIds(1, Buffer.alloc(0), 1000);
      const rest = await records.chunks.listIds(1, first.at(-1) ?? Buffer.alloc(0), 1000);
      expect(hex([...first, ...rest])).toEqual(sorted);
      expect(hex(await records.chunks.listIdsOfPack(number, Buffer.alloc(0), 9999))).toEqual(sorted);
      expect(await records.chunks.listIds(2, Buffer.alloc(0), 10)).toEqual([]);

      const absent = Array.from({ length: 3 }, () => randomBytes(32));
      const asked = [...chunks.map(({ id }) => id), ...absent, ...absent];
      expect(new Set(hex(await records.chunks.listMissing(1, asked)))).toEqual(new Set(hex(absent)));
      expect(await records.chunks.listMissing(2, absent)).toHaveLength(3);
    });

    test("a chunk in several packs is located in the oldest live one, and lives on in the other", async () => {
      const records = await fillRecords(await make());
      const twice = chunk();
      const first = (await records.packs.insert(pack(1, "p1"), [twice])) ?? 0;
      expect(await records.chunks.locate(1, [twice.id])).toEqual([]);
      await records.packs.makeLive(1);
      const second = (await records.packs.insert(pack(1, "p2"), [{ ...twice, offset: 999 }, chunk()])) ?? 0;
      expect(await records.chunks.locate(1, [twice.id, randomBytes(32)])).toMatchObject([{ pack: first, offset: 60 }]);
      await records.packs.makeLive(1);
      await records.packs.remove(first);
      expect(await records.chunks.locate(1, [twice.id])).toMatchObject([{ pack: second, offset: 999 }]);
      expect(await records.chunks.locate(2, [twice.id])).toEqual([]);
    });

    test("staged packs are listed by vault and by age, live ones never", async () => {
      const records = await fillRecords(await make());
      await records.packs.insert({ ...pack(1, "old"), receivedAt: 10 }, [chunk()]);
      await records.packs.insert({ ...pack(2, "new"), receivedAt: 20 }, [chunk()]);
      expect(await records.packs.listStaged({ receivedBefore: 20 })).toHaveLength(1);
      expect(await records.packs.listStaged({ vault: 2 })).toHaveLength(1);
      await records.packs.makeLive(1);
      expect(await records.packs.listStaged({ receivedBefore: 99 })).toMatchObject([{ vault: 2, sizeBytes: 1000 }]);
    });

    test("use and promises are counted on all levels", async () => {
      const records = await fillRecords(await make());
      await records.quota.charge("m1", 100);
      await records.quota.charge("m2", 10);
      const promise = { organization: "o1", userGroup: "g1", account: "u1", machine: "m1", kind: "desktop" } as const;
      await records.quota.reserve({ id: "r1", ...promise, bytes: 7, blob: "b" });
      const held = async (id: string) =>
        (await records.quota.levels(id, { separatePools: false })).map(({ usedBytes, heldBytes }) => [
          usedBytes,
          heldBytes,
        ]);
      expect(await held("m1")).toEqual([
        [100, 107],
        [110, 117],
        [110, 117],
        [110, 117],
      ]);
      expect(await held("m3")).toEqual([
        [0, 0],
        [0, 0],
        [110, 117],
        [110, 117],
      ]);
      expect(await held("m4")).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
      await records.quota.release("r1");
      await records.quota.charge("m1", -100);
      expect(await held("m1")).toEqual([
        [0, 0],
        [10, 10],
        [10, 10],
        [10, 10],
      ]);
      expect(await records.quota.listReservations()).toEqual([]);
    });

    test("restores that ran out are listed, finished ones are not", async () => {
      const records = await fillRecords(await make());
      await records.restores.insert(restore("a", { expiresAt: 5 }));
      await records.restores.insert(restore("b", { expiresAt: 5, status: "completed", finishedAt: 3 }));
      await records.restores.insert(restore("c", { expiresAt: 9 }));
      expect((await records.restores.listExpired(7)).map(({ id }) => id)).toEqual(["a"]);
    });

    test("tokens end by expiry, by owner, or one by one", async () => {
      const records = await fillRecords(await make());
      await records.tokens.insert(tokenRow(1, { account: "u1", expiresAt: 5 }));
      await records.tokens.insert(tokenRow(2, { account: "u1", expiresAt: 9 }));
      await records.tokens.insert(tokenRow(3, { audience: "agent", machine: "m1" }));
      await records.tokens.insert(tokenRow(4, { audience: "restore", machine: "m1", account: "u2" }));
      const left = async () => {
        const found = await Promise.all([1, 2, 3, 4].map((digest) => records.tokens.find(Buffer.alloc(32, digest))));
        return found.flatMap((row, index) => (row === undefined ? [] : [index + 1]));
      };
      await records.tokens.removeExpired(5);
      expect(await left()).toEqual([2, 3, 4]);
      await records.tokens.removeOf({ machine: "m1", audience: "agent" });
      expect(await left()).toEqual([2, 4]);
      await records.tokens.removeOf({ account: "u1" });
      await records.tokens.remove(Buffer.alloc(32, 4));
      expect(await left()).toEqual([]);
    });
  });
}

const pack = (vault: number, id: string): NewPack => {
  const fields = { sizeBytes: 1000, kind: 0, state: "staged", sessions: Buffer.alloc(32), receivedAt: 1 } as const;
  return { vault, id: Buffer.from(id.padEnd(32)), ...fields };
};

const chunk = (more: Partial<NewChunk> = {}): NewChunk => {
  const fields = { offset: 60, length: 100, session: 0, type: 1, links: Buffer.alloc(0) };
  return { id: randomBytes(32), ...fields, ...more };
};

const restore = (id: string, more: Partial<rows.RestoreRow>): rows.RestoreRow => ({
  id,
  organization: "o1",
  machine: "m1",
  requestedBy: "u1@example.com",
  source: "cli",
  purpose: "restore",
  requestedAt: 1,
  finishedAt: null,
  expiresAt: 1,
  filesRequested: null,
  filesRetrieved: 0,
  bytes: 0,
  status: "running",
  code: null,
  ...more,
});
