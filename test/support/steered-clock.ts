/** A clock that a test moves by hand. Sleepers wake when their time has come. */
import type { Clock } from "../../base/clock.ts";

export interface SteeredClock extends Clock {
  /** Moves time on and wakes whoever slept until then. */
  advance(ms: number): void;
}

export function steeredClock(startAt = Date.UTC(2026, 10, 21, 12)): SteeredClock {
  let now = startAt;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { until: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    advance(ms) {
      now += ms;
      for (const sleeper of sleepers)
        if (sleeper.until <= now) {
          sleepers.delete(sleeper);
          sleeper.wake();
        }
    },
  };
}
