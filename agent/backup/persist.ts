/** Calls that are tried again while the service is away: it may be restarting, or the network may be. */
import type { Clock } from "../../base/clock.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Gate } from "./gate.ts";

export interface Patience {
  readonly clock: Clock;
  /** How long an unreachable service is tried again before the run gives up. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** Nothing is called while it is closed, and that time does not count. */
  readonly gate?: Gate;
}

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;

/** `call` must be harmless to repeat. */
export async function persist<T>({ clock, patienceMs, signal, gate }: Patience, call: () => Promise<T>): Promise<T> {
  let until = clock.now() + patienceMs;
  for (let waitMs = RETRY_MS_MIN; ; waitMs = Math.min(waitMs * 2, RETRY_MS_MAX)) {
    if (gate && !gate.isOpen) {
      const pausedAt = clock.now();
      await gate.pass(signal);
      until += clock.now() - pausedAt;
    }
    try {
      return await call();
    } catch (error) {
      const mayRetry = error instanceof HoldfastError && error.kind === "unavailable" && !isRefusal(error);
      if (!mayRetry || clock.now() + waitMs > until) throw error;
      await clock.sleep(waitMs, signal);
    }
  }
}

/** No room: waiting a little would not help, but what is stored already is complete in itself. */
export const isRefusal = (error: HoldfastError): boolean =>
  error.code === "quota/exceeded" || error.code === "storage/full" || error.code === "local/full";
