/** A PostgreSQL database of a test's own, on the run's server (`postgres-server.ts`), gone after the test. */
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import pg from "pg";
import { onTestFinished } from "vitest";
import { offerPath } from "./postgres-server.ts";

/** `postgres://…`: empty, nobody else's. */
export async function postgresDatabase(): Promise<string> {
  const server = await serverUrl();
  const name = `test_${randomBytes(8).toString("hex")}`;
  await tell(server, `CREATE DATABASE ${name}`);
  onTestFinished(() => tell(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** One statement, on a connection of its own. */
export async function tell(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

let asked: Promise<string> | undefined;

function serverUrl(): Promise<string> {
  const { HOLDFAST_TEST_RUN: folder } = process.env;
  if (folder === undefined) throw new Error("this runs in vitest only");
  asked ??= new Promise((resolve, reject) => {
    const call = request({ socketPath: offerPath(folder), path: "/" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    });
    call.on("error", reject).end();
  });
  return asked;
}
