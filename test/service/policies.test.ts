import { expect, test } from "vitest";
import { addMachine, addUser } from "../support/people.ts";
import { machineFacts, makeVault, vaultPublic } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

async function start() {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const call = (name: Parameters<TestService["call"]>[0], options: object = {}) =>
    service.call(name, { token, ...options });
  const user = await addUser(service, token, "ann");
  const machine = await addMachine(service, user);
  const group = (await call("getUser", { params: { user: user.id } })).json.group.id as string;
  const places = {
    organization: { name: "putPolicy", params: { kind: "desktop" } },
    group: { name: "putGroupPolicy", params: { group, kind: "desktop" } },
    machine: { name: "putMachinePolicy", params: { machine: machine.id } },
  } as const;
  const say = (level: keyof typeof places, settings: object, headers: Record<string, string> = {}) =>
    call(places[level].name, { params: places[level].params, body: { settings }, headers });
  const effective = async () => (await call("getEffectivePolicy", { params: { machine: machine.id } })).json;
  const own = async (known?: string) =>
    (await service.call("ownPolicy", { token: machine.token, query: known === undefined ? {} : { known } })).json;
  return { service, token, call, user, machine, group, say, effective, own };
}

test("the nearest level that says a setting has it, and is named", async () => {
  const { say, effective } = await start();
  const { settings } = await effective();
  expect(settings.warningDays).toEqual({ value: 3, locked: false, level: "default" });
  expect(settings.locations).toEqual({ value: "local-and-cloud", locked: false, level: "default" });
  await say("organization", { warningDays: { value: 7, locked: true }, webRestore: { value: false } });
  await say("group", { warningDays: { value: 5 } });
  const now = (await effective()).settings;
  expect(now.warningDays).toEqual({ value: 5, locked: false, level: "group" });
  expect(now.webRestore).toEqual({ value: false, locked: false, level: "organization" });
  await say("machine", { warningDays: { value: 1, locked: true } });
  expect((await effective()).settings.warningDays).toEqual({ value: 1, locked: true, level: "machine" });
  await say("machine", {});
  expect((await effective()).settings.warningDays.level).toBe("group");
});

test("each level sees what would hold there if it said nothing", async () => {
  const { call, group, machine, say } = await start();
  await say("organization", { warningDays: { value: 7, locked: true } });
  await say("group", { warningDays: { value: 5 }, webRestore: { value: false } });
  await say("machine", { webRestore: { value: true } });
  const inherited = async (name: "getPolicy" | "getGroupPolicy" | "getMachinePolicy", params: Record<string, string>) =>
    (await call(name, { params })).json.inherited;
  const top = await inherited("getPolicy", { kind: "desktop" });
  expect(top.warningDays).toEqual({ value: 3, locked: false, level: "default" });
  const middle = await inherited("getGroupPolicy", { group, kind: "desktop" });
  expect(middle.warningDays).toEqual({ value: 7, locked: true, level: "organization" });
  expect(middle.webRestore).toEqual({ value: true, locked: false, level: "default" });
  const low = await inherited("getMachinePolicy", { machine: machine.id });
  expect(low.warningDays).toEqual({ value: 5, locked: false, level: "group" });
  expect(low.webRestore).toEqual({ value: false, locked: false, level: "group" });
});

test("a policy is for one licence kind", async () => {
  const { service, call, say, user, effective } = await start();
  const server = await addMachine(service, user, { kind: "server" });
  await say("organization", { warningDays: { value: 9 } });
  const of = async (id: string) => (await call("getEffectivePolicy", { params: { machine: id } })).json.settings;
  expect([(await effective()).settings.warningDays.value, (await of(server.id)).warningDays.value]).toEqual([9, 3]);
});

test("everything that agents are told is kept as it was said", async () => {
  const { say, effective } = await start();
  const rules = {
    paths: ["/tmp"],
    names: ["*.iso", "node_modules"],
    types: ["tmp"],
    largerThanBytes: 5e9,
    smallerThanBytes: null,
    olderThanDays: 365,
    newerThanDays: null,
  };
  const at = { frequency: "weekly", weekdays: ["monday", "friday"], at: "21:30", spreadMinutes: 15, catchUp: true };
  const settings = {
    backupSets: {
      value: [
        { name: "Home", exclusionary: false, roots: ["/home"], include: { ...rules, names: [] }, exclude: rules },
        { name: "Never", exclusionary: true, roots: ["/"], include: rules, exclude: { ...rules, olderThanDays: null } },
      ],
      locked: true,
    },
    schedules: {
      value: [
        { type: "Automatic", cpuBelowPercent: 20, idleMinutes: 10, hoursSinceLast: 4 },
        { type: "Scheduled", ...at },
        { type: "Continuous", quietSeconds: 30 },
        { type: "Manual" },
        { type: "Local", folder: "/mnt/backup", ...at },
      ],
      locked: false,
    },
    bandwidth: {
      value: {
        hours: [
          {
            weekdays: ["monday"],
            from: "22:00",
            to: "06:00",
            uploadBytesPerSecond: null,
            downloadBytesPerSecond: null,
          },
        ],
        uploadBytesPerSecond: 1_000_000,
        downloadBytesPerSecond: null,
      },
      locked: true,
    },
    keyKinds: { value: ["custom"], locked: true },
    warningDays: { value: 4, locked: false },
    locations: { value: "cloud-only", locked: true },
    webRestore: { value: false, locked: true },
    agentVersion: { value: { autoUpdate: false, minimum: "1.2", pinned: "1.4.2" }, locked: true },
  };
  expect((await say("organization", settings)).json.settings).toEqual(settings);
  const held = (await effective()).settings;
  for (const [name, said] of Object.entries(settings)) expect(held[name]).toEqual({ ...said, level: "organization" });
});

test.each([
  ["an unknown setting", { colour: { value: "red" } }],
  ["a setting without a value", { warningDays: {} }],
  ["a time that is none", { schedules: { value: [{ type: "Scheduled", at: "24:00" }] } }],
  [
    "a weekly schedule without a day",
    { schedules: { value: [{ type: "Scheduled", frequency: "weekly", at: "21:00" }] } },
  ],
  ["a backup set without roots", { backupSets: { value: [{ name: "x", roots: [] }] } }],
  ["no kind of key", { keyKinds: { value: [] } }],
  ["a day twice", { schedules: { value: [{ type: "Scheduled", at: "21:00", weekdays: ["monday", "monday"] }] } }],
])("%s is refused", async (_, settings) => {
  const { say } = await start();
  expect((await say("organization", settings)).code).toBe("request/malformed");
});

test("two admins don't overwrite each other's policy, from its first version on", async () => {
  const { call, say } = await start();
  const first = await call("getPolicy", { params: { kind: "desktop" } });
  expect([first.json.version, first.json.settings, first.headers.get("etag")]).toEqual([0, {}, '"0"']);
  const headers = { "if-match": '"0"' };
  expect((await say("organization", { warningDays: { value: 5 } }, headers)).json.version).toBe(1);
  expect((await say("organization", { warningDays: { value: 6 } }, headers)).code).toBe("edit/conflict");
});

test("an agent gets its configuration once, and again when it changes; everybody sees who has it", async () => {
  const { service, call, machine, say, effective, own } = await start();
  const first = await own();
  expect(first.settings.warningDays.value).toBe(3);
  expect((await own(first.tag)).settings).toBeNull();
  const take = (tag: string) => service.call("takePolicy", { token: machine.token, body: { tag } });
  const receipts = async () => (await call("listPolicyReceipts")).json.items;
  expect(await receipts()).toMatchObject([{ machine: machine.id, takenTag: null, isCurrent: false }]);
  await take(first.tag);
  expect(await receipts()).toMatchObject([{ takenTag: first.tag, isCurrent: true }]);
  await say("group", { warningDays: { value: 5 } });
  expect(await receipts()).toMatchObject([{ takenTag: first.tag, isCurrent: false }]);
  const second = await own(first.tag);
  expect(second.settings.warningDays.value).toBe(5);
  await take(second.tag);
  expect(await effective()).toMatchObject({ tag: second.tag, takenTag: second.tag });
  const seen = (await call("getMachine", { params: { machine: machine.id } })).json.policy;
  expect(seen).toMatchObject({ tag: second.tag, takenTag: second.tag });
  // Said elsewhere, the same is the same.
  await say("machine", { warningDays: { value: 5 } });
  expect((await own(second.tag)).settings).toBeNull();
});

test("what the account form says of places and updates holds where it is stricter", async () => {
  const { call, user, say, effective } = await start();
  const change = (body: object) => call("changeUser", { params: { user: user.id }, body });
  await change({ locations: "cloud-only", agentAutoUpdate: false });
  const { settings } = await effective();
  expect(settings.locations).toEqual({ value: "cloud-only", locked: true, level: "user" });
  expect(settings.agentVersion).toMatchObject({ value: { autoUpdate: false }, locked: true, level: "user" });
  await say("organization", { locations: { value: "cloud-only" } });
  expect((await effective()).settings.locations.level).toBe("organization");
});

test("versions that an organization or a group sets among its settings hold unless a policy says otherwise", async () => {
  const { service, group, say, effective } = await start();
  const { records } = service.service.domain;
  const versions = (minimum: string) => JSON.stringify({ agentVersions: { minimum, pinned: null, autoUpdate: true } });
  const organization = (await records.groups.find(group))?.organization ?? "";
  const held = async () => (await effective()).settings.agentVersion;
  await records.organizations.change(organization, { settings: versions("1.0.0") });
  expect(await held()).toMatchObject({ value: { minimum: "1.0.0" }, level: "organization" });
  await records.groups.change(group, { settings: versions("2.0.0") });
  expect(await held()).toMatchObject({ value: { minimum: "2.0.0" }, level: "group" });
  await say("group", { agentVersion: { value: { minimum: "3.0" } } });
  expect(await held()).toMatchObject({ value: { minimum: "3.0" }, level: "group" });
});

test("a kind of key that is not allowed does not register", async () => {
  const { service, say, user } = await start();
  await say("organization", { keyKinds: { value: ["custom"], locked: true } });
  const login = { email: user.email, password: user.password };
  const body = { login, machine: machineFacts(), vault: await vaultPublic(service, makeVault()) };
  const refused = await service.call("register", { body });
  expect([refused.code, refused.json.error.data]).toEqual([
    "encryption/not-allowed",
    { kind: "default", allowed: "custom" },
  ]);
  expect(
    (await service.call("register", { body: { ...body, machine: machineFacts({ kind: "server" }) } })).status,
  ).toBe(200);
});

test("a passphrase of one's own is refused where only the service's keys are allowed", async () => {
  const { service, say, user } = await start();
  await say("organization", { keyKinds: { value: ["default"], locked: true } });
  const bytes = (length: number) => Buffer.alloc(length, 1).toString("base64");
  const argon2 = { memoryKiB: 65_536, passes: 3, parallelism: 4 };
  const check = { salt: bytes(16), check: bytes(32), nonce: bytes(12), ciphertext: bytes(48) };
  const wrap = { kind: "custom", argon2, ...check };
  const login = { email: user.email, password: user.password };
  const body = { login, machine: machineFacts(), vault: await vaultPublic(service, makeVault(), { wrap }) };
  const refused = await service.call("register", { body });
  expect([refused.code, refused.json.error.data]).toEqual([
    "encryption/not-allowed",
    { kind: "custom", allowed: "default" },
  ]);
});

test("where restores from the web are off none is opened; agent and command line still restore", async () => {
  const { service, machine, user, say } = await start();
  await machine.backUp();
  await say("organization", { webRestore: { value: false } });
  const { token } = (await service.call("login", { body: { email: user.email, password: user.password } })).json;
  expect((await machine.restore(token, { source: "web" })).code).toBe("restore/web-off");
  expect((await machine.restore(token, { source: "cli" })).status).toBe(200);
});

test("a user sees what holds for its machine, and configures nothing", async () => {
  const { service, machine, user } = await start();
  const { token } = (await service.call("login", { body: { email: user.email, password: user.password } })).json;
  const params = { machine: machine.id };
  expect((await service.call("getEffectivePolicy", { token, params })).status).toBe(200);
  expect((await service.call("getMachinePolicy", { token, params })).code).toBe("role/not-allowed");
  const put = await service.call("putMachinePolicy", { token, params, body: { settings: {} } });
  expect(put.code).toBe("role/not-allowed");
});

test("an admin of some groups configures those, not the organization", async () => {
  const { service, say, group, call } = await start();
  const { domain } = service.service;
  const admin = await domain.records.accounts.findByLogin(service.first.admin.email);
  const capabilities = JSON.stringify(["policies.view", "policies.edit", "machines.view", "groups.view"]);
  const role = { id: domain.newId(), organization: admin?.organization ?? "", name: "local", capabilities };
  await domain.records.roles.insert({
    ...role,
    scopeGroups: JSON.stringify([group]),
    madeBy: null,
    version: 1,
    createdAt: 1,
  });
  await domain.records.accounts.change(admin?.id ?? "", { roleId: role.id });
  expect((await say("group", { warningDays: { value: 5 } })).status).toBe(200);
  expect((await say("organization", { warningDays: { value: 5 } })).code).toBe("role/not-allowed");
  expect((await call("getPolicy", { params: { kind: "desktop" } })).status).toBe(200);
  const other = { group: "00000000-0000-4000-8000-000000000000" };
  expect((await call("getGroupPolicy", { params: { ...other, kind: "desktop" } })).code).toBe("group/missing");
  expect((await call("listPolicyReceipts", { query: other })).code).toBe("group/missing");
});
