/** What the stores of retention, collection and scrubbing promise, on every engine. */
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { NewChunk, NewPack, Records } from "../../server-mock/records/records.ts";
import type { SpaceRow } from "../../server-mock/records/space-rows.ts";
import { fillRecords } from "../support/rows.ts";

const NOTHING = Buffer.alloc(0);
const hex = (ids: readonly Uint8Array[]): string[] => ids.map((id) => Buffer.from(id).toString("hex")).sort();

const chunk = (id: Buffer, links: Buffer = NOTHING): NewChunk => {
  return { id, offset: 60, length: 100, session: 0, type: 1, links };
};

const pack = (vault: number, kind: 0 | 1, more: Partial<NewPack> = {}): NewPack => {
  const fields = { sizeBytes: 1000, state: "live", sessions: Buffer.alloc(32), receivedAt: 10 } as const;
  return { vault, id: randomBytes(32), kind, ...fields, ...more };
};

const snapshot = (vault: number, sequence: number) => {
  const fields = { claimedAt: 1, incomplete: 0, files: 1, bytes: 1, receipt: Buffer.alloc(149) } as const;
  return { vault, sequence, record: `${sequence}`, root: randomBytes(32), receivedAt: sequence * 10, ...fields };
};

export function spaceConformance(name: string, make: () => Promise<Records>): void {
  const filled = async () => await fillRecords(await make());

  describe(`${name} keeps what collection and scrubbing need`, () => {
    test("a vault that nobody looked at has a row of zeros, and changes add up", async () => {
      const { spaces } = await filled();
      const zeros = await spaces.find(1);
      expect(zeros).toMatchObject({ vault: 1, isDue: 0, collectedAt: null, losses: 0, card: null });
      await spaces.change(1, { isDue: 1 });
      await spaces.change(1, { losses: 3, heldBytes: 2 ** 50, heldAt: 5 });
      const changed: SpaceRow = { ...zeros, isDue: 1, losses: 3, heldBytes: 2 ** 50, heldAt: 5 };
      expect(await spaces.find(1)).toEqual(changed);
      expect(await spaces.listDue(0, 10)).toEqual([1]);
      expect(await spaces.listDue(1, 10)).toEqual([]);
      expect(await spaces.listVaults(0, 10)).toEqual([1, 2]);
      expect(await spaces.listHeld({ limit: 9 }, { organization: "o1" })).toHaveLength(1);
      expect(await spaces.listHeld({ limit: 9 }, { organization: "o2" })).toEqual([]);
      await spaces.change(2, { purgedAt: 7 });
      expect(await spaces.listPurged(8, 10)).toEqual([2]);
      expect(await spaces.listPurged(7, 10)).toEqual([]);
    });

    test("links are found by the page they belong to, in every copy, within the vault", async () => {
      const { packs, reach } = await filled();
      const [page, other, one, two] = [randomBytes(32), randomBytes(32), randomBytes(32), randomBytes(32)];
      const first = (await packs.insert(pack(1, 1), [chunk(other), chunk(page, one)])) ?? 0;
      const second = (await packs.insert(pack(1, 1), [chunk(page, two)])) ?? 0;
      await packs.insert(pack(2, 1), [chunk(page, other)]);
      const found = await reach.linksOf(1, [page, other, one]);
      expect(hex(found.map(({ links }) => links))).toEqual(hex([one, two]));
      const all = await reach.listLinks(1, { pack: 0, position: -1 }, 1);
      expect(all).toMatchObject([{ pack: first, position: 1 }]);
      const rest = await reach.listLinks(1, all[0] ?? { pack: 0, position: 0 }, 9);
      expect(rest).toMatchObject([{ pack: second, position: 0 }]);
      expect(await reach.listUnnamedLinks(1)).toEqual([]);
    });

    test("condemned chunks are not offered and not missing; revived ones are offered again; lost ones are missing", async () => {
      const { packs, chunks, reach } = await filled();
      const [a, b, c] = [randomBytes(32), randomBytes(32), randomBytes(32)];
      const first = (await packs.insert(pack(1, 0), [chunk(a), chunk(b)])) ?? 0;
      const second = (await packs.insert(pack(1, 0), [chunk(b), chunk(c)])) ?? 0;
      const offered = async () => hex(await chunks.listIds(1, NOTHING, 9));
      await reach.condemn(first, [a, b], 5);
      expect(await offered()).toEqual(hex([b, c]));
      expect(await chunks.listMissing(1, [a, b, c])).toEqual([]);
      expect(hex(await reach.listCondemned(1, [a, b, c]))).toEqual(hex([a]));
      expect(hex(await reach.listGood(1, [a, b, c]))).toEqual(hex([b, c]));
      expect(await reach.chunksOf(first)).toMatchObject([{ condemnedAt: 5 }, { condemnedAt: 5 }]);
      await reach.revive(1, [a]);
      expect(await offered()).toEqual(hex([a, b, c]));

      await reach.lose(second, 6);
      expect(hex(await chunks.listMissing(1, [a, b, c]))).toEqual(hex([c]));
      expect(await offered()).toEqual(hex([a]));
      await reach.changePack(second, { state: "damaged", stateAt: 6 });
      // What is whole comes first; a damaged pack is the last resort.
      expect(await chunks.locate(1, [b])).toMatchObject([{ pack: first }]);
      expect(await chunks.locate(1, [c])).toMatchObject([{ pack: second }]);
      await reach.unlose(second);
      expect(await chunks.listMissing(1, [a, b, c])).toEqual([]);
      await reach.dropChunks(first, [a]);
      expect(hex(await chunks.listMissing(1, [a, b]))).toEqual(hex([a]));
    });

    test("packs are listed and summed by state, read oldest first, and emptied from the trash by age", async () => {
      const { packs, reach } = await filled();
      const numbers: number[] = [];
      for (const receivedAt of [30, 20, 10])
        numbers.push(
          (await packs.insert(pack(1, 0, { receivedAt, sizeBytes: receivedAt }), [chunk(randomBytes(32))])) ?? 0,
        );
      const of = async (before: number) => (await reach.listForScrub(before, 9)).map(({ number }) => number);
      expect(await of(30)).toEqual([numbers[2], numbers[1]]);
      await reach.changePack(numbers[2] ?? 0, { scrubbedAt: 99 });
      expect(await of(31)).toEqual([numbers[1], numbers[0]]);
      await reach.changePack(numbers[1] ?? 0, { state: "trash", stateAt: 50 });
      expect(await of(31)).toEqual([numbers[0]]);
      expect(await reach.listTrash(50, 9)).toEqual([]);
      expect(await reach.listTrash(51, 9)).toHaveLength(1);
      const sums = (await reach.sums(1)).toSorted((x, y) => x.state.localeCompare(y.state));
      expect(sums).toEqual([
        { state: "live", packs: 2, bytes: 40 },
        { state: "trash", packs: 1, bytes: 20 },
      ]);
      expect(await reach.listPacks(1, 0, 9, ["trash"])).toHaveLength(1);
      await reach.changePacks(1, { states: ["trash"], stateAt: 49 }, { state: "live", stateAt: null });
      expect(await reach.listPacks(1, 0, 9, ["live"])).toHaveLength(2);
      await reach.changePacks(1, { states: ["trash"], stateAt: 50 }, { state: "live", stateAt: null });
      expect(await reach.listPacks(1, 0, 9, ["live"])).toHaveLength(3);
    });

    test("pruned snapshots are not listed unless all are asked for", async () => {
      const { snapshots, reach } = await filled();
      for (const sequence of [1, 2, 3]) await snapshots.insert(snapshot(1, sequence));
      await reach.changeSnapshots(1, [1, 2], { state: "pruned", stateAt: 7 });
      const listed = async (which?: "all") =>
        (await snapshots.list(1, { limit: 9 }, which)).map(({ sequence }) => sequence);
      expect(await listed()).toEqual([3]);
      expect(await listed("all")).toEqual([3, 2, 1]);
      expect(await reach.listSnapshots(1, ["pruned"])).toMatchObject([{ sequence: 1, stateAt: 7 }, { sequence: 2 }]);
      expect((await reach.listRecordsForScrub(25, 9)).map(({ sequence }) => sequence)).toEqual([1, 2]);
    });

    test("rules, pins, holds, damages and runs of jobs are put, replaced, found and removed", async () => {
      const { retention, pins, holds, damages, jobRuns } = await filled();
      await retention.put({ holder: "g1", organization: "o1", rule: "{}", changedAt: 1 });
      await retention.put({ holder: "g1", organization: "o1", rule: "[]", changedAt: 2 });
      expect(await retention.find("g1")).toMatchObject({ rule: "[]", changedAt: 2 });
      await retention.remove("g1");
      expect(await retention.find("g1")).toBeUndefined();

      const pin = { vault: 1, sequence: 2, reason: "r", madeBy: "a", madeAt: 1 };
      await pins.put(pin);
      await pins.put({ ...pin, reason: "s" });
      expect(await pins.list(1)).toEqual([{ ...pin, reason: "s" }]);
      await pins.remove(1, 2);
      expect(await pins.list(1)).toEqual([]);

      const hold = {
        id: "h1",
        organization: "o1",
        level: "user",
        holder: "u1",
        reason: "r",
        madeBy: "a",
        madeAt: 1,
      } as const;
      await holds.insert(hold);
      expect(await holds.list({ limit: 9 }, { organization: "o1" })).toEqual([hold]);
      expect(await holds.list({ limit: 9 }, { organization: "o2" })).toEqual([]);
      expect(await holds.list({ limit: 9 }, { organization: "o1", holders: ["m1", "u1"] })).toEqual([hold]);
      expect(await holds.list({ limit: 9 }, { organization: "o1", holders: ["m1"] })).toEqual([]);
      expect([await holds.isHeld(["o1", "u1"]), await holds.isHeld(["o1"]), await holds.isHeld([])]).toEqual([
        true,
        false,
        false,
      ]);
      await holds.remove("h1");
      expect(await holds.find("h1")).toBeUndefined();

      const damage = { id: "d1", vault: 1, kind: "pack", name: "p", reason: "r", chunks: 2, snapshots: "[]" } as const;
      await damages.insert({ ...damage, foundAt: 1, state: "open", healedAt: null });
      expect(await damages.findOpen(1, "pack", "p")).toMatchObject(damage);
      expect([await damages.countOpen(), await damages.listVaultsWithOpen()]).toEqual([1, [1]]);
      expect(await damages.list({ limit: 9 }, { organization: "o1" })).toHaveLength(1);
      expect(await damages.list({ limit: 9 }, { organization: "o1", account: "nobody" })).toEqual([]);
      expect(await damages.list({ limit: 9 }, { organization: "o1" }, { vault: 1 })).toHaveLength(1);
      expect(await damages.list({ limit: 9 }, { organization: "o1" }, { vault: 2 })).toEqual([]);
      await damages.change("d1", { state: "healed", healedAt: 4 });
      expect([await damages.countOpen(), await damages.listOpen(1)]).toEqual([0, []]);

      const run = { name: "prune", startedAt: 1, endedAt: 2, succeededAt: 2, code: null, message: null, result: "{}" };
      await jobRuns.put(run);
      await jobRuns.put({ ...run, startedAt: 3, code: "storage/full" });
      expect(await jobRuns.find("prune")).toMatchObject({ startedAt: 3, code: "storage/full" });
      expect(await jobRuns.list()).toHaveLength(1);
    });
  });
}
