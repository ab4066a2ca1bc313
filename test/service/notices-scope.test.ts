/** Admins of some groups are told of these, and of nothing else. */
import { expect, test } from "vitest";
import type { Capability } from "../../protocol/capabilities.ts";
import { watchSilence } from "../../server-mock/domain/alerts/silence.ts";
import { logInAs, makeAdmin, makeRole } from "../support/logged-in.ts";
import { addGroup, addMachine, addUser } from "../support/people.ts";
import { settleNotices } from "../support/settle-notices.ts";
import { startTestService } from "../support/test-service.ts";

const DAY = 24 * 3_600_000;
const CAPABILITIES: Capability[] = [
  "alerts.view",
  "alerts.edit",
  "reports.view",
  "reports.edit",
  "organization.view",
  "organization.edit",
  "machines.view",
];

async function started() {
  const service = await startTestService();
  const chief = await logInAs(service, service.first.admin.email, service.first.admin.password);
  const [mine, other] = [await addGroup(service, chief.token, "Mine"), await addGroup(service, chief.token, "Other")];
  const machines = [];
  for (const [group, name] of [
    [mine, "near"],
    [other, "far"],
  ] as const) {
    const user = await addUser(service, chief.token, name, { group });
    machines.push(await addMachine(service, user, { name }));
  }
  const role = await makeRole(service, chief.token, { capabilities: CAPABILITIES, groups: [mine] });
  const bound = await makeAdmin(service, chief.token, { role });
  return { service, chief, bound, mine, other, machines };
}

test("overview, alerts and reports of an admin of one group have its machines only", async () => {
  const { service, bound, other } = await started();
  const { domain } = service.service;
  service.clock.advance(4 * DAY);
  await watchSilence(domain);
  await settleNotices(domain);
  const { token } = await logInAs(service, bound.email, bound.password);
  const alerts = (await service.call("listAlerts", { token })).json.items;
  expect(alerts.map((each: { subject: string }) => each.subject)).toEqual(["near"]);
  const overview = (await service.call("overview", { token })).json;
  expect([overview.machines.total, overview.alerts.open]).toEqual([1, 1]);
  expect(overview.mail).toMatchObject({ waiting: 0, hint: null });
  const run = (query = {}) => service.call("runReport", { token, params: { report: "machine-details" }, query });
  expect((await run()).bytes.toString()).toContain("near");
  expect((await run()).bytes.toString()).not.toContain("far");
  expect((await run({ group: other })).code).toBe("group/missing");
  const all = await logInAs(service, service.first.admin.email, service.first.admin.password);
  const [far] = (await service.call("listAlerts", { token: all.token })).json.items.filter(
    (each: { subject: string }) => each.subject === "far",
  );
  expect((await service.call("acknowledgeAlert", { token, params: { alert: far.id } })).code).toBe("alert/missing");
});

test("what concerns all groups is none of their business: outbox, webhooks, other people's schedules", async () => {
  const { service, chief, bound, other } = await started();
  const { token } = bound;
  for (const name of ["listMails", "listWebhooks"] as const)
    expect((await service.call(name, { token })).code).toBe("role/not-allowed");
  expect((await service.call("createWebhook", { token, body: { url: "https://hooks.example.com/" } })).code).toBe(
    "role/not-allowed",
  );
  const body = {
    subject: "S",
    frequency: "daily",
    timing: { time: "07:00" },
    recipients: ["a@example.com"],
    report: "machines",
  };
  const wide = (await service.call("createReportSchedule", { token: chief.token, body })).json;
  const params = { schedule: wide.id };
  expect((await service.call("listReportSchedules", { token })).json.items).toEqual([]);
  expect((await service.call("sendReportSchedule", { token, params })).code).toBe("schedule/missing");
  expect((await service.call("changeReportSchedule", { token, params, body })).code).toBe("schedule/missing");
  expect((await service.call("createReportSchedule", { token, body: { ...body, groups: [other] } })).code).toBe(
    "group/missing",
  );
  const own = (await service.call("createReportSchedule", { token, body })).json;
  expect((await service.call("sendReportSchedule", { token, params: { schedule: own.id } })).status).toBe(200);
  const [mail] = await service.service.domain.records.mails.list({ limit: 1 }, {});
  expect(JSON.parse(mail?.attachment ?? "{}").scope.groups).toHaveLength(1);
});
