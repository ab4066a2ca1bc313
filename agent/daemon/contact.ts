/**
 * Speaks with the service between backups: says how this machine is, hears whether there is another policy or an ordered restore. Without the service
 * all goes on as it was.
 */
import { asHoldfastError, type HoldfastError } from "../../protocol/errors.ts";
import type { HeartbeatRequest } from "../../protocol/messages/heartbeat.ts";
import type { Config } from "../config/effective.ts";
import { Alarm } from "./alarm.ts";
import type { DaemonParts, QuotaFacts } from "./parts.ts";

export interface ContactOptions {
  readonly parts: Pick<DaemonParts, "clock" | "service" | "log" | "seed" | "followPolicy">;
  /** How the agent is now. */
  readonly facts: () => HeartbeatRequest;
  readonly config: () => Config | undefined;
  /** Another policy is on the disk. */
  readonly onPolicy: () => void;
  /** The service answers again. */
  readonly onBack: () => void;
}

const BEAT_MS = 5 * 60_000;
/** After a change of state: others may change at once, too. */
const SOON_MS = 5_000;
const QUOTA_MS = 60 * 60_000;
/** Of the wait, up or down: a fleet does not speak all at once. */
const JITTER = 0.2;
/** For an ordered restore that runs when the agent ends. */
const END_MS = 5_000;

export class Contact {
  readonly #options: ContactOptions;
  readonly #alarm: Alarm;
  #dueAt = 0;
  #quotaDueAt = 0;
  reachedAt: number | undefined;
  /** The service has another policy, and this version can't read it. */
  policyError: HoldfastError | undefined;
  /** Since when it has not answered, or refuses; and what was said about that. */
  unreached: { readonly since: number; readonly error: HoldfastError } | undefined;
  quota: (QuotaFacts & { readonly at: number }) | undefined;
  /** Ordered restores that wait for a person here, as far as is known. */
  orders = 0;
  #ordered: Promise<void> | undefined;

  constructor(options: ContactOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.parts.clock);
  }

  /** Something has changed that the service should know. */
  soon({ quota = false }: { readonly quota?: boolean } = {}): void {
    this.#dueAt = Math.min(this.#dueAt, this.#options.parts.clock.now() + SOON_MS);
    if (quota) this.#quotaDueAt = 0;
    this.#alarm.ring();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.parts;
    while (!signal.aborted) {
      // A service that hangs does not hold up the agent's end.
      if (clock.now() >= this.#dueAt) await Promise.race([this.#beat(signal), aborted(signal)]);
      // A clock that was set back must not silence the machine.
      this.#dueAt = Math.min(this.#dueAt, clock.now() + BEAT_MS * (1 + JITTER));
      await this.#alarm.wait(this.#dueAt, signal);
    }
    if (this.#ordered !== undefined) await Promise.race([this.#ordered, clock.sleep(END_MS)]);
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const { parts, facts, config } = this.#options;
    const { clock, service } = parts;
    let nextMs = BEAT_MS;
    // What happens during this beat brings the next one nearer.
    this.#dueAt = Number.POSITIVE_INFINITY;
    try {
      const answer = await service.heartbeat(facts(), signal);
      if (signal.aborted) return;
      this.#reached();
      nextMs = answer.nextHeartbeatSeconds * 1000;
      await this.#followPolicy(answer.policyTag, signal);
      if (clock.now() >= this.#quotaDueAt) {
        this.quota = { ...(await service.quota()), at: clock.now() };
        this.#quotaDueAt = clock.now() + QUOTA_MS;
      }
      const held = config();
      if (answer.orders === 0) this.orders = 0;
      else if (held) this.#ordered ??= this.#runOrders(held, signal);
    } catch (cause) {
      if (!signal.aborted) this.#failed(cause);
    }
    const nextAt = clock.now() + Math.round(nextMs * (1 - JITTER + 2 * JITTER * parts.seed));
    this.#dueAt = Math.min(this.#dueAt, nextAt);
  }

  /** One that this version can't read, from a newer service perhaps, changes nothing: the last one holds, and all else goes on. */
  async #followPolicy(tag: string, signal: AbortSignal): Promise<void> {
    const { parts, onPolicy } = this.#options;
    try {
      if (await parts.followPolicy(tag, signal)) {
        parts.log.write("info", "policy.taken", { tag });
        onPolicy();
      }
      this.policyError = undefined;
    } catch (cause) {
      const error = asHoldfastError(cause);
      if (error.code !== "service/protocol") throw cause;
      const { code, message } = error;
      if (this.policyError?.message !== message) parts.log.write("warning", "policy.unread", { tag, code, message });
      this.policyError = error;
    }
  }

  /** Beside the beats: a restore may take hours. */
  async #runOrders(config: Config, signal: AbortSignal): Promise<void> {
    const { service, log } = this.#options.parts;
    try {
      this.orders = await service.runOrders(config, signal);
    } catch (cause) {
      const { code, message } = asHoldfastError(cause);
      if (!signal.aborted) log.write("warning", "orders.failed", { code, message });
    } finally {
      this.#ordered = undefined;
    }
  }

  #reached(): void {
    if (this.unreached) {
      this.#options.parts.log.write("info", "service.back", {});
      this.#options.onBack();
    }
    this.unreached = undefined;
    this.reachedAt = this.#options.parts.clock.now();
  }

  #failed(cause: unknown): void {
    const error = asHoldfastError(cause);
    const { code, message } = error;
    const { log, clock } = this.#options.parts;
    const isAway = error.kind === "unavailable";
    // What is wrong on this side says nothing about the service.
    if (error.kind === "local" || error.kind === "bug" || error.kind === "usage") {
      log.write("warning", "contact.failed", { code, message });
      return;
    }
    if (this.unreached?.error.message !== message)
      log.write("warning", isAway ? "service.away" : "service.refuses", { code, message });
    this.unreached = { since: this.unreached?.since ?? clock.now(), error };
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
