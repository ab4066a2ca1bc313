/**
 * Full Search on PostgreSQL: an index of the searched text's trigrams, where the server has the extension and lets us. Lists are the same without it;
 * a search that finds little among a million machines then takes a second rather than a moment.
 */
import { sql as raw } from "kysely";
import type { Sql } from "./database.ts";

export async function indexSearchedText(sql: Sql): Promise<void> {
  try {
    await raw`CREATE EXTENSION IF NOT EXISTS pg_trgm`.execute(sql);
    for (const table of ["accounts", "machines"])
      await raw`CREATE INDEX IF NOT EXISTS ${raw.ref(`${table}ByText`)} ON ${raw.table(table)}
        USING gin ("listText" gin_trgm_ops)`.execute(sql);
  } catch {
    // Not installed, or not ours to add. It is tried again at the next start.
  }
}
