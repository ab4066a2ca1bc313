/** PostgreSQL is killed under a running service: calls are told so, and work again when it is back, with all that was confirmed. */
import { chmodSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { registerMachine } from "../support/test-machine.ts";
import { startTestService } from "../support/test-service.ts";

test("a database that is killed and comes back has all that was confirmed, and the service goes on by itself", async () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-postgres-"));
  chmodSync(folder, 0o755);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const options = { folder, isDurable: true, port: await freePort() };
  let server = await startPostgres(options);
  onTestFinished(() => server.stop());
  const service = await startTestService({ engines: { databaseUrl: server.url } });
  const machine = await registerMachine(service);
  const confirmed: string[] = [];
  const backUp = async (): Promise<boolean> => {
    const { answered, hash } = await machine.backUp();
    if (answered.status === 200) confirmed.push(hash);
    return answered.status === 200;
  };
  expect(await backUp()).toBe(true);

  for (let round = 1; round <= 2; round++) {
    const before = confirmed.length;
    const working = (async () => {
      while (await backUp());
    })();
    await expect.poll(() => confirmed.length).toBeGreaterThan(before + round);
    await server.kill();
    await working;
    // Children of the one that was killed may answer for a moment.
    await expect.poll(async () => (await service.call("ready")).status).toBe(503);
    await expect.poll(() => machine.open()).toMatchObject({ status: 503, code: "storage/failed" });
    server = await restarted(options);
    await expect.poll(async () => (await service.call("ready")).status).toBe(200);
    const { records } = service.service.domain;
    const vault = await records.vaults.findByMachine(machine.id);
    const snapshots = await records.snapshots.list(vault?.number ?? 0, { limit: 500 });
    expect(snapshots).toHaveLength(vault?.sequence ?? -1);
    expect(snapshots.map(({ record }) => record)).toEqual(expect.arrayContaining(confirmed));
    expect(await backUp()).toBe(true);
  }
});

/** Children of the one that was killed hold its memory for a moment. */
async function restarted(options: Parameters<typeof startPostgres>[0]): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt++) {
    const started = await startPostgres(options).catch((error: unknown) => {
      if (attempt === 50) throw error;
    });
    if (started) return started;
    await wait(200);
  }
}
