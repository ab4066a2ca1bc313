/** Reports as CSV, at once and by mail; e-mail alerts. */
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { sendDueSchedules } from "../../server-mock/domain/schedules/send-schedules.ts";
import { mailSink } from "../support/mail-sink.ts";
import { settleNotices } from "../support/settle-notices.ts";
import { steeredClock } from "../support/steered-clock.ts";
import { registerMachine } from "../support/test-machine.ts";
import { type Answered, startTestService } from "../support/test-service.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function started(names = { desktop: "den", server: "rack" }) {
  const sink = await mailSink();
  const config = {
    smtpUrl: `smtp://127.0.0.1:${sink.port}`,
    mailFrom: "backup@example.org",
    publicUrl: "https://backup.example",
  };
  const service = await startTestService({ config });
  const desktop = await registerMachine(service, { facts: { name: names.desktop } });
  const productKey = service.first.productKeys.server;
  const server = await registerMachine(service, { productKey, facts: { kind: "server", name: names.server } });
  // Time goes on for the test alone: the service's own jobs sleep.
  const clock = steeredClock(service.clock.now());
  const token = await service.logIn("admin");
  await settleNotices(service.service.domain);
  sink.mails.length = 0;
  return { sink, service, desktop, server, token, clock, domain: { ...service.service.domain, clock } };
}

const table = (answered: Pick<Answered, "bytes">): string[][] => parse(answered.bytes, { bom: true }) as string[][];

const COLUMNS = {
  users: "External ID, User, Name, User Group, Sync, Machines, Storage, Storage Used, Created, Backed Up",
  machines: "External ID, Machine, User, User Group, Storage Used, Created, Last Update, Backed Up",
  "user-groups": "User Group, External ID, Users, Machines, Storage, Storage Used, Created",
  keys: "Product Key, Type, State, User Group, User, Machine, Created, Activated",
  "machine-details":
    "Organization, User Group, User, Name, Machine, Key Type, Quota Used, Quota Granted, Created Date, Last Backup, Client Version",
  "machine-status": "Username, Machine, License Type, Product Key, Quota Assigned, Quota Used, Last Successful Backup",
  "machine-watchlist":
    "Organization, User Group, Username, Machine, Last Backup, Last Failure, Error Message, Error Code, Backup In Progress",
  "machine-over-quota": "Organization, User Group, Machine, Quota Assigned, Quota Used, % used",
  "resources-added": "Date, Organization, User Group, User, Machine, Licenses Count, GB Count",
} as const;

test("there are nine reports, each with its columns in their order", async () => {
  const { service, token } = await started();
  const { items } = (await service.call("listReports", { token })).json;
  expect(
    Object.fromEntries(items.map((each: { name: string; columns: string[] }) => [each.name, each.columns.join(", ")])),
  ).toEqual(COLUMNS);
  for (const [report, columns] of Object.entries(COLUMNS)) {
    const answered = await service.call("runReport", { token, params: { report } });
    expect(answered.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answered.headers.get("content-disposition")).toBe(`attachment; filename="${report}-2026-11-21.csv"`);
    expect(table(answered)[0]?.join(", ")).toBe(columns);
  }
});

test("Machine Details and Machine Status say what each machine is and has", async () => {
  const { service, desktop, token, domain } = await started();
  await desktop.backUp();
  await domain.records.machines.change(desktop.id, { limitBytes: 5_000_000_000 });
  const run = async (report: string) => table(await service.call("runReport", { token, params: { report } })).slice(1);
  const used = expect.stringMatching(/^\d.* (B|kB)$/);
  const organization = service.first.organization;
  expect(await run("machine-details")).toContainEqual([
    organization,
    "Default",
    "user@holdfast.example",
    "User",
    "den",
    "Desktop",
    used,
    "5 GB",
    "2026-11-21",
    "2026-11-21 12:00",
    "0.1.0",
  ]);
  expect(await run("machine-details")).toContainEqual([
    organization,
    "Default",
    "user@holdfast.example",
    "User",
    "rack",
    "Server",
    "0 B",
    "Shared",
    "2026-11-21",
    "never",
    "0.1.0",
  ]);
  const lastGroup = service.first.productKeys.server.slice(-5);
  expect(await run("machine-status")).toContainEqual([
    "user@holdfast.example",
    "rack",
    "Server",
    lastGroup,
    "Shared",
    "0 B",
    "never",
  ]);
  expect(await run("machines")).toContainEqual([
    "",
    "den",
    "user@holdfast.example",
    "(default user group)",
    used,
    "2026-11-21",
    "2026-11-21",
    "< a minute ago",
  ]);
  const [user] = await run("users");
  expect(user).toEqual([
    "",
    "user@holdfast.example",
    "User",
    "(default user group)",
    "Disabled",
    "2",
    "Shared",
    used,
    "2026-11-21",
    "< a minute ago",
  ]);
  expect(await run("user-groups")).toEqual([["Default *", "", "1", "2", "Shared", used, "2026-11-21"]]);
  expect((await run("keys")).map(([, type, state, , , machine]) => [type, state, machine])).toEqual([
    ["Desktop", "Activated", "den"],
    ["Server", "Activated", "rack"],
  ]);
});

test("Machine Watchlist has those without a backup for so many days, and why", async () => {
  const { service, desktop, server } = await started();
  await desktop.backUp();
  await server.open();
  await server.end({ code: "storage/full", message: "No room." });
  service.clock.advance(5 * DAY);
  await server.open();
  const token = await service.logIn("admin");
  const run = async (days: number) =>
    table(await service.call("runReport", { token, params: { report: "machine-watchlist" }, query: { days } })).slice(
      1,
    );
  expect(await run(6)).toEqual([]);
  expect(await run(5)).toEqual([]);
  service.clock.advance(1);
  expect((await run(5)).map((row) => row.slice(3))).toContainEqual(["den", "2026-11-21 12:00", "", "", "", "No"]);
  expect((await run(5)).map((row) => row.slice(3))).toContainEqual([
    "rack",
    "never",
    "2026-11-21 12:00",
    expect.stringMatching(/^[A-Z].*\.$/),
    "storage/full",
    "Yes",
  ]);
});

test("Machine Over Quota has those at or above the threshold of their own or their user's limit", async () => {
  const { service, desktop, token, domain } = await started();
  await desktop.backUp();
  const used = (await domain.records.machines.find(desktop.id))?.usedBytes ?? 0;
  await domain.records.machines.change(desktop.id, { limitBytes: used * 2 });
  const run = async (percent: number) =>
    table(
      await service.call("runReport", { token, params: { report: "machine-over-quota" }, query: { percent } }),
    ).slice(1);
  expect(await run(51)).toEqual([]);
  expect((await run(50)).map((row) => [row[2], row[5]])).toEqual([["den", "50.0"]]);
});

test("Resources Added has new users with what they were granted, and new machines", async () => {
  const { service, token, clock } = await started();
  expect(clock.now()).toBe(service.clock.now());
  const rows = table(await service.call("runReport", { token, params: { report: "resources-added" } })).slice(1);
  const organization = service.first.organization;
  const user = "user@holdfast.example";
  expect(rows).toContainEqual(["2026-11-21", organization, "Default", user, "", "20", ""]);
  expect(rows).toContainEqual(["2026-11-21", organization, "Default", user, "den", "1", ""]);
  service.clock.advance(40 * DAY);
  const later = await service.logIn("admin");
  expect(table(await service.call("runReport", { token: later, params: { report: "resources-added" } }))).toHaveLength(
    1,
  );
});

test("a report of more machines than a page holds has each once", async () => {
  const { service, token, domain, desktop } = await started();
  const row = await domain.records.machines.find(desktop.id);
  if (row === undefined) throw new Error("no machine");
  await domain.records.transaction(async (stores) => {
    for (let count = 0; count < 1100; count++) {
      const id = count.toString(16).padStart(32, "0");
      await stores.machines.insert({ ...row, id, name: `m${count}`, fingerprint: id, productKey: null });
    }
  });
  const answered = await service.call("runReport", { token, params: { report: "machines" } });
  const names = table(answered)
    .slice(1)
    .map((each) => each[1]);
  expect(names.length).toBe(1102);
  expect(new Set(names).size).toBe(1102);
});

test("a preview has a report's columns and first lines, and says whether there is more", async () => {
  const { service, token } = await started();
  const call = (report: string, query = {}) => service.call("previewReport", { token, params: { report }, query });
  const csv = table(await service.call("runReport", { token, params: { report: "machine-details" } }));
  const whole = { columns: csv[0], rows: csv.slice(1), isWhole: true };
  expect((await call("machine-details")).json).toEqual(whole);
  expect((await call("machine-details", { rows: 2 })).json).toEqual(whole);
  expect((await call("machine-details", { rows: 1 })).json).toEqual({
    ...whole,
    rows: csv.slice(1, 2),
    isWhole: false,
  });
  expect((await call("machine-watchlist", { days: 1 })).json.rows).toEqual([]);
  expect((await call("machine-details", { rows: 101 })).code).toBe("request/malformed");
  const nobodys = await call("machine-details", { group: "00000000-0000-4000-8000-000000000000" });
  expect(nobodys.code).toBe("group/missing");
});

test("a schedule is read by itself, with the version that its next change names", async () => {
  const { service, token } = await started();
  const regular = { subject: "Weekly", frequency: "weekly", timing: { time: "06:00" }, recipients: ["it@example.org"] };
  const report = await service.call("createReportSchedule", { token, body: { ...regular, report: "users" } });
  const alert = await service.call("createEmailAlert", { token, body: { ...regular, modules: ["storage-summary"] } });
  const read = (name: "getReportSchedule" | "getEmailAlert", { json }: Answered) =>
    service.call(name, { token, params: { schedule: json.id } });
  const shown = await read("getReportSchedule", report);
  expect(shown.json).toEqual(report.json);
  expect(shown.headers.get("etag")).toBe('"1"');
  expect((await read("getEmailAlert", alert)).json).toEqual(alert.json);
  expect((await read("getEmailAlert", report)).code).toBe("schedule/missing");
});

test("names that would be formulas are shown, not calculated", async () => {
  const { service, token } = await started({ desktop: '=HYPERLINK("http://evil.example")', server: "+1" });
  const rows = table(await service.call("runReport", { token, params: { report: "machines" } }));
  expect(rows.map((row) => row[1])).toEqual(["Machine", `'=HYPERLINK("http://evil.example")`, "'+1"]);
});

test("parameters out of range and unknown reports are refused", async () => {
  const { service, token } = await started();
  for (const [params, query] of [
    [{ report: "nonsense" }, {}],
    [{ report: "machine-watchlist" }, { days: 0 }],
    [{ report: "machine-watchlist" }, { days: "x" }],
    [{ report: "machine-over-quota" }, { percent: -1 }],
    [{ report: "machines" }, { more: 1 }],
  ] as const)
    expect((await service.call("runReport", { token, params, query })).code).toBe("request/malformed");
  expect(
    (await service.call("runReport", { token, params: { report: "machines" }, query: { group: "no" } })).code,
  ).toBe("group/missing");
  const user = await service.logIn("user");
  expect((await service.call("runReport", { token: user, params: { report: "machines" } })).code).toBe(
    "role/not-allowed",
  );
});

const TIMING = { time: "07:00", timeZone: "UTC" };

test("a scheduled report is mailed when it is due, once, as an attachment with today's rows", async () => {
  const { service, token, domain, clock, sink } = await started();
  const body = {
    subject: "Machines, every morning",
    frequency: "daily",
    timing: TIMING,
    recipients: ["boss@example.com", "it@example.com"],
    report: "machine-status",
  };
  const created = (await service.call("createReportSchedule", { token, body })).json;
  expect(created).toMatchObject({
    nextAt: "2026-11-22T07:00:00.000Z",
    lastAt: null,
    madeBy: "admin@holdfast.example",
    parameters: { days: 3 },
  });
  await sendDueSchedules(domain);
  await settleNotices(domain);
  expect(sink.mails).toEqual([]);
  clock.advance(20 * HOUR);
  for (let turn = 0; turn < 2; turn++) {
    await Promise.all([sendDueSchedules(domain), sendDueSchedules(domain)]);
    await settleNotices(domain);
  }
  expect(sink.mails.map(({ to }) => to[0]).sort()).toEqual(["boss@example.com", "it@example.com"]);
  const [mail] = sink.mails;
  expect(mail?.email.subject).toBe("Machines, every morning");
  const [attachment] = mail?.email.attachments ?? [];
  expect(attachment?.filename).toBe("machine-status-2026-11-22.csv");
  const rows = table({ bytes: Buffer.from(attachment?.content as ArrayBuffer) });
  expect(rows.map((row) => row[1])).toEqual(["Machine", "den", "rack"]);
  expect(mail?.raw).toMatch(/^List-Unsubscribe: <https:\/\/backup\.example\/reports>\r$/m);
  const [listed] = (await service.call("listReportSchedules", { token })).json.items;
  expect(listed).toMatchObject({ nextAt: "2026-11-23T07:00:00.000Z", lastAt: "2026-11-22T08:00:00.000Z" });
});

test("what was missed while the service was down is sent once", async () => {
  const { service, token, domain, clock, sink } = await started();
  const body = { subject: "S", frequency: "daily", timing: TIMING, recipients: ["boss@example.com"], report: "users" };
  await service.call("createReportSchedule", { token, body });
  clock.advance(10 * DAY);
  await sendDueSchedules(domain);
  await settleNotices(domain);
  expect(sink.mails).toHaveLength(1);
});

test("what is sent is what its maker may see: an admin who was suspended sends nothing more, until another takes it over", async () => {
  const { service, token, domain, clock, sink } = await started();
  const body = { subject: "S", frequency: "daily", timing: TIMING, recipients: ["boss@example.com"], report: "users" };
  const { id, version } = (await service.call("createReportSchedule", { token, body })).json;
  const admin = await domain.records.accounts.findByLogin(service.first.admin.email);
  await domain.records.accounts.change(admin?.id ?? "", { state: "suspended" });
  clock.advance(DAY);
  await sendDueSchedules(domain);
  await settleNotices(domain);
  expect(sink.mails).toEqual([]);
  await domain.records.accounts.change(admin?.id ?? "", { state: "active" });
  const params = { schedule: id };
  expect((await service.call("listReportSchedules", { token })).json.items).toMatchObject([
    { isActive: false, nextAt: null },
  ]);
  const headers = { "if-match": `"${version}"` };
  expect((await service.call("changeReportSchedule", { token, params, body, headers })).json.isActive).toBe(true);
  expect((await service.call("changeReportSchedule", { token, params, body, headers })).code).toBe("edit/conflict");
  clock.advance(DAY);
  await sendDueSchedules(domain);
  await settleNotices(domain);
  expect(sink.mails).toHaveLength(1);
  expect((await service.call("deleteReportSchedule", { token, params })).status).toBe(200);
  expect((await service.call("sendReportSchedule", { token, params })).code).toBe("schedule/missing");
});

const SUMMARY = {
  subject: "The week",
  frequency: "weekly",
  timing: { ...TIMING, weekday: 1 },
  recipients: ["boss@example.com"],
  modules: [
    "backup-summary",
    "users-without-recent-backups",
    "users-with-outdated-clients",
    "nearing-limit",
    "storage-summary",
  ],
};

test("an e-mail alert has its modules in their order; its preview is what is sent", async () => {
  const { service, desktop, server, domain, clock, sink } = await started();
  await desktop.backUp();
  await server.open();
  await server.end({ code: "storage/full", message: "No room." });
  await domain.records.machines.change(server.id, {
    agentVersion: "0.0.9",
    limitBytes: 1,
    lastSeenAt: service.clock.now(),
  });
  await settleNotices(domain);
  sink.mails.length = 0;
  const token = await service.logIn("admin");
  const { text, html, subject } = (await service.call("previewEmailAlert", { token, body: SUMMARY })).json;
  expect(subject).toBe("The week");
  expect(text).toContain("What: Successful backups | Count: 1");
  expect(text).toContain("What: Failed backups | Count: 1");
  expect(text).toContain("What: Machines never backed up | Count: 1");
  expect(text).toContain("Machine: rack | Client Version: 0.0.9");
  expect(text).not.toContain("Machine: den | Client Version");
  expect(text).toContain("User Group: Default | Machines: 2");
  expect(html).toContain("Users and machines at 80 % of their limit");
  const order = [
    "Backups of the last 7 days",
    "Users without a backup",
    "Users with clients",
    "Users and machines",
    "Storage\n",
  ];
  const places = order.map((title) => text.indexOf(title));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);

  const created = (await service.call("createEmailAlert", { token, body: SUMMARY })).json;
  expect(created).toMatchObject({ nextAt: "2026-11-23T07:00:00.000Z", modules: SUMMARY.modules, groups: null });
  await service.call("sendEmailAlert", { token, params: { schedule: created.id } });
  await settleNotices(domain);
  expect(sink.mails.map(({ email }) => email.subject)).toEqual(["The week"]);
  expect(sink.mails[0]?.email.text).toContain("What: Failed backups | Count: 1");
  clock.advance(2 * DAY);
  await sendDueSchedules(domain);
  await settleNotices(domain);
  expect(sink.mails).toHaveLength(2);
  expect((await service.call("listReportSchedules", { token })).json.items).toEqual([]);
});

test("an e-mail alert of chosen groups tells of these only; unknown groups and bad recipients are refused", async () => {
  const { service, token, domain } = await started();
  const { organization = "" } = (await domain.records.accounts.findByLogin(service.first.user.email)) ?? {};
  const group = {
    id: "g-empty",
    organization: organization ?? "",
    name: "Empty",
    isDefault: 0,
    externalId: null,
    settings: "{}",
    version: 1,
    createdAt: 1,
  } as const;
  await domain.records.groups.insert(group);
  const body = { ...SUMMARY, groups: ["g-empty"], modules: ["backup-summary"] };
  const { text } = (await service.call("previewEmailAlert", { token, body })).json;
  expect(text).toContain("What: Machines never backed up | Count: 0");
  expect((await service.call("createEmailAlert", { token, body: { ...SUMMARY, groups: ["nobody"] } })).code).toBe(
    "group/missing",
  );
  for (const wrong of [
    { recipients: ["no address"] },
    { recipients: [] },
    { modules: [] },
    { timing: { time: "25:00" } },
    { timing: { time: "07:00", timeZone: "Mars/Base" } },
  ])
    expect((await service.call("createEmailAlert", { token, body: { ...SUMMARY, ...wrong } })).code).toBe(
      "request/malformed",
    );
});
