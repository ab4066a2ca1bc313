import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type SteeredClock, steeredClock } from "../../test/support/steered-clock.ts";
import { RateLimit } from "./rate-limit.ts";

const START = 0;

interface Passed {
  readonly who: number;
  readonly atMs: number;
  readonly bytes: number;
}

/** `senders` that always want to send, for as long as the test moves the clock. */
function demand(limit: RateLimit, clock: SteeredClock, senders: number) {
  const passed: Passed[] = [];
  const end = new AbortController();
  const send = async (who: number) => {
    while (!end.signal.aborted) {
      const bytes = limit.pieceBytes(1 << 20);
      await limit.take(bytes, end.signal);
      passed.push({ who, atMs: clock.now(), bytes });
    }
  };
  const running = Array.from({ length: senders }, (_, who) => send(who).catch(() => undefined));
  return {
    passed,
    total: () => passed.reduce((sum, { bytes }) => sum + bytes, 0),
    stop: async () => {
      end.abort();
      await Promise.all(running);
    },
  };
}

/** By how many bytes the busiest of all stretches of time is above `perMs`. */
function mostAbove(passed: readonly Passed[], perMs: number): number {
  let [bytes, lowest, most] = [0, 0, 0];
  for (const each of passed) {
    lowest = Math.min(lowest, bytes - each.atMs * perMs);
    bytes += each.bytes;
    most = Math.max(most, bytes - each.atMs * perMs - lowest);
  }
  return most;
}

async function advance(clock: SteeredClock, ms: number): Promise<void> {
  clock.advance(ms);
  await nextTurn();
}

const rates = fc.integer({ min: 1024, max: 200 * 2 ** 20 });
/** Timers come late, but seldom by more than this. */
const steps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 50, maxLength: 100 });

test("over any time no more passes than the rate allows and a twentieth of a second's worth, and with demand hardly less", async () => {
  await fc.assert(
    fc.asyncProperty(rates, steps, fc.integer({ min: 1, max: 5 }), async (rate, lateMs, senders) => {
      const clock = steeredClock(START);
      const limit = new RateLimit(clock, rate);
      const flow = demand(limit, clock, senders);
      for (const ms of lateMs) await advance(clock, ms);
      await flow.stop();
      const piece = limit.pieceBytes(1 << 20);
      const perMs = rate / 1000;
      expect(mostAbove(flow.passed, perMs)).toBeLessThanOrEqual(50 * perMs + piece);
      expect(flow.total()).toBeGreaterThanOrEqual(0.95 * clock.now() * perMs - piece);
    }),
    { numRuns: 30 },
  );
});

test("all who send get the same share", async () => {
  const clock = steeredClock(START);
  const flow = demand(new RateLimit(clock, 2 ** 20), clock, 4);
  for (let step = 0; step < 200; step++) await advance(clock, 10);
  await flow.stop();
  const shares = [0, 1, 2, 3].map((who) => flow.passed.filter((each) => each.who === who).length);
  expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
});

test("a changed rate counts at once, for who waits already, too", async () => {
  const clock = steeredClock(START);
  const limit = new RateLimit(clock, 1024);
  const flow = demand(limit, clock, 1);
  for (let step = 0; step < 100; step++) await advance(clock, 10);
  const slow = flow.total();
  limit.rate = 2 ** 20;
  for (let step = 0; step < 100; step++) await advance(clock, 10);
  await flow.stop();
  expect(slow).toBeLessThanOrEqual(3 * 1024);
  expect(flow.total() - slow).toBeGreaterThan(0.95 * 2 ** 20);
});

test("when the limit is lifted, nobody waits any more", async () => {
  const clock = steeredClock(START);
  const limit = new RateLimit(clock, 1024);
  await limit.take(50_000);
  const waiting = limit.take(50_000);
  limit.rate = Number.POSITIVE_INFINITY;
  await waiting;
  await limit.take(1e9);
  expect(clock.now()).toBe(START);
});

test("who gives up throws the signal's reason, holds up nobody and is not counted", async () => {
  const clock = steeredClock(START);
  const limit = new RateLimit(clock, 1000);
  await limit.take(1000);
  const cancel = new AbortController();
  const given = limit.take(1_000_000, cancel.signal);
  const next = limit.take(1000);
  const reason = new Error("enough");
  cancel.abort(reason);
  await expect(given).rejects.toBe(reason);
  await advance(clock, 1000);
  await next;
  await expect(limit.take(1, cancel.signal)).rejects.toBe(reason);
});

test("time that nobody used is not saved up", async () => {
  const clock = steeredClock(START);
  const limit = new RateLimit(clock, 2 ** 20);
  await advance(clock, 3_600_000);
  const flow = demand(limit, clock, 1);
  await nextTurn();
  await flow.stop();
  expect(flow.total()).toBeLessThanOrEqual(2 ** 20 / 20 + limit.pieceBytes(1 << 20));
});

test("a clock that is set back holds nobody for longer than the bytes owed", async () => {
  let now = 1_000_000;
  const steered = steeredClock(START);
  const clock: SteeredClock = { ...steered, now: () => now + steered.now() };
  const limit = new RateLimit(clock, 1000);
  await limit.take(1000);
  now = 0;
  const next = limit.take(1000);
  await advance(steered, 1000);
  await advance(steered, 1000);
  await next;
});
