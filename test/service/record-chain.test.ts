/** Records that were changed behind the service's back show. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqlite } from "../../base/sqlite.ts";
import { verifyRecords } from "../../server-mock/domain/records/verify-records.ts";
import { registerMachine } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

/** A service with a successful, a failed and a cancelled run, a restore, and the audit rows of all that. */
async function withHistory(): Promise<TestService> {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.backUp(2, { flags: ["mass-deletion"] });
  await machine.open();
  await machine.end({ code: "quota/exceeded", message: "Full." });
  await machine.open();
  await machine.end();
  const token = await service.logIn();
  const params = { machine: machine.id };
  const restore = (await service.call("openRestore", { token, params, body: { source: "cli" } })).json;
  const done = { filesRequested: 1, filesRetrieved: 1, bytes: 5, status: "completed" };
  await service.call("progressRestore", { token: restore.token, body: done });
  await machine.open();
  return service;
}

const look = (service: TestService) => verifyRecords(service.service.domain);

function byHand(service: TestService, sql: string): void {
  const db = openSqlite(join(service.data, "holdfast.db"), { durability: "normal" });
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
}

const removedWithLink = "DELETE FROM audit WHERE id = 2; DELETE FROM chainLinks WHERE kind = 'audit' AND number = 2";

test("records that nobody touched are as they were written, also after a restart", async () => {
  const service = await withHistory();
  await service.restart();
  const { troubles, links, chains } = await look(service);
  expect(troubles).toEqual([]);
  expect(chains).toBe(2);
  expect(links).toBeGreaterThan(5);
});

test("what is written while they are looked through is no trouble", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.backUp();
  await machine.open();
  const token = await service.logIn("admin");
  const { domain } = service.service;
  const { chains } = domain.records;
  let made = 0;
  const listLinks: typeof chains.listLinks = async (...which) => {
    await service.call("createGroup", { token, body: { name: `Group ${++made}` } });
    await machine.end();
    await machine.open();
    return await chains.listLinks(...which);
  };
  const records = { ...domain.records, chains: { ...chains, listLinks } };
  expect((await verifyRecords({ ...domain, records })).troubles).toEqual([]);
  expect(made).toBe(2);
});

test.each([
  ["an edited backup record", "UPDATE backups SET state = 'success' WHERE state = 'failed'", ["edited backup"]],
  ["a flag that is taken away", "UPDATE backups SET flags = NULL WHERE snapshot = 1", ["edited backup"]],
  [
    "a flag that is added",
    `UPDATE backups SET flags = '{"flags":[]}' WHERE snapshot IS NULL AND state = 'failed'`,
    ["edited backup"],
  ],
  ["an edited restore record", "UPDATE restores SET requestedBy = 'nobody'", ["edited restore"]],
  ["an edited audit row", "UPDATE audit SET actor = 'nobody' WHERE id = 2", ["edited audit"]],
  ["a removed audit row", "DELETE FROM audit WHERE id = 2", ["removed audit"]],
  ["a removed record with its link", removedWithLink, ["links missing chain"]],
  [
    "an added row",
    "INSERT INTO audit SELECT id + 1000, organization, at, 'x', action, subject, detail, address, account FROM audit WHERE id = 1",
    ["added audit"],
  ],
  [
    "a link that was made to fit an edited row",
    "UPDATE chainLinks SET digest = hash WHERE number = 1 AND kind = 'backup'",
    ["link changed chain", "edited backup"],
  ],
])("%s is named", async (_, sql, expected) => {
  const service = await withHistory();
  byHand(service, sql);
  const { troubles } = await look(service);
  expect(troubles.map(({ what, kind }) => `${what} ${kind}`)).toEqual(expected);
});

test("a chain that was cut at its end shows when its end was noted elsewhere", async () => {
  const service = await withHistory();
  const { heads } = await look(service);
  byHand(
    service,
    `DELETE FROM audit WHERE id = (SELECT max(id) FROM audit);
     DELETE FROM chainLinks WHERE kind = 'audit' AND number = (SELECT max(number) FROM chainLinks WHERE kind = 'audit');
     UPDATE chains SET count = count - 1,
       head = (SELECT hash FROM chainLinks WHERE kind = 'audit' ORDER BY number DESC LIMIT 1) WHERE chain LIKE 'audit/%'`,
  );
  expect((await look(service)).troubles).toEqual([]);
  const { troubles } = await verifyRecords(service.service.domain, { noted: heads });
  expect(troubles.map(({ what, kind }) => `${what} ${kind}`)).toEqual(["links missing chain"]);
});

test("rows of a database from before there were chains are taken as they are", async () => {
  const service = await withHistory();
  byHand(service, "DELETE FROM chainLinks; DELETE FROM chains");
  expect((await look(service)).troubles.length).toBeGreaterThan(5);
  await service.restart();
  expect((await look(service)).troubles).toEqual([]);
  const [newest] = await service.service.domain.records.audit.list({ limit: 1 }, {});
  expect(newest).toMatchObject({ action: "records/adopt", organization: null });
});
