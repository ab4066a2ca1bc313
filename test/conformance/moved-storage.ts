/** What a move promises, whatever it moves between. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { systemRandom } from "../../base/random.ts";
import { databasePath, storagePath } from "../../server-mock/data-folder.ts";
import type { Engines } from "../../server-mock/engines.ts";
import { type MoveOptions, migrateStorage } from "../../server-mock/migrate/migrate-storage.ts";
import type { End } from "../../server-mock/migrate/storage-ends.ts";
import { openDomain } from "../../server-mock/open-domain.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { registerMachine } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

type MakeEngines = () => Promise<Engines>;

export function movedStorageConformance(name: string, makeTarget: MakeEngines): void {
  describe(`a move from a folder to ${name}`, () => {
    test("everything arrives, serves as before, and can be moved back", async () => {
      const [from, service] = await filled();
      const to: End = { data: tempFolder(), engines: await makeTarget() };
      const moved = await move(from, to);
      expect(moved.rows).toBeGreaterThan(20);
      expect(moved).toMatchObject({ blobs: (await service.machine()).files, damaged: [] });

      const back: End = { data: tempFolder(), engines: {} };
      await move(to, back);
      for (const { data, engines } of [to, back]) {
        const domain = await openDomain(data, { engines });
        onTestFinished(() => domain.records.close());
        const machine = await service.machine();
        const vault = await domain.records.vaults.findByMachine(machine.id);
        expect(vault?.sequence).toBe(2);
        expect((await domain.records.machines.find(machine.id))?.usedBytes).toBe(machine.usedBytes);
        for (const pack of machine.packs) expect(await domain.blobs.get(pack.name)).toEqual(pack.bytes);
        // Numbers go on where they were.
        const row = {
          vault: vault?.number ?? 0,
          id: Buffer.alloc(32, 1),
          sizeBytes: 1,
          kind: 0,
          state: "staged",
        } as const;
        const added = await domain.records.packs.insert({ ...row, sessions: Buffer.alloc(32), receivedAt: 1 }, []);
        expect(added).toBe(machine.packs.length + 1);
      }
    });

    test("a move that was cut at any step goes on, and its target serves nobody before it is whole", async () => {
      const [from, service] = await filled();
      const to: End = { data: tempFolder(), engines: await makeTarget() };
      for (const steps of [1, 9, 22]) {
        let left = steps;
        const cut = new Error("cut");
        const onStep = () => {
          if (--left === 0) throw cut;
        };
        await expect(move(from, to, { onStep })).rejects.toBe(cut);
        await expect(openDomain(to.data, { engines: to.engines })).rejects.toMatchObject({ code: "config/invalid" });
      }
      const other: End = { data: (await filled())[0].data, engines: {} };
      await expect(move(other, to)).rejects.toMatchObject({ code: "config/invalid" });
      const moved = await move(from, to);
      expect(moved.blobs).toBe((await service.machine()).files);
      const domain = await openDomain(to.data, { engines: to.engines });
      await domain.records.close();
    });

    test("a target with anything in it is refused", async () => {
      const [from] = await filled();
      const to: End = { data: tempFolder(), engines: await makeTarget() };
      await move(from, to);
      await expect(move(from, to)).rejects.toMatchObject({ code: "config/invalid" });
      await expect(move((await filled())[0], to)).rejects.toMatchObject({ code: "config/invalid" });
    });

    test("what is damaged at the source is named, and the rest arrives", async () => {
      const [from, service] = await filled();
      const { packs, files } = await service.machine();
      const [lost] = packs;
      writeFileSync(join(storagePath(from.data), lost?.name ?? ""), "damage".padEnd(lost?.bytes.length ?? 0));
      const moved = await move(from, { data: tempFolder(), engines: await makeTarget() });
      expect(moved).toMatchObject({ damaged: [lost?.name], blobs: files - 1 });
    });
  });
}

/** What a service must not be at while it is moved. */
export function movingRefusals(): void {
  test("nothing is moved while a service runs on the source, nor from a folder without one, nor onto itself", async () => {
    const service = await startTestService({ engines: {} });
    const from: End = { data: service.data, engines: {} };
    const to: End = { data: tempFolder(), engines: {} };
    await expect(move(from, to)).rejects.toMatchObject({ code: "service/running" });
    await service.service.close();
    await expect(move(from, from)).rejects.toMatchObject({ code: "config/invalid" });
    await expect(move({ data: tempFolder(), engines: {} }, to)).rejects.toMatchObject({ code: "config/invalid" });
    expect(existsSync(databasePath(from.data))).toBe(true);
  });
}

const move = (from: End, to: End, more: Partial<MoveOptions> = {}) =>
  migrateStorage({ from, to, clock: systemClock, random: systemRandom, ...more });

interface Filled {
  machine(): Promise<{
    readonly id: string;
    readonly usedBytes: number;
    /** All that lie in the storage folder, whatever they are. */
    readonly files: number;
    readonly packs: readonly { readonly name: string; readonly bytes: Buffer }[];
  }>;
}

/** An installation that has served two machines, one of which has two snapshots, and has ended. */
async function filled(): Promise<[End, Filled]> {
  const service: TestService = await startTestService({ engines: {} });
  const machine = await registerMachine(service);
  const { server } = service.first.productKeys;
  await registerMachine(service, { productKey: server, facts: { kind: "server" } });
  const backups = [await machine.backUp(), await machine.backUp()];
  const { records } = service.service.domain;
  const { usedBytes = 0 } = (await records.machines.find(machine.id)) ?? {};
  await service.service.close();
  const vault = machine.vault.id.toString("hex");
  const packs = backups.flatMap(({ data, pages }) =>
    [data, pages].map(({ id, bytes }) => ({
      name: `packs/${vault}/${id.slice(0, 2)}/${id}`,
      bytes: Buffer.from(bytes),
    })),
  );
  const everything = readdirSync(storagePath(service.data), { recursive: true, withFileTypes: true });
  const files = everything.filter((each) => each.isFile()).length;
  const facts = { id: machine.id, usedBytes, packs, files };
  return [{ data: service.data, engines: {} }, { machine: async () => facts }];
}
