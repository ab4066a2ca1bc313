import { expect, test } from "vitest";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { runJob } from "./every.ts";

test("a job runs at once, then each time its hour has come, also after a failure, until it is ended", async () => {
  const clock = steeredClock();
  const ended = new AbortController();
  const failures: unknown[] = [];
  let runs = 0;
  const run = async () => {
    runs++;
    if (runs === 2) throw new Error("no");
  };
  const watcher = { onTurn: (_: string, { error }: { error?: unknown }) => error && failures.push(error) };
  const done = runJob({ name: "job", everyMs: 1000, run }, { clock, signal: ended.signal, watcher });
  await expect.poll(() => runs).toBe(1);
  clock.advance(999);
  await Promise.resolve();
  expect(runs).toBe(1);
  clock.advance(1);
  await expect.poll(() => runs).toBe(2);
  clock.advance(1000);
  await expect.poll(() => runs).toBe(3);
  ended.abort();
  await done;
  clock.advance(10_000);
  expect(runs).toBe(3);
  expect(failures).toEqual([new Error("no")]);
});
