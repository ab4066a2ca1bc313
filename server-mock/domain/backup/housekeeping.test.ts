import { expect, test } from "vitest";
import { STAGED_KEEP_MS } from "../../../protocol/limits.ts";
import { dataPack, pagesPack, registerMachine, type TestMachine } from "../../../test/support/test-machine.ts";
import { startTestService, type TestService } from "../../../test/support/test-service.ts";
import { dropStaged } from "./housekeeping.ts";

const DAY_MS = 24 * 3600 * 1000;

async function stagedPacks(machine: TestMachine): Promise<number> {
  await machine.open();
  const { packs } = machine.session.staged;
  await machine.end();
  return packs;
}

async function later(test: TestService, ms: number): Promise<void> {
  test.clock.advance(ms);
  await dropStaged(test.service.domain);
}

test("packs that nobody committed go a week after the last of them came, all together", async () => {
  const test = await startTestService();
  const machine = await registerMachine(test);
  const data = dataPack(machine.vault.id);
  await machine.open();
  await machine.put(data);
  await machine.end();
  await later(test, STAGED_KEEP_MS - DAY_MS);
  await machine.open();
  await machine.put(pagesPack(machine.vault.id, data.chunks));
  await machine.end();
  // The data is more than a week old, and a younger page refers to it.
  await later(test, 2 * DAY_MS);
  expect(await stagedPacks(machine)).toBe(2);
  await later(test, STAGED_KEEP_MS);
  expect(await stagedPacks(machine)).toBe(0);
});
