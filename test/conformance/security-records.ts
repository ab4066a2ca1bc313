/** What the log-ins' defence remembers, on any engine. */
import { describe, expect, test } from "vitest";
import type { Records } from "../../server-mock/records/records.ts";
import { fillRecords, tokenRow } from "../support/rows.ts";

export function securityConformance(name: string, make: () => Promise<Records>): void {
  describe(`${name} remembers attempts and log-ins`, () => {
    test("attempts that fail at the same time are all counted; what lies too far back is not", async () => {
      const { attempts } = await make();
      const now = { at: 1000, forgetBefore: 500 };
      await Promise.all(Array.from({ length: 20 }, () => attempts.add(["a", "b"], now)));
      expect(await attempts.list(["a", "b", "c"])).toEqual(
        expect.arrayContaining([
          { key: "a", failures: 20, at: 1000 },
          { key: "b", failures: 20, at: 1000 },
        ]),
      );
      await attempts.add(["a"], { at: 2000, forgetBefore: 1001 });
      expect(await attempts.list(["a"])).toEqual([{ key: "a", failures: 1, at: 2000 }]);
      await attempts.remove("a");
      expect(await attempts.list(["a"])).toEqual([]);
    });

    test("attempts are trimmed by age and by number, the oldest first", async () => {
      const { attempts } = await make();
      for (const [index, key] of ["a", "b", "c", "d"].entries())
        await attempts.add([key], { at: index, forgetBefore: 0 });
      const left = async () => (await attempts.list(["a", "b", "c", "d"])).map(({ key }) => key).sort();
      await attempts.trim({ before: 1, most: 10 });
      expect(await left()).toEqual(["b", "c", "d"]);
      await attempts.trim({ before: 0, most: 1 });
      expect(await left()).toEqual(["d"]);
    });

    test("log-ins are listed, proven, and ended but for one; named tokens stay, and actors go with their own", async () => {
      const records = await fillRecords(await make());
      const { tokens } = records;
      const [u1, u2] = ["u1", "u2"];
      for (const row of [
        tokenRow(1, { id: "t1", account: u1 }),
        tokenRow(2, { id: "t2", account: u1, isCookie: 1, limitedTo: "second-factor" }),
        tokenRow(3, { id: "t3", account: u1, name: "script" }),
        tokenRow(4, { id: "t4", account: u1, actor: u2 }),
        tokenRow(5, { audience: "restore", account: u1 }),
        tokenRow(6, { id: "t6", account: u2 }),
      ])
        await tokens.insert(row);
      const list = async (isNamed: boolean, after?: string) =>
        (await tokens.listConsole(u1, { limit: 2, after }, { isNamed })).map(({ id }) => id);
      const ids = async () => [...(await list(true)), ...(await list(false))];
      expect([await list(false), await list(false, "t2"), await list(true)]).toEqual([["t4", "t2"], ["t1"], ["t3"]]);
      expect(await tokens.findById("t2")).toMatchObject({ isCookie: 1, limitedTo: "second-factor" });
      await tokens.change(Buffer.alloc(32, 2), { limitedTo: null, provenAt: 7, lastUsedAt: 8 });
      expect(await tokens.findById("t2")).toMatchObject({ limitedTo: null, provenAt: 7, lastUsedAt: 8 });
      await tokens.removeOtherLogIns(u1, Buffer.alloc(32, 1));
      expect(await ids()).toEqual(["t3", "t1"]);
      await tokens.insert(tokenRow(7, { id: "t7", account: u1, actor: u2 }));
      await tokens.removeOf({ account: u2 });
      expect(await ids()).toEqual(["t3", "t1"]);
      expect(await tokens.findById("t6")).toBeUndefined();
    });

    test("an account's activity is what others did to it", async () => {
      const { audit, activity } = await make();
      const row = { organization: null, at: 1, action: "x", subject: "", detail: "", address: null };
      for (const [actor, account] of [
        ["boss", "u1"],
        ["me", "u1"],
        ["boss as me", "u1"],
        ["boss", "u2"],
      ] as const)
        await audit.insert({ ...row, actor, account });
      const seen = await activity.list("u1", "me", { limit: 10 });
      expect(seen.map(({ actor }) => actor)).toEqual(["boss as me", "boss"]);
      expect((await activity.list("u1", "me", { limit: 10, after: seen[0]?.id })).map(({ actor }) => actor)).toEqual([
        "boss",
      ]);
    });
  });
}
