/** `Records` on PostgreSQL, which several processes may share. Loaded only when a database's address is given. */
import { Kysely, PostgresDialect, sql as raw } from "kysely";
import { type Random, systemRandom } from "../../../base/random.ts";
import type { Records } from "../records.ts";
import type { Database } from "./database.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { migratePostgres } from "./postgres-migrations.ts";
import { postgresPool } from "./postgres-pool.ts";
import { serialized } from "./postgres-transactions.ts";
import { newNode, stores } from "./sql-records.ts";

export interface PostgresOptions {
  /** `postgres://…` */
  readonly url: string;
  readonly random?: Random;
  readonly connectionsMax?: number;
}

/** Migrates as needed. Throws `storage/failed` when the database does not answer. */
export async function postgresRecords({ random = systemRandom, ...options }: PostgresOptions): Promise<Records> {
  const pool = await postgresPool(options);
  const sql = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migratePostgres(sql, MIGRATIONS);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const node = newNode(random);
  return {
    node,
    ...stores(sql, node),
    transaction: (work, { lock } = {}) =>
      serialized(sql, (transaction) => work(stores(transaction, node)), { lock, random }),
    async probe() {
      await raw`SELECT 1`.execute(sql);
    },
    close: () => sql.destroy(),
  };
}
