/** A consistent copy of the service's rows while others write: always a SQLite file, whichever engine keeps them. */
import { copySqlite } from "../../base/sqlite.ts";
import { databasePath } from "../data-folder.ts";
import { compareTables, copyTables, type OpenDatabase } from "../records/sql/copy-tables.ts";
import { openSqliteTables } from "../records/sql/sql-records.ts";

export type CopyDatabase = (to: string) => Promise<void>;

/** `databaseUrl`: PostgreSQL; else the file in the data folder. */
export function databaseCopier({ data, databaseUrl }: { data: string; databaseUrl: string | undefined }): CopyDatabase {
  if (databaseUrl !== undefined) return (to) => copyPostgres(databaseUrl, to);
  return async (to) => copySqlite(databasePath(data), to);
}

/** Copied and compared within one transaction that sees the database as it was at its beginning. */
async function copyPostgres(url: string, to: string): Promise<void> {
  const { openPostgresTables } = await import("../records/sql/postgres-records.ts");
  await using open = new AsyncDisposableStack();
  const source = open.adopt(await openPostgresTables({ url }), (database) => database.close());
  const target: OpenDatabase = { ...openSqliteTables(to), engine: "sqlite" };
  open.defer(() => target.close());
  const snapshot = source.sql.transaction().setIsolationLevel("repeatable read").setAccessMode("read only");
  await snapshot.execute(async (sql) => {
    const from: OpenDatabase = { sql, engine: "postgres", close: async () => undefined };
    await copyTables(from, target, () => undefined);
    await compareTables(from, target, () => undefined);
    const facts = await sql.selectFrom("facts").selectAll().execute();
    if (facts.length > 0) await target.sql.insertInto("facts").values(facts).execute();
  });
}
