/** Rows into tables as fast as the database takes them: without the stores, without most indexes until the end. */
import pg from "pg";
import { openSqlite } from "../../base/sqlite.ts";
import type { Row } from "./population.ts";

const BATCH_ROWS = 2000;

export interface BulkInsert extends AsyncDisposable {
  insert(table: string, rows: Iterable<Row>): Promise<void>;
  /** Indexes of lists are made when all rows are there. */
  finish(): Promise<void>;
}

/** The file exists and is migrated. */
export function bulkIntoSqlite(path: string): BulkInsert {
  const db = openSqlite(path, { durability: "normal" });
  db.exec("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000");
  const indexes = db
    .prepare(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('accounts', 'machines')",
    )
    .all() as { name: string; sql: string }[];
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
  return {
    async insert(table, rows) {
      let statement: ReturnType<typeof db.prepare> | undefined;
      db.exec("BEGIN");
      for (const row of rows) {
        const names = Object.keys(row);
        statement ??= db.prepare(`INSERT INTO ${table} (${names}) VALUES (${names.map(() => "?")})`);
        statement.run(...(Object.values(row) as (string | number | null)[]));
      }
      db.exec("COMMIT");
    },
    async finish() {
      for (const { sql } of indexes) db.exec(sql);
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    },
    async [Symbol.asyncDispose]() {
      db.close();
    },
  };
}

/** The database exists and is migrated. */
export async function bulkIntoPostgres(url: string): Promise<BulkInsert> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "SET synchronous_commit = off; SET session_replication_role = replica; SET maintenance_work_mem = '512MB'",
  );
  const { rows: indexes } = await client.query<{ name: string; sql: string }>(
    `SELECT indexname AS name, indexdef AS sql FROM pg_indexes
     WHERE tablename IN ('accounts', 'machines') AND indexdef NOT LIKE '% UNIQUE %'`,
  );
  for (const { name } of indexes) await client.query(`DROP INDEX "${name}"`);
  const types = async (table: string): Promise<Map<string, string>> => {
    const { rows } = await client.query<{ name: string; type: string }>(
      "SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = $1",
      [table],
    );
    return new Map(rows.map(({ name, type }) => [name, type]));
  };
  return {
    async insert(table, rows) {
      const typeOf = await types(table);
      const put = async (batch: readonly Row[]): Promise<void> => {
        const names = Object.keys(batch[0] ?? {});
        const arrays = names.map((name, at) => `$${at + 1}::${typeOf.get(name)}[]`);
        const text = `INSERT INTO "${table}" (${names.map((name) => `"${name}"`)}) SELECT * FROM unnest(${arrays})`;
        await client.query(
          text,
          names.map((name) => batch.map((row) => row[name])),
        );
      };
      let batch: Row[] = [];
      for (const row of rows) {
        batch.push(row);
        if (batch.length < BATCH_ROWS) continue;
        await put(batch);
        batch = [];
      }
      if (batch.length > 0) await put(batch);
    },
    async finish() {
      for (const { sql } of indexes) await client.query(sql);
      await client.query("VACUUM ANALYZE");
    },
    async [Symbol.asyncDispose]() {
      await client.end();
    },
  };
}
