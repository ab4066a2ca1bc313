import { expect, onTestFinished, test } from "vitest";
import { postgresDatabase } from "../../../test/support/postgres.ts";
import { postgresRecords } from "./postgres-records.ts";

async function two() {
  const url = await postgresDatabase();
  const both = [await postgresRecords({ url }), await postgresRecords({ url })] as const;
  onTestFinished(async () => {
    for (const records of both) await records.close();
  });
  return both;
}

test.each([
  ["without a lock", {}],
  ["with a lock", { lock: "counter" }],
])("what many processes read and write at once comes out as if one had followed the other, %s", async (_, options) => {
  const both = await two();
  await both[0].cluster.beat({ id: "counter", startedAt: 0, seenAt: 0 });
  const add = (index: number) =>
    both[index % 2 === 0 ? 0 : 1].transaction(async ({ cluster }) => {
      const { seenAt = 0 } = (await cluster.find("counter")) ?? {};
      await cluster.beat({ id: "counter", startedAt: 0, seenAt: seenAt + 1 });
    }, options);
  await Promise.all(Array.from({ length: 30 }, (_, index) => add(index)));
  expect((await both[0].cluster.find("counter"))?.seenAt).toBe(30);
});

test("of two who each look at what the other writes, one is done again", async () => {
  const [one, other] = await two();
  let attempts = 0;
  const write = (records: typeof one, mine: string, theirs: string) =>
    records.transaction(async ({ cluster }) => {
      attempts++;
      if ((await cluster.find(theirs)) === undefined) await cluster.beat({ id: mine, startedAt: 0, seenAt: 0 });
    });
  await Promise.all([write(one, "a", "b"), write(other, "b", "a")]);
  expect(await one.cluster.listNodes()).toHaveLength(1);
  expect(attempts).toBeGreaterThanOrEqual(2);
});

test("two who add the same key at the same moment both find out in their transaction", async () => {
  const both = await two();
  const added = await Promise.all(
    both.map((records) =>
      records.transaction(async ({ organizations }) => {
        if ((await organizations.find("o1")) !== undefined) return "known";
        await organizations.insert({
          id: "o1",
          name: "Home",
          edition: "pro",
          subdomain: null,
          state: "active",
          settings: "{}",
          version: 1,
          createdAt: 1,
        });
        return "added";
      }),
    ),
  );
  expect(added.toSorted()).toEqual(["added", "known"]);
});
