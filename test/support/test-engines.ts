/**
 * Which engines services under test use. HOLDFAST_TEST_ENGINES: `postgres` takes a database of the run's server, `postgres+s3` a bucket, too;
 * without it SQLite and a folder. So one set of tests of the service holds for all of them:
 *
 *   HOLDFAST_TEST_ENGINES=postgres npx vitest run server-mock
 */
import type { Engines } from "../../server-mock/engines.ts";
import { postgresDatabase } from "./postgres.ts";
import { s3Place } from "./s3.ts";

export async function testEngines(): Promise<Engines> {
  const { HOLDFAST_TEST_ENGINES: wanted = "" } = process.env;
  const parts = wanted.split("+");
  return {
    ...(parts.includes("postgres") ? { databaseUrl: await postgresDatabase() } : {}),
    ...(parts.includes("s3") ? { bucket: s3Place() } : {}),
  };
}

/** For the few tests that look at what only an embedded installation has. */
export const isEmbedded = (): boolean => !process.env.HOLDFAST_TEST_ENGINES;
