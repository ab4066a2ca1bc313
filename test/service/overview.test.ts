/** The console's first page: who needs somebody and why, what changed today; seen by admins, by admins of a group, by users, by top-level admins. */
import { expect, test } from "vitest";
import type { Capability } from "../../protocol/capabilities.ts";
import type { RouteName } from "../../protocol/routes.ts";
import { shareOut } from "../../server-mock/domain/alerts/attention.ts";
import { logInAs, makeAdmin, makeOwner, makeRole } from "../support/logged-in.ts";
import { makeOrganization, makeUser } from "../support/organizations.ts";
import { addGroup, addMachine, addUser } from "../support/people.ts";
import type { TestMachine } from "../support/test-machine.ts";
import { startTestService } from "../support/test-service.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const VIEW: Capability[] = ["machines.view", "users.view", "restores.view", "policies.view"];

async function started() {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const sales = await addGroup(service, token, "Sales");
  const [ann, bob] = [await addUser(service, token, "ann"), await addUser(service, token, "bob", { group: sales })];
  // A log-in ends after half a day.
  const get = async (name: RouteName, query = {}, by?: string) =>
    (await service.call(name, { token: by ?? (await service.logIn("admin")), query })).json;
  return { service, token, sales, ann, bob, get };
}

const heard = (machine: TestMachine) => machine.test.call("ownMachine", { token: machine.token });
const fail = async (machine: TestMachine) => {
  await machine.open();
  await machine.end({ code: "storage/full", message: "No." });
};

test("machines that need somebody come by urgency, each with its cause, since when, last update and owner", async () => {
  const { service, ann, get } = await started();
  const [failing, late, offline, good, suspended] = [
    await addMachine(service, ann, { name: "failing" }),
    await addMachine(service, ann, { name: "late" }),
    await addMachine(service, ann, { name: "offline" }),
    await addMachine(service, ann, { name: "good" }),
    await addMachine(service, ann, { name: "suspended" }),
  ];
  const { domain } = service.service;
  await domain.records.machines.change(suspended.id, { state: "suspended" });
  for (const machine of [failing, late, offline, good]) await machine.backUp();
  const backedUpAt = new Date(service.clock.now()).toISOString();
  service.clock.advance(DAY);
  await fail(failing);
  const failedAt = new Date(service.clock.now()).toISOString();
  service.clock.advance(4 * DAY);
  await fail(failing);
  await good.backUp();
  await heard(late);
  const never = await addMachine(service, { email: "bob@example.com", password: "password of bob" }, { name: "never" });
  await heard(never);
  const { items, lists } = await get("overviewAttention");
  expect(items.map((each: { machine: { name: string } }) => each.machine.name)).toEqual([
    "failing",
    "late",
    "never",
    "offline",
  ]);
  expect(items[0]).toMatchObject({
    machine: { id: failing.id },
    user: { email: "ann@example.com", name: "ann" },
    group: { isDefault: true },
    status: "failing",
    cause: "failing",
    code: "storage/full",
    since: failedAt,
    lastUpdateAt: backedUpAt,
  });
  expect(items[0].message).toContain("storage/full");
  expect(items[1]).toMatchObject({ status: "late", cause: "late", code: null, since: backedUpAt });
  expect(items[2]).toMatchObject({ status: "never", cause: "never", lastUpdateAt: null, group: { name: "Sales" } });
  expect(items[3]).toMatchObject({ status: "offline", cause: "offline", since: backedUpAt });
  for (const { status, filter } of lists) {
    const listed = await get("listMachines", filter);
    expect(listed.items.map((each: { name: string }) => each.name)).toEqual([status]);
  }
});

test("a full quota is its own cause, and a machine that was never heard of again is offline although it never was backed up", async () => {
  const { service, ann, get } = await started();
  const full = await addMachine(service, ann, { name: "full" });
  await addMachine(service, ann, { name: "gone" });
  await full.backUp();
  service.clock.advance(HOUR);
  await full.open();
  await full.end({ code: "quota/exceeded", message: "Full." });
  service.clock.advance(5 * DAY);
  const { items } = await get("overviewAttention");
  expect(items.map((each: { cause: string; status: string }) => [each.status, each.cause])).toEqual([
    ["failing", "quota-full"],
    ["never", "offline"],
  ]);
});

test.each<[number[], number, number[]]>([
  [[50, 50, 50, 50], 20, [5, 5, 5, 5]],
  [[50, 0, 0, 2], 20, [18, 0, 0, 2]],
  [[1, 1, 0, 0], 20, [1, 1, 0, 0]],
  [[9, 9, 9, 9], 2, [1, 1, 1, 1]],
])("of %j that want one of %i places each is sure of some: %j", (wanted, places, shares) => {
  expect(shareOut(wanted, places)).toEqual(shares);
});

test("what changed today is counted with the query that lists it, yesterday's is not", async () => {
  const { service, ann, get } = await started();
  const machine = await addMachine(service, ann, { name: "old" });
  await machine.backUp();
  service.clock.advance(12 * HOUR); // Midnight.
  const admin = await service.logIn("admin");
  const day = await addMachine(service, ann, { name: "new" });
  await fail(machine);
  await fail(machine);
  await service.call("createUser", {
    token: admin,
    body: { email: "cy@example.com", name: "Cy", password: "cy's password" },
  });
  await service.call("deleteMachine", { token: admin, params: { machine: day.id } });
  await service.call("putPolicy", {
    token: admin,
    params: { kind: "desktop" },
    body: { settings: { warningDays: { value: 4 } } },
  });
  const person = await logInAs(service, ann.email, ann.password);
  await machine.restore(person.token);
  const today = await get("overviewToday", {}, admin);
  expect(today).toMatchObject({ since: "2026-11-22T00:00:00.000Z", timeZone: "UTC" });
  const counts = today.changes.map(({ what, count }: { what: string; count: number }) => [what, count]);
  expect(Object.fromEntries(counts)).toEqual({
    "machines-added": 1,
    "machines-deleted": 1,
    "users-added": 1,
    "users-deleted": 0,
    "backups-failed": 2,
    "backups-incomplete": 0,
    restores: 1,
    "policies-changed": 1,
    "quotas-reached": 0,
    "quotas-exceeded": 0,
  });
  for (const { count, filter } of today.changes)
    expect((await get("listEvents", filter, admin)).items).toHaveLength(count);
  const shown = today.newest.map((each: { shown: string }) => each.shown);
  expect(shown).toHaveLength(7);
  expect(shown[0]).toBe("old: somebody opened a restore");
  expect(shown).toContain("old: a backup failed (storage/full)");
});

test("today begins at midnight in the organization's time zone", async () => {
  const { service, token, get } = await started();
  await service.call("changeOwnOrganization", { token, body: { settings: { timeZone: "Asia/Tokyo" } } });
  expect(await get("overviewToday")).toMatchObject({ since: "2026-11-20T15:00:00.000Z", timeZone: "Asia/Tokyo" });
});

test("an admin of a group, and a user, see their own machines and events only, and no kind that their role does not show", async () => {
  const { service, token, sales, ann, bob, get } = await started();
  const [near, far] = [
    await addMachine(service, bob, { name: "near" }),
    await addMachine(service, ann, { name: "far" }),
  ];
  const role = await makeRole(service, token, { capabilities: VIEW, groups: [sales] });
  const bound = await makeAdmin(service, token, { role });
  const [user] = [await logInAs(service, ann.email, ann.password)];
  const names = async (by: string) =>
    (await get("overviewAttention", {}, by)).items.map((each: { machine: { name: string } }) => each.machine.name);
  expect([await names(bound.token), await names(user.token)]).toEqual([["near"], ["far"]]);
  const events = async (by: string, query = {}) =>
    (await get("listEvents", query, by)).items.map((each: { shown: string }) => each.shown);
  expect(await events(bound.token, { kind: "machine.registered" })).toEqual(["near: a machine was added"]);
  expect(await events(user.token)).toEqual(["far: a machine was added", "ann@example.com: a user was added"]);
  for (const [query, code] of [
    [{ machine: far.id }, "machine/missing"],
    [{ user: ann.id }, "user/missing"],
  ] as const)
    expect((await service.call("listEvents", { token: bound.token, query })).code).toBe(code);
  expect(await events(token, { machine: near.id })).toEqual(["near: a machine was added"]);
  expect(await events(token, { machine: near.id, user: ann.id })).toEqual([]);
  const blind = await makeAdmin(service, token, {
    email: "blind@example.com",
    role: await makeRole(service, token, { name: "Blind", capabilities: [] }),
  });
  expect(await events(blind.token)).toEqual([]);
  expect((await get("overviewToday", {}, blind.token)).changes).toEqual([]);
  expect((await service.call("overviewAttention", { token: blind.token })).code).toBe("role/not-allowed");
});

test("a top-level admin sees all organizations, or one, and each link keeps to that one", async () => {
  const { service, ann, get } = await started();
  const owner = await makeOwner(service);
  const acme = await makeOrganization(service, { owner });
  const other = await makeUser(service, acme.admin.token, { desktopDevices: 3 });
  await addMachine(service, ann, { name: "here" });
  const there = await addMachine(service, other, { name: "there" });
  const one = { organization: acme.id };
  const all = await get("overviewAttention", {}, owner.token);
  expect(all.items.map((each: { machine: { name: string } }) => each.machine.name)).toEqual(["here", "there"]);
  const narrow = await get("overviewAttention", one, owner.token);
  expect(narrow.items).toMatchObject([{ machine: { id: there.id }, organization: { id: acme.id, name: "acme" } }]);
  const counts = await get("overview", one, owner.token);
  expect([counts.machines.total, (await get("overview", {}, owner.token)).machines.total]).toEqual([1, 2]);
  for (const { status, count, filter } of [
    ...counts.machines.byStatus,
    ...narrow.lists.map((list: object) => ({ ...list, count: undefined })),
  ]) {
    const listed = await get("listMachines", filter, owner.token);
    expect(listed.items).toHaveLength(count ?? (status === "never" ? 1 : 0));
  }
  const today = await get("overviewToday", one, owner.token);
  for (const { count, filter } of today.changes)
    expect((await get("listEvents", filter, owner.token)).items).toHaveLength(count);
  for (const name of [
    "listUsers",
    "listAlerts",
    "searchBackups",
    "searchRestores",
    "listAudit",
    "listGroups",
  ] as const) {
    expect((await service.call(name, { token: owner.token, query: one })).status).toBe(200);
    const foreign = { organization: crypto.randomUUID() };
    expect((await service.call(name, { token: owner.token, query: foreign })).code).toBe("organization/missing");
  }
  expect((await get("listUsers", one, owner.token)).items.map((each: { email: string }) => each.email)).toEqual([
    other.email,
  ]);
  const admin = await service.logIn("admin");
  for (const name of [
    "overview",
    "overviewAttention",
    "overviewToday",
    "overviewStorage",
    "listEvents",
    "changes",
    "listMachines",
  ] as const)
    expect((await service.call(name, { token: admin, query: one })).code).toBe("organization/missing");
});

test("a page learns where something changed since it last asked, once, also from a transaction that took hold late", async () => {
  const { service, ann, get } = await started();
  const machine = await addMachine(service, ann, { name: "den" });
  const first = await get("changes");
  expect(first).toMatchObject({ areas: [], isReset: false, runningBackups: 0 });
  const { cursor: quiet, areas: none } = await get("changes", { after: first.cursor });
  expect(none).toEqual([]);
  await machine.open();
  expect(await get("changes", { after: quiet })).toMatchObject({ areas: [], runningBackups: 1 });
  await machine.end();
  const told = await get("changes", { after: quiet });
  expect(told).toMatchObject({ areas: ["machines", "backups"], runningBackups: 0 });
  expect((await get("changes", { after: told.cursor })).areas).toEqual([]);
  service.clock.advance(10_000);
  const later = await get("changes", { after: told.cursor });
  // An id from before the last answer, seen only now.
  const { events } = service.service.domain.records;
  const [known] = await events.list({ limit: 1 }, { scope: {}, kinds: ["machine.backup-cancelled"] });
  if (known === undefined) throw new Error("no event");
  await events.insert({
    ...known,
    id: known.id.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
    kind: "user.created",
  });
  expect((await get("changes", { after: later.cursor })).areas).toEqual(["users"]);
  service.clock.advance(11 * 60_000);
  expect(await get("changes", { after: later.cursor })).toMatchObject({ isReset: true, areas: [] });
  expect(await get("changes", { after: "garbage" })).toMatchObject({ isReset: true });
});
