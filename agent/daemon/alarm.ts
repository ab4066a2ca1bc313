/** The agent's one wait: until a time, or until something happens. Never long at a stretch: timers stand still while a machine sleeps. */
import type { Clock } from "../../base/clock.ts";

/** How late something due during a sleep may begin after it. */
export const STRETCH_MS = 30_000;

export class Alarm {
  readonly #clock: Clock;
  #isRinging = false;
  #nap: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the wait that is, or the next one. */
  ring(): void {
    this.#isRinging = true;
    this.#nap?.abort();
  }

  /** At most `STRETCH_MS`. Ends quietly, also by the signal. */
  async wait(untilMs: number, signal: AbortSignal): Promise<void> {
    const ms = Math.min(STRETCH_MS, untilMs - this.#clock.now());
    if (!this.#isRinging && ms > 0 && !signal.aborted) {
      const nap = new AbortController();
      this.#nap = nap;
      const stop = () => nap.abort();
      signal.addEventListener("abort", stop, { once: true });
      await this.#clock.sleep(ms, nap.signal).catch(() => undefined);
      signal.removeEventListener("abort", stop);
      this.#nap = undefined;
    }
    this.#isRinging = false;
  }
}
