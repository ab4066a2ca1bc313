/** What stores of facts for the console promise on every engine: storage by day, events as people read them, runs by quarter of an hour. */
import { describe, expect, test } from "vitest";
import { firstIdAt } from "../../server-mock/domain/row-ids.ts";
import type { EventRow } from "../../server-mock/records/notice-rows.ts";
import type { Records } from "../../server-mock/records/records.ts";
import type { BackupRow } from "../../server-mock/records/rows.ts";
import type { UsageDayRow } from "../../server-mock/records/usage.ts";
import { fillRecords } from "../support/rows.ts";

const use = (holder: string, day: number, usedBytes: number, more: Partial<UsageDayRow> = {}): UsageDayRow => ({
  holder,
  day,
  level: "machine",
  usedBytes,
  limitBytes: null,
  ...more,
});

const event = (id: string, more: Partial<EventRow> = {}): EventRow => ({
  id,
  organization: "o1",
  kind: "machine.deleted",
  at: 5,
  machine: "m1",
  account: "u1",
  userGroup: "g1",
  detail: "{}",
  handledAt: null,
  ...more,
});

const run = (id: string, startedAt: number, more: Partial<BackupRow> = {}): BackupRow => ({
  id,
  organization: "o1",
  machine: "m1",
  type: "Manual",
  startedAt,
  endedAt: startedAt + 1,
  state: "success",
  result: "Success",
  message: null,
  files: 0,
  bytes: 0,
  filesEncoded: 0,
  bytesEncoded: 0,
  filesTransferred: 0,
  bytesTransferred: 2_000_000_000_000,
  problemCount: 0,
  problems: "[]",
  snapshot: null,
  flags: null,
  ...more,
});

export function factsConformance(name: string, make: () => Promise<Records>): void {
  describe(`${name} keeps facts for people`, () => {
    test("storage of a day is noted once, the newer holds, and a list begins with what held before it", async () => {
      const { usage } = await fillRecords(await make());
      await usage.put([use("m1", 3, 10), use("m1", 5, 20, { limitBytes: 7 }), use("m2", 4, 1)]);
      await usage.put([use("m1", 5, 5_000_000_000_000)]);
      await usage.put([]);
      expect(await usage.list("m1", 4)).toEqual([use("m1", 3, 10), use("m1", 5, 5_000_000_000_000)]);
      expect(await usage.list("m1", 1)).toHaveLength(2);
      expect(await usage.list("m3", 1)).toEqual([]);
      const newest = await usage.listNewest(["m1", "m2", "m3"]);
      expect(newest.map(({ holder, day }) => [holder, day]).sort()).toEqual([
        ["m1", 5],
        ["m2", 4],
      ]);
      await usage.removeOf("m1");
      expect(await usage.list("m1", 1)).toEqual([]);
    });

    test("what everything uses now is listed page by page, without what is deleted", async () => {
      const records = await fillRecords(await make());
      await records.machines.change("m2", { deletedAt: 9 });
      await records.accounts.change("u2", { state: "deleted", limitBytes: 5 });
      const { rows, next } = await records.usage.listNow("machine", { limit: 3 });
      expect([rows.map(({ holder }) => holder), next]).toEqual([["m1", "m3"], "m3"]);
      const rest = await records.usage.listNow("machine", { limit: 3, after: "m3" });
      expect(rest).toEqual({
        rows: [{ holder: "m4", level: "machine", usedBytes: 0, limitBytes: null }],
        next: undefined,
      });
      const users = await records.usage.listNow("user", { limit: 9 });
      expect(users.rows.map(({ holder }) => holder)).toEqual(["u1", "u3"]);
      const pools = await records.usage.listNow("pool", { limit: 9 });
      expect(pools.rows.map(({ holder, level }) => [holder, level])).toEqual([
        ["g1", "group"],
        ["g2", "group"],
        ["o1", "organization"],
        ["o2", "organization"],
      ]);
    });

    test("days that a later one of the span follows go, of the levels that are named", async () => {
      const { usage } = await fillRecords(await make());
      for (const holder of ["m1", "m2"]) await usage.put([1, 2, 3, 4].map((day) => use(holder, day, day)));
      await usage.put([use("o1", 2, 1, { level: "organization" }), use("o1", 3, 2, { level: "organization" })]);
      const span = { from: 2, day: 3, levels: ["machine"] as const };
      expect(await usage.removeBetween(span, { limit: 2 })).toBe("m2");
      expect(await usage.removeBetween(span, { limit: 2, after: "m2" })).toBeUndefined();
      for (const holder of ["m1", "m2"]) expect((await usage.list(holder, 0)).map(({ day }) => day)).toEqual([1, 3, 4]);
      expect(await usage.list("o1", 0)).toHaveLength(2);
    });

    test("events are listed and counted by scope, kind, machine and span", async () => {
      const { events } = await fillRecords(await make());
      await events.insert(event("a"));
      await events.insert(event("b", { kind: "user.created", machine: null, account: "u2" }));
      await events.insert(event("c", { organization: "o2", userGroup: "g2", account: "u3", machine: "m4" }));
      await events.insert(event("d", { account: null, machine: null, userGroup: null, kind: "policy.changed" }));
      const kinds = ["machine.deleted", "user.created", "policy.changed"];
      const list = async (scope: object, more: object = {}) =>
        (await events.list({ limit: 9 }, { scope, kinds, ...more })).map(({ id }) => id);
      expect(await list({})).toEqual(["d", "c", "b", "a"]);
      expect(await list({ organization: "o1" })).toEqual(["d", "b", "a"]);
      expect(await list({ organization: "o1", groups: ["g1"] })).toEqual(["b", "a"]);
      expect(await list({ organization: "o1", groups: [] })).toEqual([]);
      expect(await list({ organization: "o1", account: "u2" })).toEqual(["b"]);
      expect(await list({}, { kinds: ["machine.deleted"] })).toEqual(["c", "a"]);
      expect(await list({}, { machine: "m4" })).toEqual(["c"]);
      expect(await list({}, { from: "b", until: "d" })).toEqual(["c", "b"]);
      const counted = await events.countByKind({ scope: { organization: "o1" }, kinds, from: "b" });
      expect([...counted].sort()).toEqual([
        ["policy.changed", 1],
        ["user.created", 1],
      ]);
    });

    test("runs are counted by spans of time and by their ends; the first failure since is found", async () => {
      const { backups, recordLists, watch } = await fillRecords(await make());
      const minute = 60_000;
      const id = (at: number) => firstIdAt(at).replace(/0$/, "1");
      const at = [14, 16, 17, 18, 31].map((each) => 1_700_000_100_000 + each * minute);
      const more: Partial<BackupRow>[] = [{}, {}, {}, { state: "failed" }, { state: "incomplete", machine: "m1" }];
      for (const [index, startedAt] of at.entries()) await backups.insert(run(id(startedAt), startedAt, more[index]));
      await backups.insert(run(id(at[1] ?? 0).replace(/1$/, "2"), at[1] ?? 0, { machine: "m2" }));
      const span = { from: firstIdAt(at[1] ?? 0), slotMs: 15 * minute };
      const first = Math.floor((at[1] ?? 0) / span.slotMs);
      const found = await recordLists.runSlots("m1", span);
      expect(found.map(({ slot, state, runs }) => [slot - first, state, runs]).sort()).toEqual([
        [0, "failed", 1],
        [0, "success", 2],
        [1, "incomplete", 1],
      ]);
      expect(found.find(({ runs }) => runs === 2)?.bytesTransferred).toBe(4_000_000_000_000);
      expect((await watch.findFirstFailure("m1", span.from))?.startedAt).toBe(at[3]);
      expect((await watch.findFirstFailure("m1", firstIdAt(at[4] ?? 0)))?.state).toBe("incomplete");
      expect(await watch.findFirstFailure("m2", span.from)).toBeUndefined();
    });
  });
}
