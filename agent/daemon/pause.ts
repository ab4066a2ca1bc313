/** A pause that somebody at the machine asked for: kept over restarts, for a time or until they resume. */
import type { Clock } from "../../base/clock.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { AgentLog } from "./agent-log.ts";
import type { DaemonMemory } from "./memory.ts";

/** Of a pause without an end. */
export const FOREVER = Number.MAX_SAFE_INTEGER;

export interface PauseOptions {
  readonly memory: DaemonMemory;
  readonly clock: Clock;
  readonly log: AgentLog;
}

export class Pause {
  readonly #options: PauseOptions;

  constructor(options: PauseOptions) {
    this.#options = options;
  }

  /** Milliseconds since 1970; `undefined`: nothing is paused. */
  get until(): number | undefined {
    const until = this.#options.memory.find("pausedUntil");
    return typeof until === "number" && until > this.#options.clock.now() ? until : undefined;
  }

  /** Its end. */
  begin(forMs: number | undefined): number {
    const { memory, clock, log } = this.#options;
    const until = forMs === undefined ? FOREVER : clock.now() + forMs;
    memory.put("pausedUntil", until);
    log.write("info", "agent.pause", forMs === undefined ? {} : { until: new Date(until).toISOString() });
    return until;
  }

  end(): void {
    this.#options.memory.put("pausedUntil", undefined);
    this.#options.log.write("info", "agent.resume", {});
  }

  /** Throws `agent/paused`. */
  refuse(): void {
    const { until } = this;
    if (until === undefined) return;
    const told = until === FOREVER ? "until somebody resumes them" : `until ${new Date(until).toISOString()}`;
    throw new HoldfastError("agent/paused", { until: told });
  }
}
