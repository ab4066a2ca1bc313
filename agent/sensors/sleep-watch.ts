/** Tells from several clocks whether the machine slept, and whether its clock was set: both are jumps of the time of day. */
import { uptime } from "node:os";
import type { Clock } from "../../base/clock.ts";

/** The same moment by three clocks, in milliseconds. */
export interface Moment {
  /** Since 1970; people and servers set it. */
  readonly wallMs: number;
  /** Since the process was started. Stands still while the machine sleeps, on some systems. */
  readonly steadyMs: number;
  /** Since the machine was started, sleep included. */
  readonly uptimeMs: number;
}

export interface Jump {
  /** 0: it didn't, or the process was stopped for less than can be told from a late timer. */
  readonly sleptMs: number;
  /** How far the clock was set forward (or back: below 0) meanwhile. 0: it wasn't. */
  readonly setMs: number;
}

/** Timers come late, clocks are adjusted by little. */
const SLACK_MS = 10_000;
/** Whoever looks at least so often was asleep (or stopped, which is the same to him) when more time has passed. */
export const LOOKS_EVERY_MS = 120_000;

export function jumpBetween(before: Moment, after: Moment): Jump {
  const upMs = after.uptimeMs - before.uptimeMs;
  const steadyMs = after.steadyMs - before.steadyMs;
  const setMs = after.wallMs - before.wallMs - upMs;
  const hidden = upMs - steadyMs;
  const sleptMs = hidden > SLACK_MS ? hidden : upMs > LOOKS_EVERY_MS ? upMs : 0;
  return { sleptMs: Math.round(sleptMs), setMs: Math.abs(setMs) > SLACK_MS ? Math.round(setMs) : 0 };
}

export class SleepWatch {
  readonly #moment: () => Moment;
  #last: Moment;

  constructor(moment: () => Moment) {
    this.#moment = moment;
    this.#last = moment();
  }

  /** Since the look before. */
  look(): Jump {
    const before = this.#last;
    this.#last = this.#moment();
    return jumpBetween(before, this.#last);
  }
}

export const systemMoment = (clock: Clock) => (): Moment => ({
  wallMs: clock.now(),
  steadyMs: performance.now(),
  uptimeMs: uptime() * 1000,
});
