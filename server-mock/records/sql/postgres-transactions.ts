/**
 * Transactions as if they followed one another (SERIALIZABLE). PostgreSQL refuses what would not be so, and the work is done again; who was
 * overtaken twice takes a place in a queue of its like, so that many who want one row don't overtake each other for ever.
 */
import { setTimeout as wait } from "node:timers/promises";
import { sql as raw } from "kysely";
import type { Random } from "../../../base/random.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { Sql } from "./database.ts";
import { lockNumber } from "./lock-number.ts";
import { isDuplicate, isOvertaken } from "./postgres-errors.ts";

const ATTEMPTS_MAX = 20;
const DUPLICATES_MAX = 3;
const ATTEMPTS_UNQUEUED = 2;
const WAIT_MS_MAX = 40;
const QUEUE = "transactions/overtaken";

export interface TransactionOptions {
  /** Of a hot row: transactions with the same one wait for each other instead of overtaking. */
  readonly lock?: string | undefined;
}

export async function serialized<T>(
  sql: Sql,
  work: (transaction: Sql) => Promise<T>,
  { lock, random }: TransactionOptions & { random: Random },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(sql, work, attempt > ATTEMPTS_UNQUEUED ? (lock ?? QUEUE) : lock);
    } catch (error) {
      const isWorthwhile = isOvertaken(error) ? attempt < ATTEMPTS_MAX : isDuplicate(error) && attempt < DUPLICATES_MAX;
      if (!isWorthwhile) throw isOvertaken(error) ? busy(error) : error;
    }
    await wait(random(1).readUInt8() % Math.min(WAIT_MS_MAX, 2 ** attempt));
  }
}

/** The lock is taken before the transaction begins: its view of the rows must not be older than the lock. */
const once = <T>(sql: Sql, work: (transaction: Sql) => Promise<T>, lock: string | undefined): Promise<T> =>
  sql.connection().execute(async (connection) => {
    const begun = () => connection.transaction().setIsolationLevel("serializable").execute(work);
    if (lock === undefined) return await begun();
    const number = lockNumber(lock);
    await raw`SELECT pg_advisory_lock(${number}::bigint)`.execute(connection);
    try {
      return await begun();
    } finally {
      // A connection that is gone has lost its locks, too.
      await raw`SELECT pg_advisory_unlock(${number}::bigint)`.execute(connection).catch(() => undefined);
    }
  });

const busy = (cause: unknown): HoldfastError =>
  new HoldfastError("storage/failed", { reason: "too many want the same rows" }, { cause });
