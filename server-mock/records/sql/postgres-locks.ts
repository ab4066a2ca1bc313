/**
 * Locks that a process holds by name as long as its connection lives: PostgreSQL's advisory locks, all on one connection, so that any number can
 * be held. Who has to wait asks again and again; contention between processes is rare, and inside one process `oneAtATime` comes first.
 *
 * When the connection breaks the locks are lost while the work goes on. What is done under a lock must therefore be checked again in the
 * transaction that makes it count.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "pg";
import type { Random } from "../../../base/random.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { Locks } from "../cluster.ts";
import { lockNumber } from "./lock-number.ts";
import { asRecordsError } from "./postgres-errors.ts";

const WAIT_MS_MIN = 5;
const WAIT_MS_MAX = 200;
/** A check of a large history before its commit takes minutes at most. */
const PATIENCE_MS = 300_000;
const CONNECT_MS = 10_000;

export interface LocksOptions {
  readonly url: string;
  readonly random: Random;
  readonly patienceMs?: number;
}

export function postgresLocks({ url, random, patienceMs = PATIENCE_MS }: LocksOptions): Locks {
  let connected: Promise<Client> | undefined;
  /** On one connection a lock can be taken twice; that must not look like two who have it. */
  const held = new Set<string>();

  const connection = (): Promise<Client> => {
    connected ??= connect(url, () => {
      connected = undefined;
    }).catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };

  /** One statement at a time is what a connection takes. */
  let last: Promise<unknown> = Promise.resolve();
  const ask = (client: Client, sql: string, name: string) => {
    const answer = last.then(() => client.query(sql, [lockNumber(name)]));
    last = answer.catch(() => undefined);
    return answer;
  };

  async function take(name: string): Promise<Client | undefined> {
    if (held.has(name)) return undefined;
    held.add(name);
    try {
      const client = await connection();
      const { rows } = await ask(client, "SELECT pg_try_advisory_lock($1::bigint) AS taken", name);
      if (rows[0]?.taken === true) return client;
    } catch (error) {
      held.delete(name);
      throw asRecordsError(error);
    }
    held.delete(name);
    return undefined;
  }

  async function during<T>(name: string, client: Client, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      // A connection that is gone has lost its locks, too.
      await ask(client, "SELECT pg_advisory_unlock($1::bigint)", name).catch(() => undefined);
      held.delete(name);
    }
  }

  return {
    async hold(name, work) {
      for (let waitedMs = 0, waitMs = WAIT_MS_MIN; ; waitMs = Math.min(waitMs * 2, WAIT_MS_MAX)) {
        const client = await take(name);
        if (client !== undefined) return await during(name, client, work);
        if (waitedMs > patienceMs) throw new HoldfastError("service/busy", { what: "the same backups" });
        const ms = waitMs + (random(1).readUInt8() % waitMs);
        await wait(ms);
        waitedMs += ms;
      }
    },
    async tryHold(name, work) {
      const client = await take(name);
      if (client === undefined) return false;
      await during(name, client, work);
      return true;
    },
    async close() {
      const client = await connected?.catch(() => undefined);
      connected = undefined;
      await client?.end().catch(() => undefined);
    },
  };
}

async function connect(url: string, onEnd: () => void): Promise<Client> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: "holdfast-server locks",
  });
  client.on("error", onEnd);
  client.on("end", onEnd);
  await client.connect();
  return client;
}
