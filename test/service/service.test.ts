import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { ensureFirstOrganization } from "../../server-mock/first-organization.ts";
import { beginUpload } from "../support/slow-upload.ts";
import { dataPack, registerMachine } from "../support/test-machine.ts";
import { startTestService } from "../support/test-service.ts";

test("a stop lets the upload in progress end, is not ready meanwhile, and leaves what was acknowledged", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const pack = dataPack(machine.vault.id, 50);
  const upload = beginUpload(service.address, machine, pack, 1000);
  const { quota } = service.service.domain.records;
  await expect.poll(() => quota.listReservations()).toHaveLength(1);
  const closed = service.service.close();
  expect((await service.call("live")).status).toBe(200);
  expect(await service.call("ready")).toMatchObject({ status: 503, code: "service/stopping" });
  expect(await service.call("ownMachine", { token: machine.token })).toMatchObject({ code: "service/stopping" });
  upload.sendRest();
  await upload.ended;
  await closed;
  await expect(fetch(`${service.address}/health/live`)).rejects.toThrow();
  expect(upload.answer()).toMatch(/^HTTP\/1.1 201 /);
  await service.restart();
  expect((await machine.put(pack)).json.known).toBe(true);
});

test("closing twice is closing once", async () => {
  const { service } = await startTestService();
  await Promise.all([service.close(), service.close()]);
});

test("the first organization is made once", async () => {
  const { service, first } = await startTestService();
  expect(await ensureFirstOrganization(service)).toBeUndefined();
  expect(first.productKeys.desktop).not.toBe(first.productKeys.server);
});

test("readiness tells which part fails", async () => {
  const service = await startTestService();
  expect((await service.call("ready")).json).toEqual({ status: "ok", checks: { database: "ok", storage: "ok" } });
  await rm(`${service.data}/storage/incoming`, { recursive: true });
  const failing = await service.call("ready");
  expect([failing.status, failing.json.checks.database, failing.json.status]).toEqual([503, "ok", "failing"]);
  expect((await service.call("live")).status).toBe(200);
});
