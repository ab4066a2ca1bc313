/**
 * Speaks with the service between backups: says how this machine is, hears whether there is another policy or an ordered restore. Without the service
 * all goes on as it was.
 */
import { asHoldfastError } from "../../protocol/errors.ts";
import type { HeartbeatRequest } from "../../protocol/messages/heartbeat.ts";
import type { Config } from "../config/effective.ts";
import { Alarm } from "./alarm.ts";
import type { DaemonParts, QuotaFacts } from "./parts.ts";

export interface ContactOptions {
  readonly parts: DaemonParts;
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

export class Contact {
  readonly #options: ContactOptions;
  readonly #alarm: Alarm;
  #dueAt = 0;
  #quotaDueAt = 0;
  reachedAt: number | undefined;
  /** Since when it has not answered, and what was said about that. */
  unreached: { readonly since: number; readonly message: string } | undefined;
  quota: (QuotaFacts & { readonly at: number }) | undefined;
  /** Ordered restores that wait here, as far as the service last said. */
  orders = 0;

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
      if (clock.now() >= this.#dueAt) await this.#beat(signal);
      // A clock that was set back must not silence the machine.
      this.#dueAt = Math.min(this.#dueAt, clock.now() + BEAT_MS * (1 + JITTER));
      await this.#alarm.wait(this.#dueAt, signal);
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const { parts, facts, onPolicy, config } = this.#options;
    const { clock, service, log } = parts;
    let nextMs = BEAT_MS;
    try {
      const answer = await service.heartbeat(facts(), signal);
      this.#reached();
      nextMs = answer.nextHeartbeatSeconds * 1000;
      if (await parts.followPolicy(answer.policyTag, signal)) {
        log.write("info", "policy.taken", { tag: answer.policyTag });
        onPolicy();
      }
      if (clock.now() >= this.#quotaDueAt) {
        this.quota = { ...(await service.quota()), at: clock.now() };
        this.#quotaDueAt = clock.now() + QUOTA_MS;
      }
      this.orders = answer.orders;
      const held = config();
      if (answer.orders > 0 && held) this.orders = await service.runOrders(held, signal);
    } catch (cause) {
      if (!signal.aborted) this.#failed(cause);
    }
    this.#dueAt = clock.now() + Math.round(nextMs * (1 - JITTER + 2 * JITTER * parts.seed));
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
    const { code, message } = asHoldfastError(cause);
    const { log, clock } = this.#options.parts;
    if (this.unreached?.message !== message) log.write("warning", "service.away", { code, message });
    this.unreached = { since: this.unreached?.since ?? clock.now(), message };
  }
}
