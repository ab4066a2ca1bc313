/**
 * Lets bytes pass no faster than a rate, evenly and in turn. Shared by everything that is to stay below the rate together: each asks for one
 * piece at a time and waits, so all get the same share.
 *
 * A piece passes when nothing is owed, and is owed from then on; time pays. Within any time t at most rate × t + `BURST_MS` of the rate + one
 * piece have passed. What was not used is kept for `BURST_MS` only, which makes good for timers that come late.
 */
import type { Clock } from "../../base/clock.ts";

const BURST_MS = 50;
const PIECE_MS = 20;
const PIECE_BYTES_MIN = 1024;
const PIECE_BYTES_MAX = 256 * 1024;

interface Waiting {
  readonly bytes: number;
  pass(): void;
}

export class RateLimit {
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #rate: number;
  /** Bytes that may pass now; below zero: owed. */
  #credit = 0;
  #creditAt: number;
  /** While someone waits for time to pass. */
  #nap: AbortController | undefined;

  /** Bytes a second. */
  constructor(clock: Clock, rate: number = Number.POSITIVE_INFINITY) {
    this.#clock = clock;
    this.#creditAt = clock.now();
    this.#rate = rate;
  }

  get rate(): number {
    return this.#rate;
  }

  /** From now on, also for who waits already. */
  set rate(rate: number) {
    if (rate === this.#rate) return;
    this.#settle();
    this.#rate = rate;
    this.#credit = Number.isFinite(rate) ? Math.min(this.#credit, this.#burst) : 0;
    this.#nap?.abort();
  }

  /** How much to ask for at once, so that bytes flow evenly; `otherwise` when nothing limits. */
  pieceBytes(otherwise: number): number {
    if (!Number.isFinite(this.#rate)) return otherwise;
    const even = Math.floor((this.#rate * PIECE_MS) / 1000);
    return Math.min(otherwise, Math.max(PIECE_BYTES_MIN, Math.min(PIECE_BYTES_MAX, even)));
  }

  /** Resolves when so many bytes may pass. Throws the signal's reason; then they don't count. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!Number.isFinite(this.#rate) && this.#waiting.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        if (this.#waiting.length === 0) this.#nap?.abort();
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        bytes,
        pass: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#serve();
    });
  }

  get #burst(): number {
    return (this.#rate * BURST_MS) / 1000;
  }

  /** Pays with the time that has passed. A clock that was set back pays nothing. */
  #settle(): void {
    const now = this.#clock.now();
    const ms = Math.max(0, now - this.#creditAt);
    this.#creditAt = now;
    if (Number.isFinite(this.#rate)) this.#credit = Math.min(this.#burst, this.#credit + (this.#rate * ms) / 1000);
  }

  /** Lets pass whoever may; for the first who may not, one timer is set. */
  #serve(): void {
    if (this.#nap) return;
    this.#settle();
    while (this.#waiting.length > 0 && this.#credit >= 0) {
      const next = this.#waiting.shift();
      if (!next) break;
      if (Number.isFinite(this.#rate)) this.#credit -= next.bytes;
      next.pass();
    }
    if (this.#waiting.length > 0) void this.#napThenServe(Math.ceil((-this.#credit * 1000) / this.#rate));
  }

  async #napThenServe(ms: number): Promise<void> {
    const nap = new AbortController();
    this.#nap = nap;
    await this.#clock.sleep(ms, nap.signal).catch(() => undefined); // Woken: the rate has changed, or nobody waits.
    this.#nap = undefined;
    this.#serve();
  }
}
