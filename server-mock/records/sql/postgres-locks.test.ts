import { expect, onTestFinished, test } from "vitest";
import { systemRandom } from "../../../base/random.ts";
import { postgresDatabase, tell } from "../../../test/support/postgres.ts";
import { postgresLocks } from "./postgres-locks.ts";

const opened = (url: string, more: { patienceMs?: number } = {}) => {
  const locks = postgresLocks({ url, random: systemRandom, ...more });
  onTestFinished(() => locks.close());
  return locks;
};

test("of several processes one works at a time, each gets its turn, and other names don't wait", async () => {
  const url = await postgresDatabase();
  let inside = 0;
  let done = 0;
  const work = async () => {
    expect(++inside).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
    done++;
  };
  const all = [opened(url), opened(url), opened(url)];
  await all[0]?.hold("other", () =>
    Promise.all(all.flatMap((locks) => [locks.hold("vault/a", work), locks.hold("vault/a", work)])),
  );
  expect(done).toBe(6);
});

test("what another process holds is not tried, and free again when its work has failed", async () => {
  const url = await postgresDatabase();
  const [one, two] = [opened(url), opened(url)];
  const refusal = new Error("no");
  const failing = one.hold("job/a", async () => {
    expect(await two.tryHold("job/a", () => Promise.reject(new Error("never")))).toBe(false);
    throw refusal;
  });
  await expect(failing).rejects.toBe(refusal);
  expect(await two.tryHold("job/a", async () => undefined)).toBe(true);
});

test("who has waited too long is asked to come back", async () => {
  const url = await postgresDatabase();
  const [one, two] = [opened(url), opened(url, { patienceMs: 20 })];
  await one.hold("vault/a", async () => {
    const waiting = two.hold("vault/a", async () => undefined);
    await expect(waiting).rejects.toMatchObject({ code: "service/busy" });
  });
});

test("a connection that is cut frees what it held, and the next lock makes a new one", async () => {
  const url = await postgresDatabase();
  const [one, two] = [opened(url), opened(url)];
  await one.hold("vault/a", async () => {
    await tell(
      url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%locks'",
    );
    await two.hold("vault/a", async () => undefined);
  });
  expect(await one.tryHold("vault/a", async () => undefined)).toBe(true);
});
