/**
 * Runs a conformance suite on every engine that keeps rows:
 *
 *   eachRecordsEngine(accountsConformance);      // accountsConformance(name, make): make() gives empty, migrated Records
 */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Records } from "../../server-mock/records/records.ts";
import { postgresRecords } from "../../server-mock/records/sql/postgres-records.ts";
import { sqliteRecords } from "../../server-mock/records/sql/sql-records.ts";
import { postgresDatabase } from "./postgres.ts";
import { tempFolder } from "./temp-folder.ts";

export type MakeRecords = () => Promise<Records>;

export const RECORDS_ENGINES: Readonly<Record<string, MakeRecords>> = {
  SQLite: async () => closing(sqliteRecords(join(tempFolder(), "test.db"))),
  PostgreSQL: async () => closing(await postgresRecords({ url: await postgresDatabase() })),
};

export function eachRecordsEngine(suite: (engine: string, make: MakeRecords) => void): void {
  for (const [engine, make] of Object.entries(RECORDS_ENGINES)) suite(engine, make);
}

function closing(records: Records): Records {
  onTestFinished(() => records.close());
  return records;
}
