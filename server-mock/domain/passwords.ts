/** Passwords: Argon2id, at most two computations at once and a bounded queue, so that log-ins can't eat the machine. */
import { argon2 } from "node:crypto";
import { promisify } from "node:util";
import { equalSecrets } from "../../base/digest.ts";
import type { Random } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";

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

/** 64 MiB: about 0.2 s on one core of 2026. */
export const PASSWORD_COST: PasswordCost = { memoryKiB: 65_536, passes: 3, parallelism: 1 };

export interface Passwords {
  /** Throws `password/too-short`. */
  hash(password: string): Promise<string>;
  /** Costs the same when there is no such account. Throws `request/too-many` when too many wait. */
  verify(password: string, stored: string | undefined): Promise<boolean>;
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
  return {
    async hash(password) {
      if ([...password].length < PASSWORD_CHARACTERS_MIN)
        throw new HoldfastError("password/too-short", { minimum: PASSWORD_CHARACTERS_MIN });
      const salt = random(16);
      const hash = await derive(password, salt, cost);
      const numbers = [cost.memoryKiB, cost.passes, cost.parallelism];
      return ["argon2id", ...numbers, salt.toString("base64"), hash.toString("base64")].join("$");
    },
    async verify(password, stored) {
      const parsed = stored === undefined ? undefined : parse(stored);
      if (parsed === undefined) {
        await derive(password, Buffer.alloc(16), cost);
        return false;
      }
      return equalSecrets(await derive(password, parsed.salt, parsed.cost), parsed.hash);
    },
  };
}

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
