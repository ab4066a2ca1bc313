/**
 * Keeps the service's policy for a running agent: asks for it, keeps it on disk, has it applied, and only then tells the service
 * that this machine works by it. Without the service the last one holds.
 */
import type { Clock } from "../../base/clock.ts";
import type { OwnPolicy } from "../../protocol/messages/policies.ts";
import { type KeptPolicy, readPolicy, writePolicy } from "./policy-file.ts";

/** What the service says; `AgentRemote` is one. */
export interface PolicySource {
  policy(known?: string, signal?: AbortSignal): Promise<OwnPolicy>;
  takePolicy(tag: string, signal?: AbortSignal): Promise<void>;
}

/** Called with a policy that is durable; what it throws keeps the policy from being acknowledged. */
export type PolicyListener = (policy: KeptPolicy) => void | Promise<void>;

export interface PolicyKeeperOptions {
  readonly dataFolder: string;
  readonly source: PolicySource;
  readonly clock: Clock;
}

export class PolicyKeeper {
  readonly #options: PolicyKeeperOptions;
  readonly #listeners = new Set<PolicyListener>();
  #current: KeptPolicy | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(options: PolicyKeeperOptions, current: KeptPolicy | undefined) {
    this.#options = options;
    this.#current = current;
  }

  /** With what is on disk. */
  static async open(options: PolicyKeeperOptions): Promise<PolicyKeeper> {
    return new PolicyKeeper(options, await readPolicy(options.dataFolder));
  }

  /** `undefined`: the service has not been heard yet; the machine's own settings and defaults hold. */
  get current(): KeptPolicy | undefined {
    return this.#current;
  }

  /** Answers how to stop listening. */
  onChange(listener: PolicyListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks once; whether there is another policy now. One at a time. Throws what the service or a listener throws; the last policy stays. */
  refresh(signal?: AbortSignal): Promise<boolean> {
    const next = this.#last.then(() => this.#refresh(signal));
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** After a heartbeat that named the tag: asks only when it is another, or was never acknowledged. */
  async follow(tag: string, signal?: AbortSignal): Promise<boolean> {
    if (this.#current?.tag === tag && this.#current.takenAt !== null) return false;
    return await this.refresh(signal);
  }

  async #refresh(signal: AbortSignal | undefined): Promise<boolean> {
    const { dataFolder, source, clock } = this.#options;
    const known = this.#current;
    const { tag, settings, holders } = await source.policy(known?.tag, signal);
    if (settings === null || holders === null) {
      if (known?.takenAt === null) await this.#acknowledge(known, signal);
      return false;
    }
    const policy = { version: 1, tag, settings, holders, receivedAt: clock.now(), takenAt: null } as const;
    // Durable, then applied, then said: the service must not believe in a policy that the next start would not know.
    await writePolicy(dataFolder, policy);
    this.#current = policy;
    await this.#acknowledge(policy, signal);
    return true;
  }

  async #acknowledge(policy: KeptPolicy, signal: AbortSignal | undefined): Promise<void> {
    const { dataFolder, source, clock } = this.#options;
    for (const listener of this.#listeners) await listener(policy);
    await source.takePolicy(policy.tag, signal);
    const taken = { ...policy, takenAt: clock.now() };
    await writePolicy(dataFolder, taken);
    this.#current = taken;
  }
}
