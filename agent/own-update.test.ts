/** How often an agent asks for newer versions, and what it says about them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { sha256 } from "../base/digest.ts";
import { signingKey } from "../base/signing.ts";
import { signManifest } from "../scripts/sign-update.ts";
import { putUpdate } from "../server-mock/domain/updates/updates.ts";
import { steeredClock } from "../test/support/steered-clock.ts";
import { tempFolder } from "../test/support/temp-folder.ts";
import { startTestService } from "../test/support/test-service.ts";
import { AgentLog } from "./daemon/agent-log.ts";
import { registerMachine } from "./enrol/register.ts";
import { followUpdates } from "./own-update.ts";

const SEED = Buffer.alloc(32, 5);

test("an agent that trusts a publisher tells once of what it can't put in place itself, and stops when it is told to", async () => {
  const service = await startTestService();
  const dataFolder = join(tempFolder(), "agent");
  const { address, first } = service;
  await registerMachine({
    dataFolder,
    address: { url: address },
    productKey: first.productKeys.server,
    kind: "server",
  });
  const content = Buffer.from("newer");
  const digest = sha256(content).toString("hex");
  const file = {
    platform: `${process.platform}-${process.arch}`,
    name: "holdfast",
    sizeBytes: content.length,
    sha256: digest,
  };
  const times = { madeAt: "2026-11-01T00:00:00.000Z", expiresAt: "2099-01-01T00:00:00.000Z" };
  const bytes = signManifest({ version: "9.0.0", serial: 1, ...times, minimum: null, files: [file] }, SEED);
  const given = [{ name: "holdfast", sha256: digest, sizeBytes: content.length, open: () => Readable.from([content]) }];
  await putUpdate(service.service.domain, { actor: "operator" }, bytes, given);

  const clock = steeredClock();
  using log = new AgentLog({ dataFolder, clock });
  const stop = new AbortController();
  const how = { dataFolder, clock, log, seed: 0.5, isAtRest: () => true, signal: stop.signal };
  // Nobody is trusted: nothing is asked, now or later.
  expect(await followUpdates(how)).toBe(false);

  const path = join(dataFolder, "settings.json");
  const settings = JSON.parse(readFileSync(path, "utf8"));
  const updateKeys = [signingKey(SEED).publicKey.toString("hex")];
  writeFileSync(path, JSON.stringify({ ...settings, updateKeys }));
  const startedAt = clock.now();
  const following = followUpdates(how);
  const told = () => log.tail(100).filter((line) => line.includes('"update.told"')).length;
  const pass = async (ms: number) => {
    clock.advance(ms);
    await new Promise(setImmediate);
  };
  const passed = async () => {
    await pass(60_000);
    return told();
  };
  await expect.poll(passed, { interval: 5 }).toBe(1);
  // In the first hour, and not as soon as it is started.
  expect(clock.now() - startedAt).toBeGreaterThan(30 * 60_000);
  for (let hour = 0; hour < 24; hour++) await pass(3_600_000);
  expect(told()).toBe(1);
  stop.abort();
  expect(await following).toBe(false);
});
