import fc from "fast-check";
import { expect, test } from "vitest";
import { hardLimit } from "../../server-mock/domain/backup/quota.ts";
import { addGroup, addMachine, addUser } from "../support/people.ts";
import { makePack, type TestMachine } from "../support/test-machine.ts";
import { startTestService } from "../support/test-service.ts";

type Act =
  | { readonly kind: "upload"; readonly machine: number; readonly length: number }
  | { readonly kind: "delete" | "undelete"; readonly machine: number }
  | { readonly kind: "move"; readonly machine: number; readonly user: number };

test("whatever is uploaded, deleted, brought back and moved at once, no hard limit is passed and every level adds up", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const { domain } = service.service;
  const assigned = await addGroup(service, token, "Assigned", {
    pools: [{ kind: "all", mode: "assigned", limitBytes: 6000 }],
  });
  const limited = await addGroup(service, token, "Limited", {
    pools: [{ kind: "all", mode: "limited", limitBytes: 5000 }],
  });
  const users = [
    await addUser(service, token, "ann", { limitBytes: 4000 }),
    await addUser(service, token, "bob", { group: assigned }),
    await addUser(service, token, "carl", { group: limited, desktopDevices: 1 }),
  ];
  const [ann] = users;
  const organization = (await domain.records.accounts.find(ann?.id ?? ""))?.organization ?? "";
  await domain.records.pools.change(organization, "all", { limitBytes: 14_000 });
  const machines: TestMachine[] = [];
  for (const user of users) machines.push(await addMachine(service, user));

  const number = fc.nat({ max: 2 });
  const act: fc.Arbitrary<Act> = fc.oneof(
    fc.record({ kind: fc.constant("upload" as const), machine: number, length: fc.integer({ min: 100, max: 2500 }) }),
    fc.record({ kind: fc.constantFrom("delete" as const, "undelete" as const), machine: number }),
    fc.record({ kind: fc.constant("move" as const), machine: number, user: number }),
  );
  const perform = async (one: Act): Promise<number> => {
    const machine = machines[one.machine] as TestMachine;
    const params = { machine: machine.id };
    switch (one.kind) {
      case "upload": {
        if ((await machine.open()).status !== 200) return 0;
        return (await machine.put(makePack(machine.vault.id, [{ length: one.length }]))).status;
      }
      case "delete":
        return (await service.call("deleteMachine", { token, params })).status;
      case "undelete":
        return (await service.call("undeleteMachine", { token, params })).status;
      case "move":
        return (await service.call("moveMachine", { token, params, body: { user: users[one.user]?.id } })).status;
    }
  };
  const property = fc.asyncProperty(fc.array(fc.array(act, { maxLength: 3 }), { maxLength: 6 }), async (rounds) => {
    for (const round of rounds)
      expect((await Promise.all(round.map(perform))).every((status) => status < 500)).toBe(true);
    expect(await domain.records.quota.listReservations()).toEqual([]);
    const rows = await Promise.all(machines.map(({ id }) => domain.records.machines.findEvenDeleted(id)));
    const counted = rows.flatMap((row) => (row?.deletedAt === null ? [row] : []));
    const sum = (fits: (row: (typeof counted)[number]) => boolean) =>
      counted.filter(fits).reduce((total, { usedBytes }) => total + usedBytes, 0);
    for (const { id } of users) {
      const user = await domain.records.accounts.find(id);
      expect(user?.usedBytes).toBe(sum(({ account }) => account === id));
      expect(user?.machineCount).toBe(counted.filter(({ account }) => account === id).length);
      const pool = await domain.records.pools.find(user?.userGroup ?? "", "all");
      expect(pool?.usedBytes).toBe(sum(({ userGroup }) => userGroup === user?.userGroup));
    }
    expect((await domain.records.pools.find(organization, "all"))?.usedBytes).toBe(sum(() => true));
    for (const { id } of counted)
      for (const level of await domain.records.quota.levels(id, { separatePools: false }))
        expect(level.heldBytes).toBeLessThanOrEqual(hardLimit(level) ?? Number.POSITIVE_INFINITY);
  });
  await fc.assert(property, { numRuns: 12 });
});
