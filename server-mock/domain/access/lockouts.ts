/**
 * Lockouts after failed attempts, per account, address and product key: five failures (of an address twenty) lock for a minute, every further one for
 * twice as long, up to 15. Counted in the database: all processes share them, and a restart forgets nothing.
 */
import type { Clock } from "../../../base/clock.ts";
import { sha256 } from "../../../base/digest.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import { placeOf } from "../../http/rate-limits.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AttemptRow } from "../../records/security-rows.ts";

const FREE_FAILURES = 5;
/** A whole office may share one: a few people's slips must not lock out all the others. */
const FREE_FAILURES_ADDRESS = 20;
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
      const free = new Map(keys.map((key) => [hashed(key), freeFailures(key)]));
      const until = Math.max(0, ...rows.map((row) => lockedUntil(row, now, free.get(row.key) ?? FREE_FAILURES)));
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

function lockedUntil({ failures, at }: AttemptRow, now: number, free: number): number {
  if (failures < free || at + FORGET_MS < now) return 0;
  return at + Math.min(LOCK_MS * 2 ** Math.min(failures - free, 10), LOCK_MS_MAX);
}

const ADDRESS = "address/";
const freeFailures = (key: string): number => (key.startsWith(ADDRESS) ? FREE_FAILURES_ADDRESS : FREE_FAILURES);

const hashed = (key: string): string => sha256(Buffer.from(key)).toString("base64url");

export const lockKeys = {
  account: (login: string): string => `account/${login}`,
  /** A network of IPv6 counts as one. */
  address: (address: string): string => `${ADDRESS}${placeOf(address)}`,
  /** Where product keys and codes are tried that don't exist: few people ever type one. */
  keyAddress: (address: string): string => `key-address/${placeOf(address)}`,
  /** Codes of a second factor: a right password does not forgive them. */
  secondFactor: (account: string): string => `second-factor/${account}`,
  productKey: (typed: string): string => `product-key/${typed.replace(/[^0-9a-z]/gi, "").toUpperCase()}`,
};
