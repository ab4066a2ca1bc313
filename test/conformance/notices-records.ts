/** What stores of events, mails, webhooks, alerts, schedules, and those that count machines promise, on every engine. */
import { describe, expect, test } from "vitest";
import type * as rows from "../../server-mock/records/notice-rows.ts";
import type { Records } from "../../server-mock/records/records.ts";
import type { Cutoffs } from "../../server-mock/records/watch.ts";
import { accountRow, fillRecords, groupRow, machineRow, poolRows } from "../support/rows.ts";

const event = (id: string, more: Partial<rows.EventRow> = {}): rows.EventRow => ({
  id,
  organization: "o1",
  kind: "user.created",
  at: 5,
  machine: null,
  account: null,
  userGroup: null,
  detail: "{}",
  handledAt: null,
  ...more,
});

const mail = (id: string, more: Partial<rows.MailRow> = {}): rows.MailRow => ({
  id,
  organization: "o1",
  account: null,
  letter: "activation",
  topic: null,
  recipient: "a@example.com",
  sender: "One",
  subject: "s",
  text: "t",
  html: "h",
  unsubscribeUrl: null,
  attachment: null,
  isSecret: 0,
  state: "queued",
  attempts: 0,
  nextAt: 10,
  uselessAt: null,
  problem: null,
  createdAt: 10,
  sentAt: null,
  ...more,
});

const webhook = (id: string, more: Partial<rows.WebhookRow> = {}): rows.WebhookRow => ({
  id,
  organization: "o1",
  url: "https://example.com",
  events: "[]",
  secret: "x",
  state: "active",
  failingSince: null,
  version: 1,
  createdAt: 1,
  ...more,
});

const delivery = (id: string, more: Partial<rows.DeliveryRow> = {}): rows.DeliveryRow => ({
  id,
  organization: "o1",
  webhook: "w1",
  event: "e1",
  kind: "user.created",
  body: "{}",
  state: "waiting",
  attempts: 0,
  nextAt: 10,
  status: null,
  problem: null,
  createdAt: 10,
  endedAt: null,
  ...more,
});

const alert = (id: string, more: Partial<rows.AlertRow> = {}): rows.AlertRow => ({
  id,
  organization: "o1",
  userGroup: "g1",
  account: "u1",
  machine: "m1",
  kind: "machine.overdue",
  subject: "m1",
  openKey: `machine.overdue/${id}`,
  cause: "never",
  message: "",
  detail: "{}",
  openedAt: 1,
  repeatedAt: 1,
  repeats: 0,
  acknowledgedAt: null,
  acknowledgedBy: null,
  closedAt: null,
  ...more,
});

const schedule = (id: string, more: Partial<rows.ScheduleRow> = {}): rows.ScheduleRow => ({
  id,
  organization: "o1",
  kind: "report",
  madeBy: "u1",
  subject: "s",
  frequency: "daily",
  timing: "{}",
  scopeGroups: null,
  recipients: "[]",
  content: "{}",
  isActive: 1,
  nextAt: 10,
  lastAt: null,
  version: 1,
  createdAt: 1,
  ...more,
});

const ids = (found: readonly { id: string }[]): string[] => found.map(({ id }) => id);

export function noticesConformance(name: string, make: () => Promise<Records>): void {
  describe(`${name} keeps what is to be told`, () => {
    test("an event waits until it is handled, which only one does", async () => {
      const records = await fillRecords(await make());
      for (const id of ["e2", "e1"]) await records.events.insert(event(id));
      expect(ids(await records.events.listWaiting(10))).toEqual(["e1", "e2"]);
      expect(await records.events.setHandled("e1", 7)).toBe(true);
      expect(await records.events.setHandled("e1", 8)).toBe(false);
      expect(await records.events.find("e1")).toEqual(event("e1", { handledAt: 7 }));
      expect(ids(await records.events.listWaiting(10))).toEqual(["e2"]);
      await records.events.removeHandled(8);
      expect(await records.events.find("e1")).toBeUndefined();
      expect(await records.events.find("e2")).toBeDefined();
    });

    test("a mail is claimed by one, and due again when its claim has run out", async () => {
      const records = await fillRecords(await make());
      await records.mails.insert(mail("a"));
      await records.mails.insert(mail("b", { nextAt: 30 }));
      expect(ids(await records.mails.listDue(20, 10))).toEqual(["a"]);
      expect(await records.mails.claim({ id: "a", attempts: 0, until: 25 })).toBe(true);
      expect(await records.mails.claim({ id: "a", attempts: 0, until: 26 })).toBe(false);
      expect(await records.mails.listDue(20, 10)).toEqual([]);
      expect(ids(await records.mails.listDue(30, 10))).toEqual(["a", "b"]);
      await records.mails.change("a", { state: "sent" });
      expect(await records.mails.claim({ id: "a", attempts: 1, until: 26 })).toBe(false);
      expect(ids(await records.mails.listDue(30, 10))).toEqual(["b"]);
    });

    test("mails are listed and counted by organization and state; old ones go, waiting ones stay", async () => {
      const records = await fillRecords(await make());
      await records.mails.insert(mail("a", { state: "sent", topic: "t" }));
      await records.mails.insert(mail("b", { createdAt: 20 }));
      await records.mails.insert(mail("c", { organization: null }));
      expect(ids(await records.mails.list({ limit: 9 }, { organization: "o1" }))).toEqual(["b", "a"]);
      expect(ids(await records.mails.list({ limit: 9, after: "c" }, { state: "queued" }))).toEqual(["b"]);
      expect(await records.mails.countByState("o1")).toEqual({ queued: 1, sent: 1, failed: 0, expired: 0 });
      expect(await records.mails.countByState(undefined)).toMatchObject({ queued: 2 });
      expect(await records.mails.hasTopicSince("t", 9)).toBe(true);
      expect(await records.mails.hasTopicSince("t", 10)).toBe(false);
      await records.mails.removeBefore(100);
      expect(ids(await records.mails.list({ limit: 9 }, {}))).toEqual(["c", "b"]);
    });

    test("deliveries are claimed like mails and go with their webhook", async () => {
      const records = await fillRecords(await make());
      await records.webhooks.insert(webhook("w1"));
      await records.webhooks.insert(webhook("w2", { state: "disabled" }));
      expect(ids(await records.webhooks.listActive("o1"))).toEqual(["w1"]);
      expect(ids(await records.webhooks.list({ limit: 9 }, "o1"))).toEqual(["w2", "w1"]);
      expect(await records.webhooks.list({ limit: 9 }, "o2")).toEqual([]);
      for (const id of ["d1", "d2"]) await records.deliveries.insert(delivery(id));
      expect(await records.deliveries.claim({ id: "d1", attempts: 0, until: 25 })).toBe(true);
      expect(await records.deliveries.claim({ id: "d1", attempts: 0, until: 25 })).toBe(false);
      expect(ids(await records.deliveries.listDue(20, 9))).toEqual(["d2"]);
      await records.deliveries.change("d2", { state: "delivered", status: 200, endedAt: 12 });
      await records.deliveries.removeEnded(13);
      expect(ids(await records.deliveries.list({ limit: 9 }, "w1"))).toEqual(["d1"]);
      await records.webhooks.remove("w1");
      expect(await records.deliveries.find("d1")).toBeUndefined();
    });

    test("one alert is open for each matter, and lists go by scope, state, kind and cause", async () => {
      const records = await fillRecords(await make());
      await records.alerts.insert(alert("a"));
      await expect(records.alerts.insert(alert("b", { openKey: "machine.overdue/a" }))).rejects.toThrow();
      await records.alerts.insert(alert("c", { account: "u2", machine: "m3", cause: "offline", acknowledgedAt: 4 }));
      await records.alerts.insert(alert("d", { organization: "o2", userGroup: "g2", kind: "quota.reached" }));
      await records.alerts.insert(alert("e", { openKey: null, closedAt: 9 }));
      await records.alerts.insert(alert("f", { openKey: null, closedAt: 9, organization: null, userGroup: null }));
      const list = async (more: object, scope: object = { organization: "o1" }) =>
        ids(await records.alerts.list({ limit: 9 }, { scope, ...more }));
      expect(await list({})).toEqual(["e", "c", "a"]);
      expect(await list({}, {})).toEqual(["f", "e", "d", "c", "a"]);
      expect(await list({ state: "open" })).toEqual(["c", "a"]);
      expect(await list({ state: "acknowledged" })).toEqual(["c"]);
      expect(await list({ state: "closed" })).toEqual(["e"]);
      expect(await list({ cause: "offline" })).toEqual(["c"]);
      expect(await list({ machine: "m3" })).toEqual(["c"]);
      expect(await list({ kind: "quota.reached" }, { groups: ["g2"] })).toEqual(["d"]);
      expect(await list({}, { account: "u2" })).toEqual(["c"]);
      expect(await records.alerts.countOpen({ organization: "o1" })).toEqual({ open: 2, unacknowledged: 1 });
      expect((await records.alerts.findOpen("machine.overdue/c"))?.id).toBe("c");
      const keys = ["machine.overdue/a", "machine.overdue/e", "nothing"];
      expect(ids(await records.alerts.listOpenBy(keys))).toEqual(["a"]);
      expect(await records.alerts.listOpenBy([])).toEqual([]);
      expect(ids(await records.alerts.listOpen("machine.overdue", { limit: 1 }))).toEqual(["a"]);
      expect(ids(await records.alerts.listOpen("machine.overdue", { limit: 9, after: "a" }))).toEqual(["c"]);
      await records.alerts.removeClosed(10);
      expect(await list({}, {})).toEqual(["d", "c", "a"]);
    });

    test("a schedule is due while it is active", async () => {
      const records = await fillRecords(await make());
      await records.schedules.insert(schedule("s1"));
      await records.schedules.insert(schedule("s2", { isActive: 0, kind: "summary" }));
      await records.schedules.insert(schedule("s3", { nextAt: 5, madeBy: "u2" }));
      expect(ids(await records.schedules.listDue(10, 9))).toEqual(["s3", "s1"]);
      expect(ids(await records.schedules.listDue(9, 9))).toEqual(["s3"]);
      expect(ids(await records.schedules.list({ limit: 9 }, { kind: "report", organization: "o1" }))).toEqual([
        "s3",
        "s1",
      ]);
      expect(ids(await records.schedules.list({ limit: 9 }, { kind: "report", madeBy: "u2" }))).toEqual(["s3"]);
      await records.schedules.change("s3", { nextAt: 50, lastAt: 10 });
      await records.schedules.remove("s1");
      expect(await records.schedules.listDue(10, 9)).toEqual([]);
    });
  });

  describe(`${name} counts machines`, () => {
    test("every machine has exactly one status, by the days of its group", async () => {
      const records = await fillRecords(await make());
      await records.machines.change("m1", { lastUpdateAt: 100, lastSeenAt: 100 });
      await records.machines.change("m2", { lastUpdateAt: 60, lastSeenAt: 60 });
      await records.machines.change("m3", { lastUpdateAt: 60, lastSeenAt: 100 });
      await records.machines.change("m4", { lastUpdateAt: 60, lastSeenAt: 60 });
      await records.machines.insert(machineRow("m5", { lastUpdateAt: 100, lastFailureAt: 101, lastSeenAt: 101 }));
      await records.machines.insert(machineRow("m6", { lastFailureAt: 101, lastSeenAt: 101 }));
      await records.machines.insert(machineRow("m7", { state: "suspended" }));
      await records.machines.insert(machineRow("m8", { deletedAt: 1 }));
      const cutoffs = { otherwise: 90, byGroup: [] };
      const count = async (scope: object, asked: Cutoffs = cutoffs) =>
        (await records.watch.countByStatus({ limit: 50 }, { scope, cutoffs: asked })).counts;
      expect(await count({})).toEqual({
        "on-time": 1,
        late: 1,
        failing: 1,
        never: 1,
        offline: 2,
        suspended: 1,
        deleted: 1,
      });
      expect(await count({ organization: "o2" })).toEqual({ offline: 1 });
      const patient = { otherwise: 90, byGroup: [{ at: 50, groups: ["g2", "g3"] }] };
      expect(await count({ organization: "o2" }, patient)).toEqual({ "on-time": 1 });
      expect(await count({ groups: [] })).toEqual({});
      expect(await count({ account: "u2" })).toEqual({ late: 1 });
    });

    test("machines are counted a window at a time, each once", async () => {
      const records = await fillRecords(await make());
      const cutoffs = { otherwise: 0, byGroup: [] };
      let counted = 0;
      let windows = 0;
      for (let after: string | undefined; ; windows++) {
        const { counts, next } = await records.watch.countByStatus({ limit: 1, after }, { scope: {}, cutoffs });
        counted += counts.never ?? 0;
        if (next === undefined) break;
        after = next;
      }
      expect([counted, windows]).toEqual([4, 4]);
    });

    test("overdue machines come in pages: never backed up by id, late ones by their last backup", async () => {
      const records = await fillRecords(await make());
      await records.machines.change("m1", { lastUpdateAt: 40 });
      await records.machines.insert(machineRow("m5", { createdAt: 95 }));
      await records.machines.insert(machineRow("m6", { lastUpdateAt: 40 }));
      await records.machines.insert(machineRow("m7", { lastUpdateAt: 30 }));
      await records.machines.insert(machineRow("m8", { lastUpdateAt: 95 }));
      await records.machines.insert(machineRow("m9", { lastUpdateAt: 30, deletedAt: 1 }));
      const filter = { group: "g1", before: 90 };
      expect(ids(await records.watch.findMachines(["m9", "m8", "none"]))).toEqual(["m8"]);
      expect(ids(await records.watch.listNever({ limit: 9 }, filter))).toEqual(["m2", "m3"]);
      expect(ids(await records.watch.listNever({ limit: 9, after: "m2" }, filter))).toEqual(["m3"]);
      const late = await records.watch.listLate({ limit: 2 }, filter);
      expect(ids(late)).toEqual(["m7", "m1"]);
      expect(ids(await records.watch.listLate({ limit: 2, after: late.at(-1) }, filter))).toEqual(["m6"]);
    });

    test("storage, running sessions and runs are counted within the scope", async () => {
      const records = await fillRecords(await make());
      await records.quota.charge("m1", 30);
      await records.quota.charge("m4", 5);
      expect(await records.watch.sumUsed()).toBe(35);
      const vault = (await records.vaults.findByMachine("m1"))?.number ?? 0;
      const session = { vault, machine: "m1", fence: 1, leaseUntil: 1, backup: "b", intent: null, openedAt: 1 };
      await records.sessions.insert({ ...session, id: "s1", idempotencyKey: "k1", state: "open" });
      await records.sessions.insert({ ...session, id: "s2", idempotencyKey: "k2", state: "ended" });
      expect(await records.watch.countRunning({ organization: "o1" })).toBe(1);
      expect(await records.watch.countRunning({ organization: "o2" })).toBe(0);
      const [reported] = await records.reports.listMachines({ limit: 1 }, { scope: { account: "u1" } });
      expect(reported).toMatchObject({ id: "m1", running: 1, usedBytes: 30, userUsedBytes: 30 });
    });
  });

  describe(`${name} reports`, () => {
    test("rows carry the names around them, and come in pages within the scope", async () => {
      const records = await fillRecords(await make());
      const page = await records.reports.listMachines({ limit: 2 }, { scope: { organization: "o1" } });
      expect(page).toMatchObject([
        { id: "m1", organizationName: "o1", groupName: "g1", login: "u1@example.com", keyLastGroup: null, running: 0 },
        { id: "m2" },
      ]);
      expect(ids(await records.reports.listMachines({ limit: 9, after: "m2" }, { scope: {} }))).toEqual(["m3", "m4"]);
      expect(ids(await records.reports.listUsers({ limit: 9 }, { scope: { groups: ["g1"] } }))).toEqual(["u1", "u2"]);
      await records.accounts.insert(accountRow("u9", { userGroup: "g1", state: "deleted" }));
      expect(ids(await records.reports.listUsers({ limit: 9, after: "u1" }, { scope: {} }))).toEqual(["u2", "u3"]);
    });

    test("who is overdue, who is over a share of the own or the user's limit, who is new", async () => {
      const records = await fillRecords(await make());
      await records.machines.change("m1", { lastUpdateAt: 80 });
      await records.machines.insert(machineRow("m5", { createdAt: 95 }));
      const machines = async (filter: object) =>
        ids(await records.reports.listMachines({ limit: 9 }, { scope: { organization: "o1" }, ...filter }));
      expect(await machines({ overdueBefore: 70 })).toEqual(["m2", "m3"]);
      expect(await machines({ overdueBefore: 90 })).toEqual(["m1", "m2", "m3"]);
      expect(await machines({ createdSince: 90 })).toEqual(["m5"]);
      await records.quota.charge("m1", 2 ** 45);
      await records.machines.change("m1", { limitBytes: 2 ** 46 });
      expect(await machines({ usedPercent: 51 })).toEqual([]);
      expect(await machines({ usedPercent: 50 })).toEqual(["m1"]);
      await records.accounts.change("u1", { limitBytes: 2 ** 45 });
      expect(await machines({ usedPercent: 80 })).toEqual(["m2", "m5"]);
      expect(ids(await records.reports.listUsers({ limit: 9 }, { scope: {}, usedPercent: 80 }))).toEqual(["u1"]);
      await records.accounts.change("u1", { lastBackupAt: 80 });
      expect(ids(await records.reports.listUsers({ limit: 9 }, { scope: {}, overdueBefore: 70 }))).toEqual([
        "u2",
        "u3",
      ]);
    });

    test("groups with what they hold, keys with whom they are for", async () => {
      const records = await fillRecords(await make());
      await records.groups.insert(groupRow("g3", "o1"));
      await records.pools.insert(poolRows("g3", "o1", { mode: "limited", limitBytes: 7 }));
      await records.machines.change("m2", { deletedAt: 1 });
      expect(await records.reports.listGroups({ limit: 9 }, { organization: "o1" })).toMatchObject([
        { id: "g1", isDefault: 1, users: 2, machines: 2, mode: "shared" },
        { id: "g3", users: 0, machines: 0, mode: "limited", limitBytes: 7 },
      ]);
      expect(ids(await records.reports.listGroups({ limit: 9, after: "g1" }, { groups: ["g1", "g2"] }))).toEqual([
        "g2",
      ]);
      const key = {
        kind: "desktop",
        organization: "o1",
        userGroup: "g1",
        account: null,
        machine: null,
        revokedAt: null,
        suspendedAt: null,
        sentAt: null,
        activatedAt: null,
        version: 1,
        createdAt: 1,
      } as const;
      await records.productKeys.insert({ ...key, id: "k1", digest: Buffer.alloc(32, 1), lastGroup: "AAAAA" });
      const used = { account: "u1", machine: "m1", activatedAt: 3 };
      await records.productKeys.insert({ ...key, ...used, id: "k2", digest: Buffer.alloc(32, 2), lastGroup: "BBBBB" });
      expect(await records.reports.listKeys({ limit: 9 }, { organization: "o1" })).toMatchObject([
        { id: "k1", login: null, machineName: null },
        { id: "k2", login: "u1@example.com", machineName: "m1", activatedAt: 3, groupName: "g1" },
      ]);
      expect(ids(await records.reports.listKeys({ limit: 9 }, { account: "u1" }))).toEqual(["k2"]);
    });

    test("runs are counted by state from a row id on", async () => {
      const records = await fillRecords(await make());
      const run = (id: string, state: "success" | "failed", machine = "m1") => ({
        id,
        organization: machine === "m4" ? "o2" : "o1",
        machine,
        type: "Manual" as const,
        startedAt: 1,
        endedAt: 2,
        state,
        result: null,
        message: null,
        problemCount: 0,
        problems: "[]",
        snapshot: null,
        flags: null,
        files: 0,
        bytes: 0,
        filesEncoded: 0,
        bytesEncoded: 0,
        filesTransferred: 0,
        bytesTransferred: 0,
      });
      for (const [id, state, machine] of [
        ["0001", "success"],
        ["0002", "success"],
        ["0003", "failed"],
        ["0004", "failed", "m4"],
      ] as const)
        await records.backups.insert(run(id, state, machine));
      expect(await records.reports.countRuns({ organization: "o1" }, "0002")).toEqual({ success: 1, failed: 1 });
      expect((await records.watch.findLastRun("m1"))?.id).toBe("0003");
    });
  });
}
