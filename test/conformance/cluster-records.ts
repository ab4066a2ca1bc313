/** What every implementation of `Records` promises about processes that share it. */
import { describe, expect, test } from "vitest";
import type { Records } from "../../server-mock/records/records.ts";

export function clusterConformance(name: string, make: () => Promise<Records>): void {
  describe(`${name} lets several processes share it`, () => {
    test("a process is known from its first sign of life until it leaves", async () => {
      const { cluster } = await make();
      await cluster.beat({ id: "n1", startedAt: 1, seenAt: 1 });
      await cluster.beat({ id: "n2", startedAt: 2, seenAt: 2 });
      await cluster.beat({ id: "n1", startedAt: 9, seenAt: 5 });
      expect(await cluster.listNodes()).toEqual([
        { id: "n1", startedAt: 1, seenAt: 5 },
        { id: "n2", startedAt: 2, seenAt: 2 },
      ]);
      await cluster.leave("n1");
      await cluster.leave("n1");
      expect(await cluster.find("n1")).toBeUndefined();
      expect(await cluster.find("n2")).toBeDefined();
    });

    test("the first to say a fact is right", async () => {
      const { cluster } = await make();
      const said = await Promise.all(["a", "b", "c"].map((value) => cluster.fact("keys", value)));
      expect(new Set(said).size).toBe(1);
      expect(await cluster.fact("keys", "d")).toBe(said[0]);
      expect(await cluster.fact("other", "d")).toBe("d");
    });

    test("of several that want a job's turn one gets it, and the next not before its time", async () => {
      const { cluster } = await make();
      const begin = (at: number) => cluster.beginTurn({ name: "job", startedAt: at, node: "n" }, at - 100);
      expect((await Promise.all([begin(1000), begin(1000), begin(1000)])).filter(Boolean)).toHaveLength(1);
      expect(await begin(1099)).toBe(false);
      expect(await begin(1100)).toBe(true);
    });

    test("a blob that another process works on is nobody else's to work on", async () => {
      const records = await make();
      const whose = { organization: "", userGroup: "", account: "", machine: "m", kind: "desktop" } as const;
      const promise = { ...whose, bytes: 1, blob: "packs/a" };
      await records.quota.reserve({ ...promise, id: "r1" });
      await records.quota.reserve({ ...promise, id: "r2" });
      expect(await records.quota.takeOver("r1", { from: records.node, to: "other" })).toBe(true);
      expect(await records.quota.takeOver("r1", { from: records.node, to: "third" })).toBe(false);
      await expect(records.quota.reserve({ ...promise, id: "r3" })).rejects.toMatchObject({ code: "service/busy" });
      await records.quota.reserve({ ...promise, id: "r4", blob: "packs/b" });
      expect(await records.quota.release("r1")).toBe(false);
      expect(await records.quota.release("r2")).toBe(true);
      expect(await records.quota.release("r2")).toBe(false);
      expect((await records.quota.listReservations()).map(({ id, node }) => [id, node])).toEqual([
        ["r1", "other"],
        ["r4", records.node],
      ]);
    });
  });
}
