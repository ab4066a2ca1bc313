/** Who gets a mail about what: notification levels, business notifications, quotas, restores. */
import { expect, test } from "vitest";
import { handleEvents } from "../../server-mock/domain/events/handle-events.ts";
import type { AccountRow } from "../../server-mock/records/rows.ts";
import { mailSink } from "../support/mail-sink.ts";
import { settleNotices } from "../support/settle-notices.ts";
import { registerMachine } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

async function started() {
  const sink = await mailSink();
  const config = { smtpUrl: `smtp://127.0.0.1:${sink.port}`, mailFrom: "backup@example.org" };
  const service = await startTestService({ config });
  const machine = await registerMachine(service);
  const { domain } = service.service;
  const subjects = async () => {
    await settleNotices(domain);
    return sink.mails
      .splice(0)
      .map(({ email, to }) => `${to[0]?.split("@")[0]}: ${email.subject}`)
      .sort();
  };
  await subjects(); // Of the registration itself.
  return { service, machine, domain, sink, subjects };
}

async function changeUser(service: TestService, columns: Partial<Omit<AccountRow, "id" | "usedBytes">>): Promise<void> {
  const { records } = service.service.domain;
  const user = await records.accounts.findByLogin(service.first.user.email);
  await records.accounts.change(user?.id ?? "", columns);
}

const FAILED = "user: Backup of den failed";
const WARNED = "user: Backup of den finished with warnings";
const DONE = "user: Backup of den succeeded";

test.each([
  ["off", []],
  ["less", [FAILED]],
  ["more", [FAILED, WARNED]],
  ["all", [FAILED, WARNED, DONE]],
] as const)("notifications %s: %j", async (notifications, expected) => {
  const { service, machine, subjects } = await started();
  await changeUser(service, { notifications });
  await machine.backUp();
  await machine.open();
  await machine.end({ code: "storage/full", message: "No room." });
  await machine.open();
  const problem = { path: "/a", code: "file/unreadable", message: "no" };
  const snapshot = machine.record(await lastRoot(service, machine.id), { incomplete: true });
  expect((await machine.commit(snapshot, { problems: [problem], problemCount: 1 })).status).toBe(200);
  expect(await subjects()).toEqual([...expected].sort());
});

async function lastRoot(service: TestService, machine: string): Promise<Buffer> {
  const { records } = service.service.domain;
  const vault = await records.vaults.findByMachine(machine);
  const [snapshot] = await records.snapshots.list(vault?.number ?? 0, { limit: 1 });
  return Buffer.from(snapshot?.root ?? []);
}

test("a run that was stopped by its person is told to nobody; one that vanished is a warning", async () => {
  const { service, machine, subjects } = await started();
  await machine.open();
  await machine.end();
  expect(await subjects()).toEqual([]);
  await machine.open();
  await machine.open(); // The run before has vanished.
  expect(await subjects()).toEqual([]);
  await changeUser(service, { notifications: "more" });
  await machine.open();
  expect(await subjects()).toEqual([FAILED]);
});

test("the same failure is told once a day, another one at once", async () => {
  const { machine, subjects, sink, domain } = await started();
  const fail = async (code: string) => {
    await machine.open();
    await machine.end({ code, message: "No." });
  };
  await fail("storage/full");
  await fail("storage/full");
  expect(await subjects()).toEqual([FAILED]);
  await fail("disk/full");
  await settleNotices(domain);
  expect(sink.mails[0]?.email.text).toContain("No. (disk/full)");
});

test("an admin who opens a user's restore is told to the user; the user's own restore isn't", async () => {
  const { service, machine, subjects } = await started();
  await machine.backUp();
  await machine.restore(await service.logIn("user"));
  expect(await subjects()).toEqual([]);
  const answered = await machine.restore(await service.logIn("admin"));
  expect(answered.status).toBe(200);
  expect(await subjects()).toEqual(["user: Files of den are being restored"]);
});

test("every admin is told that backups are kept for less time, also the one who did it", async () => {
  const { service, subjects, machine, domain } = await started();
  const token = await service.logIn("admin");
  const params = { organization: (await domain.records.machines.find(machine.id))?.organization ?? "" };
  const set = async (graceDays: number) => {
    const body = { policy: null, graceDays };
    return (await service.call("setOrganizationRetention", { token, params, body })).status;
  };
  expect(await set(365)).toBe(200);
  expect(await subjects()).toEqual([]);
  expect(await set(7)).toBe(200);
  expect(await subjects()).toEqual(["admin: Backups of Home are kept for less time"]);
});

test("a quota that is reached is told once to the user and to every admin, and its alert closes when there is room", async () => {
  const { service, machine, domain, subjects } = await started();
  const { records } = domain;
  await machine.backUp();
  const used = (await records.machines.find(machine.id))?.usedBytes ?? 0;
  await changeUser(service, { limitBytes: used, overageBytes: null });
  const fail = async () => {
    await machine.open();
    await machine.end({ code: "backup/cancelled" });
    await machine.open();
    await machine.commit(machine.record(await lastRoot(service, machine.id)));
  };
  await fail();
  const about = "User user@holdfast.example: the storage quota is reached";
  expect(await subjects()).toEqual([`admin: ${about}`, `user: ${about}`]);
  await fail();
  expect(await subjects()).toEqual([]);
  const token = await service.logIn("admin");
  const open = async () => (await service.call("listAlerts", { token, query: { state: "open" } })).json.items;
  expect(await open()).toMatchObject([{ kind: "quota.reached", cause: "user", state: "open" }]);
  await changeUser(service, { limitBytes: used * 2 });
  await fail();
  await subjects();
  expect(await open()).toEqual([]);
});

test("without business notifications only admins hear of quotas; beyond a soft limit it is exceeded, and backups go on", async () => {
  const { service, machine, domain, sink, subjects } = await started();
  await machine.backUp();
  await changeUser(service, { limitBytes: 1, overageBytes: null, businessNotifications: 0 });
  const { answered } = await machine.backUp();
  expect(answered.status).toBe(200);
  await settleNotices(domain);
  expect(sink.mails[0]?.email.text).toContain("Backups go on");
  expect(await subjects()).toEqual(["admin: User user@holdfast.example: the storage quota is exceeded"]);
});

test("a hard limit that has stopped a backup is exceeded", async () => {
  const { service, machine, subjects } = await started();
  await machine.backUp();
  await changeUser(service, { limitBytes: 1000, overageBytes: 0 });
  await machine.open();
  await machine.end({ code: "quota/exceeded", message: "Full." });
  expect(await subjects()).toEqual([
    "admin: User user@holdfast.example: the storage quota is exceeded",
    FAILED,
    "user: User user@holdfast.example: the storage quota is exceeded",
  ]);
});

test("an event that is handled by two at once is told once", async () => {
  const { machine, domain, subjects } = await started();
  await machine.open();
  await machine.end({ code: "storage/full", message: "No." });
  await Promise.all([handleEvents(domain), handleEvents(domain)]);
  expect(await subjects()).toEqual([FAILED]);
});

test("an event that can't be handled is told to the log, and stands in nobody's way", async () => {
  const { machine, domain, subjects } = await started();
  const user = (await domain.records.machines.find(machine.id))?.account ?? null;
  const organization = (await domain.records.machines.find(machine.id))?.organization ?? "";
  const broken = {
    kind: "machine.backup-failed",
    at: 1,
    machine: machine.id,
    account: user,
    userGroup: null,
    handledAt: null,
  };
  await domain.records.events.insert({ ...broken, id: domain.newId(), organization, detail: "no JSON" });
  await machine.open();
  await machine.end({ code: "storage/full", message: "No." });
  await expect(handleEvents(domain)).rejects.toThrow();
  expect(await subjects()).toEqual([FAILED]);
});
