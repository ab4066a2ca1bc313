import { expect, test } from "vitest";
import { purgeUsers } from "../../server-mock/domain/people/user-acts.ts";
import { logInAs, makeAdmin, makeRole } from "../support/logged-in.ts";
import { GB, mailsTo, makeGroup, makeOrganization, makeUser } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";
import { startTestService } from "../support/test-service.ts";

const DAY_MS = 24 * 3_600_000;

test("Add New User makes rows of one group and profile, and says of each why it failed", async () => {
  const service = await startTestService();
  const { admin, group } = await makeOrganization(service, { settings: { installRegions: ["eu", "us"] } });
  const { token } = admin;
  const users = [
    { name: "Ann", email: "Ann@acme.example", externalId: "E-1" },
    { name: "Copy", email: "ann@ACME.example" },
    { name: "Chief", email: admin.email },
    { name: "Bad", email: "no address" },
    { name: "", email: "nameless@acme.example" },
    { name: "Weak", email: "weak@acme.example", password: "short" },
    { name: "Bob", email: "bob@acme.example" },
  ];
  const profile = {
    group,
    kind: "server",
    devices: 2,
    limitBytes: 5 * GB,
    installRegion: "eu",
    sendInstructions: true,
  };
  const { json } = await service.call("createUsers", { token, body: { ...profile, users } });
  expect([json.created, json.failed]).toEqual([2, 5]);
  expect(
    json.rows.map(({ error }: { error: { code: string; field: string } | null }) => error && [error.code, error.field]),
  ).toEqual([
    null,
    ["account/exists", "email"],
    ["account/exists", "email"],
    ["request/malformed", "email"],
    ["request/malformed", "name"],
    ["password/too-short", "password"],
    null,
  ]);
  expect(json.rows[0].user).toMatchObject({
    email: "ann@acme.example",
    name: "Ann",
    externalId: "E-1",
    kind: "server",
    state: "inactive",
    mustActivate: true,
    limitBytes: 5 * GB,
    devices: { desktop: { used: 0, limit: 0 }, server: { used: 0, limit: 2 } },
    installRegion: "eu",
    createdFrom: "127.0.0.1",
    notifications: "less",
  });
  expect(await mailsTo(service, "bob@acme.example")).toMatchObject([{ letter: "instructions" }]);
});

test("all or nothing makes none when one can't be made, and says which", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service);
  const { token } = admin;
  const users = [
    { name: "Ann", email: "ann@acme.example" },
    { name: "Bad", email: "no address" },
  ];
  const body = { kind: "desktop", allOrNothing: true, users };
  const { json } = await service.call("createUsers", { token, body });
  expect(json).toMatchObject({
    created: 0,
    failed: 2,
    rows: [{ user: null, error: null }, { error: { field: "email" } }],
  });
  expect((await service.call("listUsers", { token })).json.items).toEqual([]);
  expect(await mailsTo(service, "ann@acme.example")).toEqual([]);
  expect((await service.call("createUsers", { token, body: { ...body, users: [] } })).code).toBe("request/malformed");
});

test("without instructions no mail goes out; with a password the user is active", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service);
  const { token } = admin;
  const users = [
    { name: "Ann", email: "ann@acme.example", password: "ann's password" },
    { name: "Bob", email: "bob@acme.example" },
  ];
  const body = { kind: "desktop", sendInstructions: false, users };
  const { rows } = (await service.call("createUsers", { token, body })).json;
  expect(rows.map(({ user }: { user: { state: string } }) => user.state)).toEqual(["active", "inactive"]);
  expect([...(await mailsTo(service, "ann@acme.example")), ...(await mailsTo(service, "bob@acme.example"))]).toEqual(
    [],
  );
  expect((await logInAs(service, "ANN@acme.example", "ann's password")).id).toBe(rows[0].user.id);
});

test("type, region and Sync must fit", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service, { settings: { installRegions: ["eu"], sync: true } });
  const { token } = admin;
  const add = async (more: object) => {
    const body = { kind: "desktop", users: [{ name: "A", email: "a@acme.example" }], ...more };
    return (await service.call("createUsers", { token, body })).json.rows?.[0].error?.code;
  };
  expect(await add({ installRegion: "mars" })).toBe("region/unknown");
  expect(await add({ kind: "server", sync: true })).toBe("sync/not-offered");
  const both = { email: "b@acme.example", name: "B", password: "b password", kind: "desktop", serverDevices: 1 };
  expect((await service.call("createUser", { token, body: both })).code).toBe("user/wrong-kind");
  expect(await add({ sync: true, installRegion: "eu", devices: 0 })).toBeUndefined();
});

test("the panel shows what is used, what is free and what limits may be", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service, { limitBytes: 10 * GB });
  const { token } = admin;
  const user = await makeUser(service, token, { desktopDevices: 3, limitBytes: 4 * GB });
  const machine = await addMachine(service, user);
  await machine.backUp();
  const limit = { token, params: { machine: machine.id }, body: { limitBytes: 2 * GB } };
  expect((await service.call("changeMachine", limit)).status).toBe(200);
  const seen = (await service.call("getUser", { token, params: { user: user.id } })).json;
  expect(seen.usedBytes).toBeGreaterThan(0);
  expect(seen.availableBytes).toBe(4 * GB - seen.usedBytes);
  expect(seen.quotaState).toBe("below");
  expect(seen.allowed).toEqual({
    limitBytes: { minimum: 2 * GB, maximum: 10 * GB },
    desktopDevices: { minimum: 1, maximum: null },
    serverDevices: { minimum: 0, maximum: null },
  });
  const change = (body: object) => service.call("changeUser", { token, params: { user: user.id }, body });
  for (const [limitBytes, code] of [
    [2 * GB - 1, "limit/out-of-range"],
    [10 * GB + 1, "limit/out-of-range"],
  ] as const) {
    const refused = await change({ limitBytes });
    expect([refused.code, refused.json.error.data.minimum, refused.json.error.data.maximum]).toEqual([
      code,
      2 * GB,
      10 * GB,
    ]);
  }
  for (const limitBytes of [-1, 1.5, "5"]) expect((await change({ limitBytes })).code).toBe("request/malformed");
  expect((await change({ limitBytes: null })).json.availableBytes).toBe(10 * GB - seen.usedBytes);
  expect((await change({ desktopDevices: 0 })).code).toBe("limit/out-of-range");
});

test("every field of a user can be changed, against the version that was seen, and the audit tells", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service, { settings: { installRegions: ["eu"] } });
  const { token } = admin;
  const { id, email } = await makeUser(service, token);
  const change = (body: object, headers = {}) =>
    service.call("changeUser", { token, params: { user: id }, body, headers });
  const fields = {
    ...{ externalId: "E-7", name: "Ann B.", installRegion: "eu", overageBytes: 5, limitBytes: 9, sync: false },
    ...{ notifications: "all", businessNotifications: false, agentAutoUpdate: false, locations: "cloud-only" },
  };
  const changed = await change({ ...fields, desktopDevices: 4, serverDevices: 2 }, { "if-match": '"1"' });
  expect(changed.json).toMatchObject({
    ...fields,
    version: 2,
    devices: { desktop: { limit: 4 }, server: { limit: 2 } },
  });
  expect(changed.headers.get("etag")).toBe('"2"');
  expect((await change({ name: "Late" }, { "if-match": '"1"' })).code).toBe("edit/conflict");
  expect((await change({ externalId: null, installRegion: null })).json).toMatchObject({
    externalId: null,
    installRegion: null,
  });
  const audited = (await service.call("listAudit", { token })).json.items.find(
    ({ action }: { action: string }) => action === "users/change",
  );
  expect(audited).toMatchObject({ actor: admin.email, subject: email, address: "127.0.0.1" });
});

test("an e-mail address is changed to a free one, and the old one is no log-in any more", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service);
  const { token } = admin;
  const user = await makeUser(service, token);
  const change = (email: string) => service.call("changeUser", { token, params: { user: user.id }, body: { email } });
  expect((await change("ANN@acme.example")).code).toBe("email/same");
  expect((await change(admin.email)).code).toBe("account/exists");
  expect((await change("not one")).code).toBe("request/malformed");
  expect((await change("New@acme.example")).json.email).toBe("new@acme.example");
  const old = await service.call("login", { body: { email: user.email, password: user.password } });
  expect(old.code).toBe("login/wrong");
  expect((await logInAs(service, "new@acme.example", user.password)).id).toBe(user.id);
});

test("a suspended user is told so only with the right password; nothing starts, data is kept, Activate undoes it", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service);
  const { token } = admin;
  const user = await makeUser(service, token, { desktopDevices: 2 });
  const machine = await addMachine(service, user);
  await machine.backUp();
  const login = { email: user.email, password: user.password };
  const set = (state: string) => service.call("changeUser", { token, params: { user: user.id }, body: { state } });
  for (const [state, code] of [
    ["suspended", "account/suspended"],
    ["canceled", "account/ended"],
  ] as const) {
    expect((await set(state)).json.state).toBe(state);
    expect((await service.call("login", { body: login })).code).toBe(code);
    expect((await service.call("login", { body: { ...login, password: "wrong" } })).code).toBe("login/wrong");
    expect((await machine.open()).code).toBe(code);
    await expect(addMachine(service, user, { name: "second" })).rejects.toThrow(code);
  }
  expect((await set("active")).json).toMatchObject({ state: "active", machines: 1 });
  expect((await machine.open()).status).toBe(200);
});

test("a deleted user's machines, storage and licences go with it, and come back with it within the window", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service, { limitBytes: 10 * GB });
  const { token } = admin;
  const user = await makeUser(service, token, { desktopDevices: 3 });
  const [earlier, machine] = [await addMachine(service, user, { name: "e" }), await addMachine(service, user)];
  await machine.backUp();
  const params = { user: user.id };
  await service.call("deleteMachine", { token, params: { machine: earlier.id } });
  service.clock.advance(1000);
  const session = await logInAs(service, user.email, user.password);
  const deleted = (await service.call("deleteUser", { token, params })).json;
  expect(deleted).toMatchObject({ state: "deleted", machines: 0, usedBytes: 0 });
  expect(Date.parse(deleted.undeletableUntil)).toBe(service.clock.now() + 60 * DAY_MS);
  expect((await service.call("listMachines", { token: session.token })).code).toBe("token/invalid");
  expect((await service.call("changeUser", { token, params, body: { name: "X" } })).code).toBe("user/deleted");
  expect((await service.call("deleteUser", { token, params })).code).toBe("user/deleted");
  expect((await service.call("listMachines", { token })).json.items).toEqual([]);
  expect((await service.call("ownOrganization", { token })).json.usedBytes).toBe(0);
  const again = { email: user.email, name: "Again", password: "user password" };
  expect((await service.call("createUser", { token, body: again })).code).toBe("account/exists");

  service.clock.advance(59 * DAY_MS);
  const fresh = (await logInAs(service, admin.email, admin.password)).token;
  const back = await service.call("undeleteUser", { token: fresh, params });
  expect(back.json).toMatchObject({ state: "active", machines: 1, undeletableUntil: null });
  expect(back.json.usedBytes).toBeGreaterThan(0);
  expect((await machine.open()).status).toBe(200);
  expect((await service.call("undeleteUser", { token: fresh, params })).code).toBe("user/not-deleted");
});

test("after the window a user is purged: its address is free, nobody can undelete it", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service, { settings: { undeleteUserDays: 2 } });
  const user = await makeUser(service, admin.token);
  const machine = await addMachine(service, user);
  await machine.backUp();
  const params = { user: user.id };
  await service.call("deleteUser", { token: admin.token, params });
  await purgeUsers(service.service.domain);
  expect((await service.call("getUser", { token: admin.token, params })).status).toBe(200);
  service.clock.advance(2 * DAY_MS);
  const { token } = await logInAs(service, admin.email, admin.password);
  const late = await service.call("undeleteUser", { token, params });
  expect(["user/undelete-over", "user/missing"]).toContain(late.code);
  await purgeUsers(service.service.domain);
  await purgeUsers(service.service.domain);
  for (const name of ["getUser", "undeleteUser", "deleteUser"] as const)
    expect((await service.call(name, { token, params })).code).toBe("user/missing");
  expect((await makeUser(service, token)).email).toBe(user.email);
});

test("purging a user at once asks for its address, and for the user to be deleted first", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service);
  const { token } = admin;
  const user = await makeUser(service, token);
  const params = { user: user.id };
  const purge = (confirm: string) => service.call("purgeUser", { token, params, body: { confirm } });
  expect((await purge(user.email)).code).toBe("user/not-deleted");
  await service.call("deleteUser", { token, params });
  expect((await purge("Ann")).code).toBe("confirmation/wrong");
  expect((await purge(user.email)).status).toBe(200);
  expect((await purge(user.email)).code).toBe("user/missing");
});

test("an admin of some groups sees and makes users of these only", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service);
  const { token } = admin;
  const group = await makeGroup(service, token, { name: "Sales" });
  const outside = await makeUser(service, token, { email: "out@acme.example" });
  const inside = await makeUser(service, token, { email: "in@acme.example", group });
  const capabilities = ["users.view", "users.create", "users.edit", "users.delete", "groups.view"] as const;
  const role = await makeRole(service, token, { capabilities: [...capabilities], groups: [group] });
  const bound = await makeAdmin(service, token, { email: "bound@acme.example", role });
  const call = (name: "getUser" | "deleteUser" | "sendActivation" | "expireMobileAccess", user: string) =>
    service.call(name, { token: bound.token, params: { user } });
  for (const name of ["getUser", "deleteUser", "sendActivation", "expireMobileAccess"] as const)
    expect((await call(name, outside.id)).code, name).toBe("user/missing");
  expect((await call("getUser", inside.id)).status).toBe(200);
  const made = await makeUser(service, bound.token, { email: "new@acme.example" });
  expect((await call("getUser", made.id)).json.group.id).toBe(group);
  const defaultGroup = (await service.call("listGroups", { token })).json.items.at(-1).id;
  const move = { token: bound.token, params: { user: inside.id }, body: { group: defaultGroup } };
  expect((await service.call("changeUser", move)).code).toBe("group/missing");
  const add = { email: "x@acme.example", name: "X", password: "x password", group: defaultGroup };
  expect((await service.call("createUser", { token: bound.token, body: add })).code).toBe("group/missing");
});
