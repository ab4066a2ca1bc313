import { expect, test } from "vitest";
import { readKeyFile } from "../../agent/keys/key-file.ts";
import { backedUpMachine } from "../support/backed-up-machine.ts";
import { startTestService } from "../support/test-service.ts";

const counters = { files: 3, bytes: 30, filesEncoded: 2, bytesEncoded: 20, filesTransferred: 2, bytesTransferred: 20 };
const RUN = "0190a5c0-0000-4000-8000-000000000001";
const success = {
  run: RUN,
  endedMsAgo: 60_000,
  durationMs: 5000,
  state: "success",
  counters,
  problems: [],
  problemCount: 0,
};

async function machineOf() {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  const token = (await readKeyFile(`${machine.data}/keys.json`))?.token;
  const backups = async () => (await service.call("listOwnBackups", { token })).json.items;
  return { service, machine, token, backups };
}

test("a run to the local copy is a record of type Local, once, and moves no Last Update", async () => {
  const { service, token, backups } = await machineOf();
  const before = (await service.call("ownMachine", { token })).json;
  for (let time = 0; time < 2; time++) {
    const { status } = await service.call("addLocalBackup", { token, body: success });
    expect(status).toBe(200);
    service.clock.advance(1000);
  }
  const items = await backups();
  expect(items).toHaveLength(1);
  const endedAt = service.clock.now() - 2000 - 60_000;
  expect(items[0]).toMatchObject({
    ...counters,
    type: "Local",
    state: "success",
    result: "Success",
    snapshot: null,
    shown: { type: "Local Backup", result: "Success" },
    endedAt: new Date(endedAt).toISOString(),
    startedAt: new Date(endedAt - 5000).toISOString(),
  });
  const after = (await service.call("ownMachine", { token })).json;
  expect([after.lastUpdateAt, after.lastFailureCode, after.quota]).toEqual([
    before.lastUpdateAt,
    before.lastFailureCode,
    before.quota,
  ]);
});

test("a run that failed says why, and neither fences a backup under way nor counts as the machine's failure", async () => {
  const { service, token, backups } = await machineOf();
  const open = { type: "Manual", idempotencyKey: "0190a5c0-0000-4000-8000-0000000000aa", agentVersion: "1.0.0" };
  const session = (await service.call("openSession", { token, body: open })).json;
  const failed = { ...success, state: "failed", code: "local/full", message: "no room" };
  await service.call("addLocalBackup", { token, body: failed });
  const params = { session: session.session };
  const { status } = await service.call("progressSession", { token, params, body: { fence: session.fence, counters } });
  expect(status).toBe(200);
  expect((await backups())[0]).toMatchObject({
    type: "Local",
    state: "failed",
    result: "local/full",
    message: "no room",
  });
  expect((await service.call("ownMachine", { token })).json.lastFailureCode).toBeNull();
});

test("a machine gets the wrap of its own vault, and nobody else does", async () => {
  const { service, token } = await machineOf();
  const { json } = await service.call("ownWrap", { token });
  expect(json).toMatchObject({ epoch: 1, wrap: { kind: "default" } });
  expect((await service.call("ownWrap", { token: await service.logIn("admin") })).code).toBe("token/wrong-audience");
  expect((await service.call("ownWrap")).status).toBe(401);
});
