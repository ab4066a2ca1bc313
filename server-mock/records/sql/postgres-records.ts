/** `Records` on PostgreSQL, which several processes may share. Loaded only when a database's address is given. */
import { Kysely, PostgresDialect, sql as raw } from "kysely";
import { type Random, systemRandom } from "../../../base/random.ts";
import type { Records } from "../records.ts";
import type { Database, Sql } from "./database.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { migratePostgres } from "./postgres-migrations.ts";
import { type PoolOptions, postgresPool } from "./postgres-pool.ts";
import { serialized } from "./postgres-transactions.ts";
import { newNode, stores } from "./sql-records.ts";

export interface PostgresOptions extends PoolOptions {
  readonly random?: Random;
}

/** Migrates as needed. Throws `storage/failed` when the database does not answer. */
export async function postgresRecords({ random = systemRandom, ...options }: PostgresOptions): Promise<Records> {
  const { sql, close } = await openPostgresTables(options);
  const node = newNode(random);
  return {
    node,
    ...stores(sql, node),
    transaction: (work, { lock } = {}) =>
      serialized(sql, (transaction) => work(stores(transaction, node)), { lock, random }),
    async probe() {
      await raw`SELECT 1`.execute(sql);
    },
    close,
  };
}

/** The tables alone. */
export async function openPostgresTables(options: PoolOptions): Promise<{ sql: Sql; close(): Promise<void> }> {
  const pool = await postgresPool(options);
  const sql: Sql = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migratePostgres(sql, MIGRATIONS);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return { sql, close: () => sql.destroy() };
}
