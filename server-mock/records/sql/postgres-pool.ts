/** Connections to PostgreSQL for kysely: `pg`, loaded only here and only when asked for. A broken one is replaced by the next that is needed. */
import type { PostgresPool, PostgresPoolClient } from "kysely";
import { asRecordsError } from "./postgres-errors.ts";

const CONNECTIONS_MAX = 20;
const CONNECT_MS = 10_000;
/** No statement of ours takes longer, except migrations, which say so; a transaction that does nothing for so long has lost its process. */
const STATEMENT_MS = 120_000;
const IDLE_IN_TRANSACTION_MS = 60_000;

const INT8 = 20;
const NUMERIC = 1700;

export interface PoolOptions {
  /** `postgres://…` */
  readonly url: string;
  readonly connectionsMax?: number;
}

export async function postgresPool({ url, connectionsMax = CONNECTIONS_MAX }: PoolOptions): Promise<PostgresPool> {
  const { default: pg } = await import("pg");
  // Ours are below 2^53: bytes and milliseconds. Sums arrive as NUMERIC.
  const parsers = new Map([INT8, NUMERIC].map((type) => [type, Number] as const));
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    application_name: "holdfast-server",
    types: {
      // biome-ignore lint/suspicious/noExplicitAny: the driver's own type of its parsers.
      getTypeParser: (type: number, format?: any): any => parsers.get(type) ?? pg.types.getTypeParser(type, format),
    },
  });
  // Without a listener a connection that breaks while nobody waits for it would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return {
    options: pool.options,
    connect: () => naming(async () => named(await pool.connect())),
    end: () => pool.end(),
  };
}

/** kysely knows connections by their object. */
const known = new WeakMap<object, PostgresPoolClient>();

function named(client: import("pg").PoolClient): PostgresPoolClient {
  const found = known.get(client);
  if (found !== undefined) return found;
  const made = {
    query: (sql: string, parameters: readonly unknown[]) => naming(() => client.query(sql, [...parameters])),
    release: (destroy?: boolean) => client.release(destroy),
  } as unknown as PostgresPoolClient; // All of it that is used: no cursors, no cancelling.
  known.set(client, made);
  return made;
}

async function naming<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asRecordsError(error);
  }
}
