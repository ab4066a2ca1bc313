/** Passwords: Argon2id, at most two computations at once and a bounded queue, so that log-ins can't eat the machine. */
import { argon2 } from "node:crypto";
import { promisify } from "node:util";
import { equalSecrets } from "../../../base/digest.ts";
import type { Random } from "../../../base/random.ts";
import { HoldfastError } from "../../../protocol/errors.ts";

export const PASSWORD_CHARACTERS_MIN = 8;
const RUNNING_MAX = 2;
const WAITING_MAX = 64;
const HASH_BYTES = 32;

/** What a hash costs; stored with it, so that it can rise later. */
export interface PasswordCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly parallelism: number;
}

/**
 * OWASP's minimum: 30 ms on one core of 2026 (64 MiB in three passes: 175 ms, at every restore). It has to withstand who has stolen the
 * database; guesses at the door are stopped by lockouts. What protects a custom key is derived on the machine, at another cost.
 */
export const PASSWORD_COST: PasswordCost = { memoryKiB: 19_456, passes: 2, parallelism: 1 };

export interface Passwords {
  /** Throws `password/too-short`. */
  hash(password: string): Promise<string>;
  /** Costs the same when there is no such account. Throws `request/too-many` when too many wait. */
  verify(password: string, stored: string | undefined): Promise<boolean>;
  /** A new hash for a password that has just been verified; `undefined` when what is stored cost what hashes cost today. */
  renew(password: string, stored: string): Promise<string | undefined>;
}

const compute = promisify(argon2);

export function passwords(random: Random, cost: PasswordCost = PASSWORD_COST): Passwords {
  const inTurn = bounded();
  const derive = (password: string, salt: Buffer, { memoryKiB, passes, parallelism }: PasswordCost) =>
    inTurn(async () => {
      const message = Buffer.from(password.normalize("NFC"));
      const options = { message, nonce: salt, memory: memoryKiB, passes, parallelism, tagLength: HASH_BYTES };
      return await compute("argon2id", options);
    });
  const makeHash = async (password: string) => {
    const salt = random(16);
    const hash = await derive(password, salt, cost);
    return ["argon2id", ...numbersOf(cost), salt.toString("base64"), hash.toString("base64")].join("$");
  };
  return {
    async hash(password) {
      if ([...password].length < PASSWORD_CHARACTERS_MIN)
        throw new HoldfastError("password/too-short", { minimum: PASSWORD_CHARACTERS_MIN });
      return await makeHash(password);
    },
    async verify(password, stored) {
      const parsed = stored === undefined ? undefined : parse(stored);
      if (parsed === undefined) {
        await derive(password, Buffer.alloc(16), cost);
        return false;
      }
      return equalSecrets(await derive(password, parsed.salt, parsed.cost), parsed.hash);
    },
    async renew(password, stored) {
      const parsed = parse(stored);
      if (parsed && String(numbersOf(parsed.cost)) === String(numbersOf(cost))) return undefined;
      return await makeHash(password);
    },
  };
}

const numbersOf = ({ memoryKiB, passes, parallelism }: PasswordCost): number[] => [memoryKiB, passes, parallelism];

function parse(stored: string): { cost: PasswordCost; salt: Buffer; hash: Buffer } | undefined {
  const [kind, memoryKiB, passes, parallelism, salt, hash] = stored.split("$");
  if (kind !== "argon2id" || salt === undefined || hash === undefined) return undefined;
  const cost = { memoryKiB: Number(memoryKiB), passes: Number(passes), parallelism: Number(parallelism) };
  return { cost, salt: Buffer.from(salt, "base64"), hash: Buffer.from(hash, "base64") };
}

function bounded(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= RUNNING_MAX) {
      if (waiting.length >= WAITING_MAX) throw new HoldfastError("request/too-many");
      // Whoever ends hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
