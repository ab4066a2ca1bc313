import fc from "fast-check";
import { expect, test } from "vitest";
import { dataPack, makePack, registerMachine, type TestMachine, type TestPack } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

interface Limits {
  readonly machine: number | null;
  readonly user: number | null;
}

async function setLimits(service: TestService, machines: readonly TestMachine[], limits: Limits): Promise<void> {
  const { records } = service.service.domain;
  for (const { id } of machines) await records.machines.change(id, { limitBytes: limits.machine });
  const user = await records.accounts.findByLogin(service.first.user.email);
  await records.accounts.change(user?.id ?? "", { limitBytes: limits.user });
}

async function held(service: TestService, machine: TestMachine) {
  const levels = await service.service.domain.records.quota.levels(machine.id, { separatePools: false });
  return levels.map(({ level, usedBytes, heldBytes }) => ({ level, usedBytes, heldBytes }));
}

test("a pack beyond the limit is refused before it is read, with the level that is full", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const first = dataPack(machine.vault.id);
  const size = first.bytes.length;
  await setLimits(service, [machine], { machine: null, user: size + 10 });
  expect((await machine.put(first)).status).toBe(201);
  const refused = await machine.put(dataPack(machine.vault.id));
  expect([refused.status, refused.code]).toEqual([413, "quota/exceeded"]);
  expect(refused.json.error.data).toEqual({ level: "user", used: size, limit: size + 10, wanted: size });
  await setLimits(service, [machine], { machine: size, user: null });
  expect((await machine.put(dataPack(machine.vault.id))).json.error.data.level).toBe("machine");
  expect((await machine.put(first)).json.known).toBe(true);
  const { quota } = (await machine.open()).json;
  expect(quota).toEqual({ usedBytes: size, limitBytes: size, availableBytes: 0, state: "reached" });
});

test("racing uploads of several machines never exceed a limit, and failed ones give their room back", async () => {
  const service = await startTestService();
  const { desktop, server } = service.first.productKeys;
  const machines = [
    await registerMachine(service, { productKey: desktop }),
    await registerMachine(service, { productKey: server, facts: { kind: "server" } }),
  ];
  const limit = fc.option(fc.integer({ min: 0, max: 6000 }), { nil: null });
  const upload = fc.record({
    by: fc.nat({ max: 1 }),
    length: fc.integer({ min: 100, max: 1500 }),
    isSpoiled: fc.boolean(),
  });
  const property = fc.asyncProperty(
    fc.record({ machine: limit, user: limit }),
    fc.array(upload, { maxLength: 12 }),
    async (room, uploads) => {
      const before = await Promise.all(machines.map(async (each) => (await held(service, each))[0]?.usedBytes ?? 0));
      const usedBefore = before.reduce((sum, used) => sum + used, 0);
      // Limits count from what earlier rounds have left.
      const machineLimit = room.machine === null ? null : room.machine + Math.max(...before);
      const userLimit = room.user === null ? null : room.user + usedBefore;
      await setLimits(service, machines, { machine: machineLimit, user: userLimit });
      for (const machine of machines) await machine.open();
      const accepted = [0, 0];
      await Promise.all(
        uploads.map(async ({ by, length, isSpoiled }) => {
          const machine = machines[by] as TestMachine;
          const pack: TestPack = makePack(machine.vault.id, [{ length }]);
          const body = isSpoiled ? Buffer.concat([pack.bytes.subarray(0, -1), Buffer.from([0])]) : pack.bytes;
          const { status } = await machine.put(pack, { body });
          if (status === 201) accepted[by] = (accepted[by] ?? 0) + pack.bytes.length;
          else expect([413, 422]).toContain(status);
        }),
      );
      for (const [index, machine] of machines.entries()) {
        const [own, user, group, organization] = await held(service, machine);
        expect(own?.usedBytes).toBe((before[index] ?? 0) + (accepted[index] ?? 0));
        expect(user?.usedBytes).toBe(usedBefore + (accepted[0] ?? 0) + (accepted[1] ?? 0));
        for (const level of [own, user, group, organization]) expect(level?.heldBytes).toBe(level?.usedBytes);
        expect(group?.usedBytes).toBe(user?.usedBytes);
        expect(organization?.usedBytes).toBe(user?.usedBytes);
        if (machineLimit !== null) expect(own?.usedBytes).toBeLessThanOrEqual(machineLimit);
        if (userLimit !== null) expect(user?.usedBytes).toBeLessThanOrEqual(userLimit);
      }
    },
  );
  await fc.assert(property, { numRuns: 25, endOnFailure: true });
});

test("staged packs that nobody takes up for a week are dropped, with their file and their room", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { blobs } = service.service.domain;
  const kept = await machine.backUp();
  await machine.open();
  const dropped = dataPack(machine.vault.id);
  await machine.put(dropped);
  const name = (pack: TestPack) => `packs/${machine.vault.id.toString("hex")}/${pack.id.slice(0, 2)}/${pack.id}`;
  service.clock.advance(6 * 24 * 3600_000);
  expect((await machine.open()).json.staged.packs).toBe(1);
  service.clock.advance(24 * 3600_000 + 1);
  const afterAnHour = () => {
    service.clock.advance(3600_000);
    return blobs.find(name(dropped));
  };
  await expect.poll(afterAnHour, { interval: 200 }).toBeUndefined();
  expect(await blobs.find(name(kept.data))).toBeDefined();
  const live = kept.data.bytes.length + kept.pages.bytes.length;
  expect((await held(service, machine))[0]).toEqual({ level: "machine", usedBytes: live, heldBytes: live });
  expect((await machine.open()).json.staged.packs).toBe(0);
});
