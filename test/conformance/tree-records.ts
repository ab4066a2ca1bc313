/** What stores of the quota tree promise, on every engine. */
import { describe, expect, test } from "vitest";
import type { Records } from "../../server-mock/records/records.ts";
import { accountRow, fillRecords, groupRow, organizationRow, poolRows } from "../support/rows.ts";

export function treeConformance(name: string, make: () => Promise<Records>): void {
  const reservation = { organization: "o1", userGroup: "g1", kind: "desktop", blob: "b", bytes: 7 } as const;

  describe(`${name} knows the quota tree`, () => {
    test("a group's room says what is used, promised and granted below it, by kind", async () => {
      const records = await fillRecords(await make());
      await records.accounts.change("u1", { kind: "desktop", limitBytes: 50 });
      await records.accounts.change("u2", { kind: "server", limitBytes: 70 });
      await records.quota.charge("m1", 20);
      await records.quota.reserve({ id: "r1", account: "u1", machine: "m1", ...reservation });
      const room = { group: "g1", mode: "shared", limitBytes: null, overageBytes: 0 };
      expect(await records.tree.listRooms("o1", "all")).toEqual([
        { ...room, usedBytes: 20, heldBytes: 27, largestLimit: 70 },
      ]);
      expect(await records.tree.listRooms("o1", "desktop")).toMatchObject([{ heldBytes: 27, largestLimit: 50 }]);
      expect(await records.tree.listRooms("o1", "server")).toMatchObject([{ heldBytes: 0, largestLimit: 70 }]);
      expect(await records.tree.sumPromised("u1")).toEqual({ desktop: 7, server: 0 });
    });

    test("licences are counted by group, without deleted users", async () => {
      const records = await fillRecords(await make());
      await records.pools.change("g1", "desktop", { devices: 9 });
      await records.accounts.change("u2", { desktopDevices: 3, serverDevices: 2 });
      expect(await records.tree.listLicences("o1", "desktop")).toEqual([{ group: "g1", devices: 9, handed: 4 }]);
      expect(await records.tree.listLicences("o1", "server")).toEqual([{ group: "g1", devices: null, handed: 2 }]);
      await records.accounts.change("u2", { state: "deleted" });
      expect(await records.tree.listLicences("o1", "server")).toMatchObject([{ handed: 0 }]);
    });

    test("machines are counted by kind and whether they are virtual, without deleted ones", async () => {
      const records = await fillRecords(await make());
      await records.machines.change("m2", { kind: "server", virtual: 1 });
      const two = { desktop: { real: 1, virtual: 0 }, server: { real: 0, virtual: 1 } };
      expect(await records.tree.countMachines({ account: "u1" })).toEqual(two);
      await records.machines.change("m1", { deletedAt: 1 });
      expect((await records.tree.countMachines({ organization: "o1" })).desktop).toEqual({ real: 1, virtual: 0 });
    });

    test("a user moves with its machines, keys and uploads", async () => {
      const records = await fillRecords(await make());
      await records.groups.insert(groupRow("g9", "o1"));
      await records.pools.insert(poolRows("g9", "o1"));
      await records.quota.reserve({ id: "r1", account: "u1", machine: "m1", ...reservation });
      await records.tree.moveUser("u1", "g9");
      expect((await records.accounts.find("u1"))?.userGroup).toBe("g9");
      expect((await records.machines.find("m1"))?.userGroup).toBe("g9");
      expect((await records.machines.find("m3"))?.userGroup).toBe("g1");
      expect((await records.quota.listReservations())[0]?.userGroup).toBe("g9");
    });

    test("an organization without users goes with its admins; its name and subdomain are free", async () => {
      const records = await fillRecords(await make());
      await records.organizations.insert(organizationRow("o3", { subdomain: "three" }));
      await records.groups.insert(groupRow("g3", "o3", { isDefault: 1 }));
      for (const holder of ["o3", "g3"]) await records.pools.insert(poolRows(holder, "o3"));
      await records.accounts.insert(accountRow("a3", { organization: "o3", role: "admin" }));
      expect((await records.organizations.findBySubdomain("three"))?.id).toBe("o3");
      expect([await records.tree.countAccounts("o3"), await records.tree.countGroups("o3")]).toEqual([1, 1]);
      expect(await records.tree.countContents("o3")).toEqual([0, 0]);
      expect(await records.tree.countContents("o1")).toEqual([2, 3]);
      await records.tree.purgeOrganization("o3", 5);
      expect(await records.organizations.find("o3")).toMatchObject({ state: "deleted", subdomain: null });
      expect(await records.organizations.findByName("o3")).toBeUndefined();
      expect(await records.organizations.list({ limit: 9 })).toHaveLength(2);
      expect(await records.accounts.findByLogin("a3@example.com")).toBeUndefined();
    });

    test("an account goes with its links and tokens", async () => {
      const records = await fillRecords(await make());
      await records.accounts.insert(accountRow("u9", { userGroup: "g1" }));
      const link = { purpose: "reset", account: "u9", expiresAt: 9 } as const;
      await records.links.insert({ ...link, digest: Buffer.alloc(32, 1), createdAt: 1 });
      await records.links.insert({ ...link, digest: Buffer.alloc(32, 2), createdAt: 2 });
      expect((await records.links.findNewest("u9", "reset"))?.createdAt).toBe(2);
      expect(await records.links.findNewest("u9", "activate")).toBeUndefined();
      expect(await records.tree.countUsers("g1")).toBe(3);
      await records.tree.purgeAccount("u9", 7);
      expect(await records.accounts.findByLogin("u9@example.com")).toBeUndefined();
      expect(await records.accounts.find("u9")).toMatchObject({
        state: "purged",
        stateAt: 7,
        name: "",
        userGroup: null,
      });
      expect(await records.tree.countUsers("g1")).toBe(2);
      expect(await records.links.findNewest("u9", "reset")).toBeUndefined();
    });

    test("accounts with a group are listed within a scope, deleted users apart", async () => {
      const records = await fillRecords(await make());
      await records.accounts.insert(accountRow("a1", { role: "admin", userGroup: "g1" }));
      await records.accounts.insert(accountRow("a2", { role: "admin" }));
      await records.accounts.change("u2", { state: "deleted" });
      const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
      expect(ids(await records.tree.listAccounts({ limit: 9 }, { organization: "o1" }))).toEqual(["u1", "a1"]);
      expect(ids(await records.tree.listAccounts({ limit: 1 }, {}))).toEqual(["u3"]);
      expect(ids(await records.tree.listAccounts({ limit: 9, after: "u1" }, {}))).toEqual(["a1"]);
      expect(await records.tree.listAccounts({ limit: 9 }, { organization: "o1", groups: [] })).toEqual([]);
      expect(ids(await records.tree.listDeletedUsers({ limit: 9 }))).toEqual(["u2"]);
      expect(await records.tree.listDeletedUsers({ limit: 9, after: "u2" })).toEqual([]);
    });

    test("a wish for a new password is taken once, oldest first", async () => {
      const { resetRequests } = await make();
      const wish = { login: "a@b.example", subdomain: null, address: "::1", at: 1 };
      for (const id of ["1", "2"]) await resetRequests.insert({ ...wish, id });
      expect((await resetRequests.list(5)).map(({ id }) => id)).toEqual(["1", "2"]);
      expect([await resetRequests.take("1"), await resetRequests.take("1")]).toEqual([true, false]);
      expect(await resetRequests.count()).toBe(1);
    });
  });
}
