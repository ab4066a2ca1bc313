/** Sets limits that are in use anew whenever an hour of the week begins or ends, or somebody says other ones. */
import type { Clock } from "../../base/clock.ts";
import type { RateLimit } from "../remote/rate-limit.ts";
import { type Limits, type Pace, rateAt } from "./bandwidth.ts";

export interface KeeperOptions {
  readonly clock: Clock;
  /** IANA. */
  readonly timeZone: string;
  readonly limits: Limits;
  readonly upload?: RateLimit | undefined;
  readonly download?: RateLimit | undefined;
}

/** A clock that was set, or a machine that slept, is noticed so much later. */
const LOOK_AGAIN_MS = 60_000;

export class BandwidthKeeper implements Disposable {
  readonly #options: KeeperOptions;
  readonly #stop = new AbortController();
  #limits: Limits;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#limits = options.limits;
    void this.#keep();
  }

  /** From now on. */
  set limits(limits: Limits) {
    this.#limits = limits;
    this.#apply();
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #keep(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const { untilMs } = this.#apply();
      const ms = Math.min(LOOK_AGAIN_MS, Math.max(1, untilMs - clock.now()));
      await clock.sleep(ms, signal).catch(() => undefined); // Only the signal ends it.
    }
  }

  #apply(): Pace {
    const { clock, timeZone, upload, download } = this.#options;
    const pace = rateAt(this.#limits, clock.now(), timeZone);
    if (upload) upload.rate = pace.uploadBytesPerSecond;
    if (download) download.rate = pace.downloadBytesPerSecond;
    return pace;
  }
}
