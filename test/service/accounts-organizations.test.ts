import { expect, test } from "vitest";
import { makeAdmin, makeRole } from "../support/logged-in.ts";
import { GB, makeGroup, makeOrganization, makeUser } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";
import { startTestService } from "../support/test-service.ts";

test("an organization has an edition, a subdomain, settings with defaults, and room", async () => {
  const service = await startTestService();
  const { id, owner, admin } = await makeOrganization(service, { subdomain: "Acme", limitBytes: 5 * GB });
  const seen = (await service.call("getOrganization", { token: owner.token, params: { organization: id } })).json;
  expect(seen).toMatchObject({
    edition: "pro",
    subdomain: "acme",
    state: "active",
    limitBytes: 5 * GB,
    logInUrl: null,
  });
  expect(seen.settings).toMatchObject({
    undeleteMachineDays: 14,
    undeleteUserDays: 60,
    overdueDays: 3,
    usersLogIn: false,
  });
  const own = await service.call("ownOrganization", { token: admin.token });
  expect(own.json).toEqual(seen);
  expect(own.headers.get("etag")).toBe('"1"');
});

test("an organization's admin changes its name, subdomain and settings, but not what it was given", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service);
  const change = (body: object, headers = {}) =>
    service.call("changeOwnOrganization", { token: admin.token, body, headers });
  const changed = await change({ name: "Acme 2", subdomain: "acme", settings: { usersLogIn: true, overdueDays: 5 } });
  expect(changed.json).toMatchObject({
    name: "Acme 2",
    version: 2,
    settings: { overdueDays: 5, undeleteUserDays: 60 },
  });
  expect(changed.json.logInUrl).toMatch(/\/o\/acme$/);
  for (const body of [{ edition: "enterprise" }, { pools: [] }, { state: "suspended" }, { settings: { nonsense: 1 } }])
    expect((await change(body)).code).toBe("request/malformed");
  expect((await change({ settings: { timeZone: "Mars/Base" } })).code).toBe("request/malformed");
  expect((await change({ name: "Late" }, { "if-match": '"1"' })).code).toBe("edit/conflict");
  const [audited] = (await service.call("listAudit", { token: admin.token })).json.items;
  expect(audited).toMatchObject({ action: "organizations/change", actor: admin.email, subject: "Acme 2" });
});

test("an admin of some groups can't change the organization", async () => {
  const service = await startTestService();
  const { admin, group } = await makeOrganization(service);
  const role = await makeRole(service, admin.token, {
    capabilities: ["organization.view", "organization.edit", "groups.view", "groups.edit", "groups.create"],
    groups: [group],
  });
  const bound = await makeAdmin(service, admin.token, { email: "bound@acme.example", role });
  const call = (name: "changeOwnOrganization" | "createGroup", body: object) =>
    service.call(name, { token: bound.token, body });
  expect((await call("changeOwnOrganization", { name: "Mine" })).code).toBe("role/not-allowed");
  expect((await call("createGroup", { name: "Mine" })).code).toBe("role/not-allowed");
});

test("a subdomain is one organization's, and some are nobody's", async () => {
  const service = await startTestService();
  const { owner } = await makeOrganization(service, { subdomain: "acme" });
  const other = await makeOrganization(service, { name: "other", owner });
  const set = (subdomain: string | null) =>
    service.call("changeOwnOrganization", { token: other.admin.token, body: { subdomain } });
  expect((await set("ACME")).code).toBe("subdomain/taken");
  for (const reserved of ["admin", "www", "www2", "xn--acme", "login"])
    expect((await set(reserved)).code, reserved).toBe("subdomain/reserved");
  for (const wrong of ["a", "-acme", "acme-", "ac me", "ac.me", "ä".repeat(3), "a".repeat(64)])
    expect((await set(wrong)).code, wrong).toBe("request/malformed");
  expect((await set("other-one")).json.subdomain).toBe("other-one");
  expect((await set(null)).json.subdomain).toBeNull();
});

test("users can be let in only where there is a subdomain, and it stays as long as they are", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service);
  const change = (body: object) => service.call("changeOwnOrganization", { token: admin.token, body });
  expect((await change({ settings: { usersLogIn: true } })).code).toBe("subdomain/needed");
  expect((await change({ subdomain: "acme", settings: { usersLogIn: true } })).status).toBe(200);
  expect((await change({ subdomain: null })).code).toBe("subdomain/needed");
  expect((await change({ subdomain: null, settings: { usersLogIn: false } })).status).toBe(200);
});

test("Home is one log-in with at most five machines, without users and groups", async () => {
  const service = await startTestService();
  const { admin, owner, id } = await makeOrganization(service, { edition: "home" });
  const { token } = admin;
  const person = { email: "ann@acme.example", name: "Ann", password: "user password" };
  expect((await service.call("createUser", { token, body: person })).code).toBe("edition/not-allowed");
  expect((await service.call("createGroup", { token, body: { name: "Sales" } })).code).toBe("edition/not-allowed");
  const login = { email: admin.email, password: admin.password };
  for (let count = 0; count < 5; count++) await addMachine(service, login, { name: `m${count}` });
  await expect(addMachine(service, login, { name: "sixth" })).rejects.toThrow("machine/limit");
  expect((await service.call("listMachines", { token })).json.items).toHaveLength(5);
  const grown = { token: owner.token, params: { organization: id }, body: { edition: "pro" } };
  expect((await service.call("changeOrganization", grown)).json.edition).toBe("pro");
  await makeUser(service, token);
  const shrunk = await service.call("changeOrganization", { ...grown, body: { edition: "home" } });
  expect(shrunk.code).toBe("edition/too-small");
});

test("an organization's limit lies above what it has handed on, and the refusal names the least", async () => {
  const service = await startTestService();
  const { admin, owner, id } = await makeOrganization(service, { limitBytes: 100 * GB });
  await makeGroup(service, admin.token, { name: "A", pools: [{ kind: "all", mode: "assigned", limitBytes: 30 * GB }] });
  await makeGroup(service, admin.token, { name: "L", pools: [{ kind: "all", mode: "limited", limitBytes: 50 * GB }] });
  await makeUser(service, admin.token, { limitBytes: 60 * GB });
  const change = (pool: object) =>
    service.call("changeOrganization", { token: owner.token, params: { organization: id }, body: { pools: [pool] } });
  const refused = await change({ kind: "all", limitBytes: 89 * GB });
  expect([refused.code, refused.json.error.data.minimum]).toEqual(["limit/out-of-range", 90 * GB]);
  const allowed = (await change({ kind: "all", limitBytes: 90 * GB })).json;
  expect(allowed.pools.find(({ kind }: { kind: string }) => kind === "all").availableBytes).toBe(60 * GB);
  expect((await change({ kind: "desktop", devices: 0 })).json.error.data.minimum).toBe(1);
  expect((await change({ kind: "desktop", devices: 1 })).status).toBe(200);
  expect((await change({ kind: "all", devices: 5 })).code).toBe("request/malformed");
});

test("a suspended organization's people can't log in, and its data is kept", async () => {
  const service = await startTestService();
  const { admin, owner, id } = await makeOrganization(service);
  const user = await makeUser(service, admin.token);
  const set = (state: string) =>
    service.call("changeOrganization", { token: owner.token, params: { organization: id }, body: { state } });
  await set("suspended");
  expect((await service.call("ownOrganization", { token: admin.token })).code).toBe("organization/suspended");
  const login = { email: user.email, password: user.password };
  expect((await service.call("login", { body: login })).code).toBe("organization/suspended");
  expect((await service.call("login", { body: { ...login, password: "wrong" } })).code).toBe("login/wrong");
  await set("active");
  expect((await service.call("login", { body: login })).status).toBe(200);
});

test("an organization can be deleted when it is empty; its name, subdomain and log-ins are free then", async () => {
  const service = await startTestService();
  const { admin, owner, id } = await makeOrganization(service, { subdomain: "acme" });
  const user = await makeUser(service, admin.token);
  const remove = () => service.call("deleteOrganization", { token: owner.token, params: { organization: id } });
  expect((await remove()).json.error).toMatchObject({
    code: "organization/not-empty",
    data: { users: 1, machines: 0 },
  });
  const params = { user: user.id };
  await service.call("deleteUser", { token: admin.token, params });
  await service.call("purgeUser", { token: admin.token, params, body: { confirm: user.email } });
  expect((await remove()).status).toBe(200);
  expect((await remove()).code).toBe("organization/missing");
  expect((await service.call("ownOrganization", { token: admin.token })).code).toBe("token/invalid");
  const items = (await service.call("listOrganizations", { token: owner.token })).json.items;
  expect(items.map(({ name }: { name: string }) => name)).toEqual(["Home"]);
  const again = await makeOrganization(service, { subdomain: "acme", owner });
  expect((await makeUser(service, again.admin.token)).email).toBe(user.email);
});
