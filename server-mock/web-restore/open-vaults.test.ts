import { expect, test } from "vitest";
import { backedUpMachine } from "../../test/support/backed-up-machine.ts";
import { startTestService, type TestService } from "../../test/support/test-service.ts";
import type { Domain } from "../domain/domain.ts";
import type { OpenedRestore } from "../domain/restores/web-sessions.ts";
import { IDLE_MS, OpenVaults } from "./open-vaults.ts";

async function place(): Promise<{
  service: TestService;
  domain: Domain;
  opened: (id: string) => Promise<OpenedRestore>;
}> {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  machine.write("a", "a");
  await machine.backUp({ hours: 1 });
  const { domain } = service.service;
  return {
    service,
    domain,
    async opened(id) {
      const row = await domain.records.machines.find(machine.id);
      const vault = await domain.records.vaults.findByMachine(machine.id);
      if (row === undefined || vault === undefined) throw new Error("no machine");
      return { restore: { id } as OpenedRestore["restore"], machine: row, vault }; // Only its id is looked at.
    },
  };
}

test("keys that nobody uses are forgotten after minutes, those in use are not, and a forgotten vault opens again", async () => {
  const { service, domain, opened } = await place();
  const vaults = new OpenVaults(domain, new AbortController().signal);
  const idle = await vaults.get(await opened("idle"));
  const used = await vaults.get(await opened("used"));
  expect(await vaults.get(await opened("idle"))).toBe(idle);
  service.clock.advance(IDLE_MS - 1000);
  expect(await vaults.get(await opened("used"))).toBe(used);
  service.clock.advance(1000);
  await expect.poll(() => vaults.size).toBe(1);
  expect(await vaults.get(await opened("used"))).toBe(used);
  const again = await vaults.get(await opened("idle"));
  expect(again).not.toBe(idle);
  expect((await again.vault.snapshots()).length).toBe(1);
});

test("no more than sixteen are open, the one used last stays, and none outlives its process", async () => {
  const { domain, opened } = await place();
  const stop = new AbortController();
  const vaults = new OpenVaults(domain, stop.signal);
  const first = await vaults.get(await opened("0"));
  for (let number = 1; number < 16; number++) await vaults.get(await opened(String(number)));
  expect(await vaults.get(await opened("0"))).toBe(first);
  await vaults.get(await opened("16"));
  expect(vaults.size).toBe(16);
  expect(await vaults.get(await opened("0"))).toBe(first);
  stop.abort();
  await expect.poll(() => vaults.size).toBe(0);
});
