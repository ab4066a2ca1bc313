/** Tables of a PostgreSQL database, forward only. Of several processes that start at once one migrates, the others wait and find it done. */
import { sql as raw } from "kysely";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { Sql } from "./database.ts";
import { lockNumber } from "./lock-number.ts";
import { forPostgres } from "./migrations/portable.ts";
import { indexSearchedText } from "./postgres-search.ts";

/** Throws `config/invalid` when a later version has written the database. */
export async function migratePostgres(sql: Sql, migrations: readonly string[]): Promise<void> {
  const number = lockNumber("migrations");
  await sql.connection().execute(async (connection) => {
    await raw`SET statement_timeout = 0`.execute(connection); // An index on a large table takes what it takes.
    await raw`SELECT pg_advisory_lock(${number}::bigint)`.execute(connection);
    try {
      await raw`CREATE TABLE IF NOT EXISTS migrations (seen BIGINT NOT NULL)`.execute(connection);
      const { rows } = await raw<{ seen: number }>`SELECT seen FROM migrations`.execute(connection);
      const seen = rows[0]?.seen ?? 0;
      if (seen > migrations.length) throw newer();
      for (const [index, statements] of migrations.entries()) {
        if (index < seen) continue;
        await connection.transaction().execute(async (transaction) => {
          await raw.raw(forPostgres(statements)).execute(transaction);
          await raw`DELETE FROM migrations`.execute(transaction);
          await raw`INSERT INTO migrations (seen) VALUES (${index + 1})`.execute(transaction);
        });
      }
      await indexSearchedText(connection);
    } finally {
      await raw`RESET statement_timeout`.execute(connection).catch(() => undefined);
      await raw`SELECT pg_advisory_unlock(${number}::bigint)`.execute(connection).catch(() => undefined);
    }
  });
}

const newer = (): HoldfastError =>
  new HoldfastError("config/invalid", {
    setting: "the database",
    reason: "it was written by a later version of this program",
  });
