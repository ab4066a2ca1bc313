import { expect, onTestFinished, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { postgresDatabase, tell } from "../../test/support/postgres.ts";
import { type SteeredClock, steeredClock } from "../../test/support/steered-clock.ts";
import { postgresLocks } from "../records/sql/postgres-locks.ts";
import { postgresRecords } from "../records/sql/postgres-records.ts";
import { sharing } from "./processes.ts";

async function started(url: string, clock: SteeredClock) {
  const records = await postgresRecords({ url });
  const locks = postgresLocks({ url, random: systemRandom });
  const processes = await sharing(records, locks, clock);
  onTestFinished(async () => {
    await processes.leave();
    await locks.close();
    await records.close();
  });
  return { ...processes, node: records.node, cluster: records.cluster };
}

test("a process that gives no sign of life for a minute has ended; one that beats has not", async () => {
  const url = await postgresDatabase();
  const [clock, other] = [steeredClock(), steeredClock()];
  const [one, two] = [await started(url, clock), await started(url, other)];
  clock.advance(50_000);
  expect(await one.hasEnded(two.node)).toBe(false);
  other.advance(50_000);
  await expect.poll(async () => (await one.cluster.find(two.node))?.seenAt).toBe(clock.now());
  clock.advance(55_000);
  expect(await one.hasEnded(two.node)).toBe(false);
  clock.advance(10_000);
  expect(await one.hasEnded(two.node)).toBe(true);
  expect(await one.hasEnded(one.node)).toBe(false);
  expect(await one.hasEnded("nobody")).toBe(true);
  await two.leave();
  expect(await one.cluster.find(two.node)).toBeUndefined();
});

test("a job's turn is one process's, and the next comes when its time has come", async () => {
  const url = await postgresDatabase();
  const clock = steeredClock();
  const all = await Promise.all([1, 2, 3].map(() => started(url, clock)));
  let runs = 0;
  const turn = () => Promise.all(all.map(({ once }) => once({ name: "job", everyMs: 1000 }, async () => void runs++)));
  await turn();
  expect(runs).toBe(1);
  await turn();
  expect(runs).toBe(1);
  clock.advance(1000);
  await turn();
  expect(runs).toBe(2);
});

test("a database that lost all its connections is told as such, and then works on", async () => {
  const url = await postgresDatabase();
  const records = await postgresRecords({ url });
  onTestFinished(() => records.close());
  const cut = () =>
    tell(
      url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'holdfast-server'",
    );
  const broken = records.transaction(async (stores) => {
    await stores.cluster.fact("a", "1");
    await cut();
    await stores.cluster.fact("b", "1");
  });
  await expect(broken).rejects.toMatchObject({ code: "storage/failed" });
  expect(await records.cluster.findFact("a")).toBeUndefined();
  await records.probe();
});
