/**
 * Lockouts after failed attempts, per account, address and product key: five failures lock for a minute, every further one for twice as long, up to
 * 15. Counted in the database: all processes share them, and a restart forgets nothing.
 */
import type { Clock } from "../../base/clock.ts";
import { sha256 } from "../../base/digest.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { placeOf } from "../http/rate-limits.ts";
import type { RecordStores } from "../records/records.ts";
import type { AttemptRow } from "../records/security-rows.ts";

const FREE_FAILURES = 5;
const LOCK_MS = 60_000;
const LOCK_MS_MAX = 15 * 60_000;
/** Failures are forgotten this long after the last one. */
const FORGET_MS = 60 * 60_000;
const KEYS_MAX = 50_000;

/** Never inside a transaction: a refusal undoes that, and the failure would not have been. */
export interface Lockouts {
  /** Throws `login/locked`. Call it before looking at a secret, and again before saying that it was right. */
  check(...keys: readonly string[]): Promise<void>;
  fail(...keys: readonly string[]): Promise<void>;
  forgive(key: string): Promise<void>;
  /** A job: forgets what is old, and the oldest of what is too much. */
  trim(): Promise<void>;
}

export function lockouts(clock: Clock, { attempts }: Pick<RecordStores, "attempts">): Lockouts {
  return {
    async check(...keys) {
      const now = clock.now();
      const rows = await attempts.list(keys.map(hashed));
      const until = Math.max(0, ...rows.map((row) => lockedUntil(row, now)));
      if (until > now) throw new HoldfastError("login/locked", { seconds: Math.ceil((until - now) / 1000) });
    },
    async fail(...keys) {
      const at = clock.now();
      await attempts.add(keys.map(hashed), { at, forgetBefore: at - FORGET_MS });
    },
    forgive: (key) => attempts.remove(hashed(key)),
    trim: () => attempts.trim({ before: clock.now() - FORGET_MS, most: KEYS_MAX }),
  };
}

function lockedUntil({ failures, at }: AttemptRow, now: number): number {
  if (failures < FREE_FAILURES || at + FORGET_MS < now) return 0;
  return at + Math.min(LOCK_MS * 2 ** Math.min(failures - FREE_FAILURES, 10), LOCK_MS_MAX);
}

const hashed = (key: string): string => sha256(Buffer.from(key)).toString("base64url");

export const lockKeys = {
  account: (login: string): string => `account/${login}`,
  /** A network of IPv6 counts as one. */
  address: (address: string): string => `address/${placeOf(address)}`,
  /** Codes of a second factor: a right password does not forgive them. */
  secondFactor: (account: string): string => `second-factor/${account}`,
  productKey: (typed: string): string => `product-key/${typed.replace(/[^0-9a-z]/gi, "").toUpperCase()}`,
};
