import fc from "fast-check";
import { expect, test } from "vitest";
import { jumpBetween, LOOKS_EVERY_MS, type Moment, SleepWatch } from "./sleep-watch.ts";

const START: Moment = { wallMs: 1_795_352_700_000, steadyMs: 5000, uptimeMs: 900_000 };
const later = (from: Moment, { wall = 0, steady = 0, up = 0 }): Moment => ({
  wallMs: from.wallMs + wall,
  steadyMs: from.steadyMs + steady,
  uptimeMs: from.uptimeMs + up,
});
const HOUR = 3_600_000;

test("time that only the machine's own clock saw is sleep; time that only the wall's saw is somebody who set it", () => {
  const look = (by: Parameters<typeof later>[1]) => jumpBetween(START, later(START, by));
  expect(look({ wall: 30_000, steady: 30_000, up: 30_000 })).toEqual({ sleptMs: 0, setMs: 0 });
  expect(look({ wall: 8 * HOUR + 30_000, steady: 30_000, up: 8 * HOUR + 30_000 })).toEqual({
    sleptMs: 8 * HOUR,
    setMs: 0,
  });
  expect(look({ wall: HOUR + 30_000, steady: 30_000, up: 30_000 })).toEqual({ sleptMs: 0, setMs: HOUR });
  expect(look({ wall: 30_000 - HOUR, steady: 30_000, up: 30_000 })).toEqual({ sleptMs: 0, setMs: -HOUR });
});

test("where all clocks go on in sleep, a look that comes late tells of it", () => {
  expect(jumpBetween(START, later(START, { wall: HOUR, steady: HOUR, up: HOUR }))).toEqual({ sleptMs: HOUR, setMs: 0 });
});

test("late timers and a clock that is adjusted are neither", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: LOOKS_EVERY_MS }), fc.integer({ min: -9000, max: 9000 }), (ms, drift) => {
      const now = later(START, { wall: ms + drift, steady: ms, up: ms });
      expect(jumpBetween(START, now)).toEqual({ sleptMs: 0, setMs: 0 });
    }),
  );
});

test("each look is against the one before", () => {
  const moments = [
    START,
    later(START, { wall: HOUR, steady: 1000, up: HOUR }),
    later(START, { wall: HOUR + 1000, steady: 2000, up: HOUR + 1000 }),
  ];
  const watch = new SleepWatch(() => moments.shift() ?? START);
  expect(watch.look().sleptMs).toBe(HOUR - 1000);
  expect(watch.look().sleptMs).toBe(0);
});
