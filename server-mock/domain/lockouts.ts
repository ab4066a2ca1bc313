/**
 * Lockouts after failed attempts, per account and per address: five failures lock for a minute, every further one for twice as long, up to 15.
 * In memory: a restart forgets them, which costs an attacker more than it gives.
 */
import type { Clock } from "../../base/clock.ts";
import { HoldfastError } from "../../protocol/errors.ts";

const FREE_FAILURES = 5;
const LOCK_MS = 60_000;
const LOCK_MS_MAX = 15 * 60_000;
/** Failures are forgotten this long after the last one. */
const FORGET_MS = 60 * 60_000;
const KEYS_MAX = 50_000;

export interface Lockouts {
  /** Throws `login/locked`. Call it before looking at a secret, and again before saying that it was right. */
  check(...keys: readonly string[]): void;
  fail(...keys: readonly string[]): void;
  forgive(key: string): void;
}

export function lockouts(clock: Clock): Lockouts {
  const failures = new Map<string, { count: number; until: number; at: number }>();
  return {
    check(...keys) {
      const now = clock.now();
      const until = Math.max(0, ...keys.map((key) => failures.get(key)?.until ?? 0));
      if (until > now) throw new HoldfastError("login/locked", { seconds: Math.ceil((until - now) / 1000) });
    },
    fail(...keys) {
      const now = clock.now();
      for (const key of keys) {
        const before = failures.get(key);
        const count = before === undefined || before.at + FORGET_MS < now ? 1 : before.count + 1;
        const lockMs = Math.min(LOCK_MS * 2 ** Math.min(count - FREE_FAILURES, 10), LOCK_MS_MAX);
        failures.delete(key);
        failures.set(key, { count, until: count < FREE_FAILURES ? 0 : now + lockMs, at: now });
      }
      while (failures.size > KEYS_MAX) failures.delete(failures.keys().next().value ?? "");
    },
    forgive(key) {
      failures.delete(key);
    },
  };
}

export const lockKeys = {
  account: (email: string): string => `account/${email}`,
  address: (address: string): string => `address/${address}`,
};
