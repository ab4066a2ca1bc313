/** Search / List Users and Search / List Machines: columns, filters, search, pages, files. */
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { MACHINE_SORTS, USER_SORTS } from "../../protocol/messages/lists.ts";
import type { AccountRow, MachineRow } from "../../server-mock/records/rows.ts";
import { accountRow, groupRow, machineRow, poolRows } from "../support/rows.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const GB = 1_000_000_000;

interface Place {
  readonly test: TestService;
  readonly admin: string;
  readonly organization: string;
  /** The default one, and "Northern branch". */
  readonly groups: readonly [string, string];
  readonly now: number;
  addUser(name: string, more?: Partial<AccountRow>): Promise<AccountRow>;
  addMachine(name: string, user: AccountRow, more?: Partial<MachineRow>): Promise<MachineRow>;
}

/** The first organization without its first user. */
async function startPlace(): Promise<Place> {
  const test = await startTestService();
  const { records, newId } = test.service.domain;
  const [organization] = await records.organizations.list({ limit: 1 });
  const [group] = await records.groups.list({ limit: 1 }, {});
  const [user] = await records.accounts.list({ limit: 1 }, { role: "user" });
  if (organization === undefined || group === undefined || user === undefined) throw new Error("no first organization");
  await records.accounts.change(user.id, { state: "purged" });
  const other = groupRow(newId(), organization.id, { name: "Northern branch" });
  await records.groups.insert(other);
  await records.pools.insert(poolRows(other.id, organization.id));
  return {
    test,
    admin: await test.logIn("admin"),
    organization: organization.id,
    groups: [group.id, other.id],
    now: test.clock.now(),
    async addUser(name, more = {}) {
      const login = `${name.toLowerCase()}@example.com`;
      const placed = { organization: organization.id, userGroup: group.id, name, login, email: login };
      const row = accountRow(newId(), { ...placed, ...more });
      await records.accounts.insert(row);
      return row;
    },
    async addMachine(name, user, more = {}) {
      const id = newId().replaceAll("-", "");
      const { id: account, userGroup } = user;
      const placed = { organization: organization.id, account, userGroup: userGroup ?? "", name };
      const row = machineRow(id, { ...placed, ...more });
      await records.machines.insert(row);
      return row;
    },
  };
}

const names = ({ json }: { json: { items: { name: string }[] } }) => json.items.map(({ name }) => name);

test("a user's row has the ten columns, with the texts that are rules", async () => {
  const { test, admin, addUser, addMachine, groups, now } = await startPlace();
  const limits = { limitBytes: 10 * GB, usedBytes: 5 * GB, machineCount: 1, desktopDevices: 2 };
  const zoe = await addUser("Zoe", {
    ...limits,
    externalId: "E-1",
    sync: 1,
    lastBackupAt: now - HOUR_MS,
    createdAt: now,
  });
  await addMachine("den", zoe, { usedBytes: 5 * GB });
  await addUser("Adam", { userGroup: groups[1] });
  const { json } = await test.call("listUsers", { token: admin, query: { sort: "user", order: "desc" } });
  expect(json.items[0]).toMatchObject({
    externalId: "E-1",
    email: "zoe@example.com",
    name: "Zoe",
    machines: 1,
    createdAt: new Date(now).toISOString(),
    lastBackupAt: new Date(now - HOUR_MS).toISOString(),
    devices: { desktop: { used: 1, limit: 2 }, server: { used: 0, limit: 0 } },
    shown: { group: "(default user group)", sync: "Enabled", storage: ["10 GB (Limited)"], storageUsed: ["5 GB"] },
  });
  expect(json.items[1]).toMatchObject({
    externalId: null,
    lastBackupAt: null,
    shown: { group: "Northern branch", sync: "Disabled", storage: ["Shared"], storageUsed: ["None"] },
  });
});

test("where Server and Desktop have rooms of their own, storage has a line for each", async () => {
  const { test, admin, addUser, addMachine, organization } = await startPlace();
  const { records } = test.service.domain;
  await records.organizations.change(organization, { settings: JSON.stringify({ separatePools: true }) });
  const zoe = await addUser("Zoe", { kind: "desktop", limitBytes: 10 * GB, usedBytes: 5 * GB });
  const both = await addUser("Both", { usedBytes: 3 * GB, machineCount: 2 });
  await addMachine("a", both, { kind: "server", usedBytes: 3 * GB });
  const { json } = await test.call("listUsers", { token: admin, query: { sort: "name", order: "desc" } });
  const [first, second] = json.items;
  expect([first.id, second.id]).toEqual([zoe.id, both.id]);
  expect(first.shown.storage).toEqual(["Desktop: 10 GB (Limited)", "Server: Shared"]);
  expect(first.shown.storageUsed).toEqual(["Desktop: 5 GB", "Server: None"]);
  expect(second.shown.storageUsed).toEqual(["Desktop: None", "Server: 3 GB"]);
});

test("each of the nine filters shows its users, a deleted one only its own", async () => {
  const { test, admin, addUser, now } = await startPlace();
  for (const state of ["active", "inactive", "suspended", "canceled", "deleted"] as const)
    await addUser(state, { state });
  await addUser("day", { lastBackupAt: now - DAY_MS });
  await addUser("week", { lastBackupAt: now - DAY_MS - 1 });
  await addUser("weeks", { lastBackupAt: now - 7 * DAY_MS });
  await addUser("old", { lastBackupAt: now - 7 * DAY_MS - 1 });
  await addUser("gone", { lastBackupAt: now, state: "deleted" });
  const shown = async (filter?: string) =>
    names(await test.call("listUsers", { token: admin, query: { sort: "name", ...(filter && { filter }) } }));
  const there = ["active", "canceled", "day", "inactive", "old", "suspended", "week", "weeks"];
  expect(await shown()).toEqual(there);
  expect(await shown("active")).toEqual(["active", "day", "old", "week", "weeks"]);
  for (const state of ["inactive", "suspended", "canceled"]) expect(await shown(state)).toEqual([state]);
  expect(await shown("deleted")).toEqual(["deleted", "gone"]);
  expect(await shown("backed-up-24-hours")).toEqual(["day"]);
  expect(await shown("backed-up-1-week")).toEqual(["day", "week", "weeks"]);
  expect(await shown("backup-over-1-week")).toEqual(["old"]);
  expect(await shown("never-backed-up")).toEqual(["active", "canceled", "inactive", "suspended"]);
});

test("a search finds a whole e-mail address, name or external ID in any letters, a full search any part", async () => {
  const { test, admin, addUser } = await startPlace();
  await addUser("Zoe", { externalId: "Emp-7" });
  await addUser("Zoenerys");
  await addUser("100%");
  const found = async (search: string, full = false) =>
    names(await test.call("listUsers", { token: admin, query: { sort: "name", search, full: String(full) } }));
  for (const whole of ["ZOE@example.com", " zoe ", "emp-7"]) expect(await found(whole)).toEqual(["Zoe"]);
  expect(await found("zo")).toEqual([]);
  expect(await found("zo", true)).toEqual(["Zoe", "Zoenerys"]);
  expect(await found("MP-", true)).toEqual(["Zoe"]);
  expect(await found("%", true)).toEqual(["100%"]);
  expect(await found("_", true)).toEqual([]);
});

test("machines are listed by state, recency, trouble, group, user and kind", async () => {
  const { test, admin, addUser, addMachine, groups, now } = await startPlace();
  const zoe = await addUser("Zoe");
  const adam = await addUser("Adam", { userGroup: groups[1] });
  await addMachine("fresh", zoe, { lastUpdateAt: now - HOUR_MS, createdAt: now - 9 * DAY_MS });
  await addMachine("failing", zoe, { lastUpdateAt: now - 2 * DAY_MS, lastFailureAt: now, createdAt: 1 });
  await addMachine("late", adam, { lastUpdateAt: now - 4 * DAY_MS, kind: "server" });
  await addMachine("new", adam, { createdAt: now });
  await addMachine("asleep", adam, { state: "suspended", createdAt: now });
  await addMachine("gone", adam, { deletedAt: now, lastUpdateAt: now });
  const shown = async (query: Record<string, string>) =>
    names(await test.call("listMachines", { token: admin, query: { sort: "machine", ...query } }));
  expect(await shown({})).toEqual(["asleep", "failing", "fresh", "late", "new"]);
  expect(await shown({ filter: "active" })).toEqual(["failing", "fresh", "late", "new"]);
  expect(await shown({ filter: "suspended" })).toEqual(["asleep"]);
  expect(await shown({ filter: "deleted" })).toEqual(["gone"]);
  expect(await shown({ filter: "overdue" })).toEqual(["late"]);
  expect(await shown({ filter: "failing" })).toEqual(["failing"]);
  expect(await shown({ filter: "backed-up-24-hours" })).toEqual(["fresh"]);
  expect(await shown({ filter: "backed-up-1-week" })).toEqual(["failing", "fresh", "late"]);
  expect(await shown({ filter: "never-backed-up" })).toEqual(["asleep", "new"]);
  expect(await shown({ group: groups[1] })).toEqual(["asleep", "late", "new"]);
  expect(await shown({ user: zoe.id })).toEqual(["failing", "fresh"]);
  expect(await shown({ kind: "server" })).toEqual(["late"]);
  expect(await shown({ search: "ADAM@example.com" })).toEqual(["asleep", "late", "new"]);
  expect(await shown({ search: "late" })).toEqual(["late"]);
  const { json: overview } = await test.call("overview", { token: admin });
  for (const { count, filter } of overview.machines.byStatus) expect(await shown(filter)).toHaveLength(count);
});

test("new names of users and groups are sorted and found at once", async () => {
  const { test, admin, addUser, addMachine, groups } = await startPlace();
  const { records } = test.service.domain;
  const zoe = await addUser("Zoe");
  const adam = await addUser("Adam", { userGroup: groups[1] });
  await addMachine("a", adam);
  await addMachine("z", zoe);
  const sorted = async (sort: string) => names(await test.call("listMachines", { token: admin, query: { sort } }));
  expect([await sorted("user"), await sorted("group")]).toEqual([
    ["a", "z"],
    ["z", "a"],
  ]);
  await records.accounts.change(adam.id, { login: "zz@example.com" });
  await records.groups.change(groups[1], { name: "#1" });
  expect([await sorted("user"), await sorted("group")]).toEqual([
    ["z", "a"],
    ["a", "z"],
  ]);
  const search = { token: admin, query: { search: "ZZ@example.com" } };
  expect(names(await test.call("listMachines", search))).toEqual(["a"]);
});

test("a list is counted with its first page, and its pages follow each other", async () => {
  const { test, admin, addUser } = await startPlace();
  for (let at = 0; at < 7; at++) await addUser(`user ${at}`);
  const query = { sort: "name", order: "desc", limit: 3, full: "true", search: "user" };
  const first = (await test.call("listUsers", { token: admin, query })).json;
  expect(first.total).toEqual({ count: 7, isExact: true });
  const second = (await test.call("listUsers", { token: admin, query: { ...query, cursor: first.next } })).json;
  expect(second.total).toBeNull();
  const third = (await test.call("listUsers", { token: admin, query: { ...query, cursor: second.next } })).json;
  const all = [first, second, third].flatMap((json) => names({ json }));
  expect(all).toEqual([6, 5, 4, 3, 2, 1, 0].map((at) => `user ${at}`));
  expect(third.next).toBeNull();
});

test("a cursor belongs to its list: any other question, or anything made up, is refused", async () => {
  const { test, admin, addUser } = await startPlace();
  for (const name of ["a", "b", "c"]) await addUser(name);
  const ask = (query: Record<string, string | number>) => test.call("listUsers", { token: admin, query });
  const { next } = (await ask({ sort: "name", limit: 1 })).json;
  expect((await ask({ sort: "name", limit: 2, cursor: next })).status).toBe(200);
  const decoded = JSON.parse(Buffer.from(next, "base64url").toString());
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  for (const query of [
    { sort: "user", cursor: next },
    { sort: "name", order: "desc", cursor: next },
    { sort: "name", filter: "active", cursor: next },
    { sort: "name", search: "a", cursor: next },
    { sort: "name", cursor: "garbage" },
    { sort: "name", cursor: encode([decoded[0], 7, decoded[2]]) },
    { sort: "name", cursor: encode([decoded[0], "\0", decoded[2]]) },
    { sort: "name", cursor: encode({ length: 3 }) },
  ])
    expect((await ask(query)).code, JSON.stringify(query)).toBe("request/malformed");
});

test("an admin of one group lists and exports that group, and others' groups and users are missing", async () => {
  const { test, organization, addUser, addMachine, groups } = await startPlace();
  const { records, newId, clock } = test.service.domain;
  const zoe = await addUser("Zoe");
  const adam = await addUser("Adam", { userGroup: groups[1] });
  await addMachine("a", adam);
  await addMachine("z", zoe);
  const capabilities = JSON.stringify(["users.view", "machines.view"]);
  const role = { id: newId(), organization, name: "North", capabilities, scopeGroups: JSON.stringify([groups[1]]) };
  await records.roles.insert({ ...role, madeBy: null, version: 1, createdAt: clock.now() });
  const password = await test.service.domain.passwords.hash("a long password");
  const login = "north@example.com";
  await addUser("North", { role: "admin", login, roleId: role.id, password, userGroup: null });
  const { token } = (await test.call("login", { body: { email: login, password: "a long password" } })).json;
  expect(names(await test.call("listUsers", { token }))).toEqual(["Adam"]);
  expect(names(await test.call("listMachines", { token }))).toEqual(["a"]);
  expect((await test.call("exportMachines", { token })).bytes.toString().trim().split("\r\n")).toHaveLength(2);
  expect((await test.call("listUsers", { token, query: { group: groups[0] } })).code).toBe("group/missing");
  expect((await test.call("listMachines", { token, query: { user: zoe.id } })).code).toBe("user/missing");
});

test("an admin whose role may not view machines lists none", async () => {
  const { test, organization, addUser } = await startPlace();
  const { records, newId, passwords } = test.service.domain;
  const role = { id: newId(), organization, name: "Users only", capabilities: '["users.view"]', scopeGroups: null };
  await records.roles.insert({ ...role, madeBy: null, version: 1, createdAt: 1 });
  const [login, password] = ["users@example.com", await passwords.hash("a long password")];
  await addUser("Users", { role: "admin", login, roleId: role.id, password, userGroup: null });
  const { token } = (await test.call("login", { body: { email: login, password: "a long password" } })).json;
  expect((await test.call("listUsers", { token })).status).toBe(200);
  for (const name of ["listMachines", "exportMachines"] as const)
    expect((await test.call(name, { token })).code).toBe("role/not-allowed");
});

test("the file of a list has its columns, its rows and its order, and no cell that calculates", async () => {
  const { test, admin, addUser, addMachine, now } = await startPlace();
  const evil = await addUser("=1+1", { externalId: " @SUM(A1)", limitBytes: 10 * GB, createdAt: now });
  await addUser('Quote " comma, and\nline', { lastBackupAt: now - 30 * 60_000, createdAt: now });
  await addMachine("=cmd|' /C calc'!A0", evil, { usedBytes: 5 * GB, lastUpdateAt: now - 5 * DAY_MS, createdAt: now });
  const file = await test.call("exportUsers", { token: admin, query: { sort: "name" } });
  expect(file.headers.get("content-type")).toMatch(/^text\/csv/);
  expect(file.headers.get("content-disposition")).toBe('attachment; filename="users-2026-11-21.csv"');
  expect(file.bytes.subarray(0, 3).toString("hex")).toBe("efbbbf");
  const columns = "External ID,User,Name,User Group,Sync,Machines,Storage,Storage Used,Created,Backed Up".split(",");
  expect(parse(file.bytes, { bom: true, record_delimiter: "\r\n" })).toEqual([
    columns,
    [
      ...["' @SUM(A1)", "'=1+1@example.com", "'=1+1", "(default user group)", "Disabled", "0"],
      ...["10 GB (Limited)", "None", "2026-11-21", "never"],
    ],
    [
      ...[
        "",
        'quote " comma, and\nline@example.com',
        'Quote " comma, and\nline',
        "(default user group)",
        "Disabled",
        "0",
      ],
      ...["Shared", "None", "2026-11-21", "30 minutes ago"],
    ],
  ]);
  const machines = await test.call("exportMachines", { token: admin, query: {} });
  expect(parse(machines.bytes, { bom: true })).toEqual([
    "External ID,Machine,User,User Group,Storage Used,Created,Last Update,Backed Up".split(","),
    [
      "",
      "'=cmd|' /C calc'!A0",
      "'=1+1@example.com",
      "(default user group)",
      "5 GB",
      "2026-11-21",
      "2026-11-16",
      "5 days ago",
    ],
  ]);
});

test("a file goes on where a page would end", async () => {
  const { test, admin, addUser } = await startPlace();
  const { records } = test.service.domain;
  const user = await addUser("Zoe");
  await records.transaction(async (stores) => {
    for (let at = 0; at < 1201; at++)
      await stores.machines.insert(
        machineRow(at.toString(16).padStart(32, "0"), {
          ...{ organization: user.organization ?? "", account: user.id, userGroup: user.userGroup ?? "" },
          name: `m${at % 7}`,
        }),
      );
  });
  const file = await test.call("exportMachines", { token: admin, query: { sort: "machine" } });
  expect(parse(file.bytes, { bom: true })).toHaveLength(1202);
});

test.each([
  ...USER_SORTS.map((sort) => ["listUsers", sort] as const),
  ...MACHINE_SORTS.map((sort) => ["listMachines", sort] as const),
])("%s sorts by %s, up and down", async (route, sort) => {
  const { test, admin, addUser, addMachine, groups, now } = await startPlace();
  const more = { externalId: "Z", userGroup: groups[1], sync: 1, machineCount: 9, usedBytes: 9 } as const;
  const a = await addUser("a", { lastBackupAt: now, limitBytes: 1, createdAt: now - 1 });
  const b = await addUser("b", { ...more, createdAt: now });
  await addMachine("a", a, { lastUpdateAt: now, createdAt: now - 1 });
  await addMachine("b", b, { externalId: "Z", usedBytes: 9, createdAt: now });
  const up = names(await test.call(route, { token: admin, query: { sort, order: "asc" } }));
  const down = names(await test.call(route, { token: admin, query: { sort, order: "desc" } }));
  expect([up, down]).toEqual(
    sort === "last-update"
      ? [
          ["b", "a"],
          ["a", "b"],
        ]
      : [
          ["a", "b"],
          ["b", "a"],
        ],
  );
});

test("a question that no list knows is refused, naming what is wrong with it", async () => {
  const { test, admin } = await startPlace();
  for (const query of [{ sort: "password" }, { filter: "all" }, { order: "up" }, { search: "\0" }, { limit: 501 }]) {
    const { json } = await test.call("listUsers", { token: admin, query: query as Record<string, string> });
    expect(json.error).toMatchObject({ code: "request/malformed", data: { field: Object.keys(query)[0] } });
  }
});
