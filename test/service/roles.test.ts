/** Roles, admins, top-level admins, and acting as a user. */
import { expect, test } from "vitest";
import { addGroup } from "../../server-mock/domain/people/groups.ts";
import { logInAs, makeAdmin, makeOwner, makeRole, type Person } from "../support/logged-in.ts";
import { registerMachine } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

const firstAdmin = (service: TestService): Promise<Person> =>
  logInAs(service, service.first.admin.email, service.first.admin.password);

const organizationId = async (service: TestService): Promise<string> =>
  (await service.service.domain.records.organizations.findByName(service.first.organization))?.id ?? "";

async function group(service: TestService, name: string): Promise<string> {
  const { domain } = service.service;
  const organization = await organizationId(service);
  return (await domain.records.transaction((stores) => addGroup(domain, stores, { organization, name }))).id;
}

test("a role is made, seen, changed once by each version, and deleted when nobody has it", async () => {
  const service = await startTestService();
  const { token } = await firstAdmin(service);
  const id = await makeRole(service, token, { name: "Help desk", capabilities: ["users.view", "users.edit"] });
  const got = await service.call("getRole", { token, params: { role: id } });
  expect(got.json).toMatchObject({ name: "Help desk", groups: null, admins: 0, version: 1 });
  expect((await service.call("createRole", { token, body: { name: "Help desk", capabilities: [] } })).code).toBe(
    "role/exists",
  );
  const change = (body: object, version = '"1"') =>
    service.call("changeRole", { token, params: { role: id }, body, headers: { "if-match": version } });
  expect((await change({ name: "Desk" })).json).toMatchObject({ name: "Desk", version: 2 });
  expect((await change({ name: "Other" })).code).toBe("edit/conflict");
  const helper = await makeAdmin(service, token, { role: id });
  const remove = () => service.call("deleteRole", { token, params: { role: id } });
  expect((await remove()).code).toBe("role/in-use");
  expect((await service.call("deleteAdmin", { token, params: { admin: helper.id } })).status).toBe(200);
  expect((await service.call("listUsers", { token: helper.token })).code).toBe("token/invalid");
  expect((await remove()).status).toBe(200);
  expect((await service.call("getRole", { token, params: { role: id } })).code).toBe("role/missing");
});

test("nobody gives more than they have: no capability, no group, no admin above themselves", async () => {
  const service = await startTestService();
  const chief = await firstAdmin(service);
  const [mine, other] = [await group(service, "Mine"), await group(service, "Other")];
  const capabilities = ["roles.view", "roles.create", "roles.edit", "roles.delete", "users.view"] as const;
  const role = await makeRole(service, chief.token, { capabilities: [...capabilities], groups: [mine] });
  const { token, id } = await makeAdmin(service, chief.token, { role });
  const create = (body: object) => service.call("createRole", { token, body: { name: "x", ...body } });
  expect((await create({ capabilities: ["users.delete"], groups: [mine] })).code).toBe("role/exceeds");
  expect((await create({ capabilities: ["users.view"], groups: null })).code).toBe("role/exceeds");
  expect((await create({ capabilities: ["users.view"], groups: [other] })).code).toBe("role/exceeds");
  expect((await create({ capabilities: ["users.view"], groups: [mine] })).status).toBe(200);
  const admin = { email: "third@example.com", name: "Third", password: "third password" };
  expect((await service.call("createAdmin", { token, body: admin })).code).toBe("role/exceeds");
  const wide = await makeRole(service, chief.token, { name: "Wide", capabilities: ["users.view"], groups: null });
  expect((await service.call("createAdmin", { token, body: { ...admin, role: wide } })).code).toBe("role/missing");
  const more = { capabilities: [...capabilities, "users.delete"] };
  expect((await service.call("changeRole", { token, params: { role }, body: more })).code).toBe("role/exceeds");
  expect((await service.call("changeAdmin", { token, params: { admin: id }, body: { role: null } })).code).toBe(
    "role/exceeds",
  );
  const seen = (await service.call("listAdmins", { token })).json.items;
  expect(seen.map((each: Person) => each.email)).toEqual(["second@example.com"]);
});

test("nobody changes an admin who may do more", async () => {
  const service = await startTestService();
  const chief = await firstAdmin(service);
  const role = await makeRole(service, chief.token, { capabilities: ["roles.view", "roles.edit", "roles.delete"] });
  const { token } = await makeAdmin(service, chief.token, { role });
  const params = { admin: chief.id };
  expect((await service.call("changeAdmin", { token, params, body: { password: "mine, now" } })).code).toBe(
    "role/exceeds",
  );
  expect((await service.call("deleteAdmin", { token, params })).code).toBe("role/exceeds");
  expect((await service.call("removeAdminSecondFactor", { token, params })).code).toBe("role/exceeds");
});

test("when a maker's role shrinks, so does what it gave, at once", async () => {
  const service = await startTestService();
  const chief = await firstAdmin(service);
  const capabilities = ["roles.view", "roles.create", "users.view", "keys.view"] as const;
  const parent = await makeRole(service, chief.token, { name: "Parent", capabilities: [...capabilities] });
  const maker = await makeAdmin(service, chief.token, { role: parent });
  const child = await makeRole(service, maker.token, { name: "Child", capabilities: ["users.view", "keys.view"] });
  const helper = await makeAdmin(service, maker.token, { email: "helper@example.com", role: child });
  expect((await service.call("listProductKeys", { token: helper.token })).status).toBe(200);
  const shrink = { capabilities: ["users.view"] };
  await service.call("changeRole", { token: chief.token, params: { role: parent }, body: shrink });
  expect((await service.call("listProductKeys", { token: helper.token })).code).toBe("role/not-allowed");
  expect((await service.call("listUsers", { token: helper.token })).status).toBe(200);
  const seen = await service.call("getRole", { token: chief.token, params: { role: child } });
  expect(seen.json).toMatchObject({
    capabilities: ["users.view", "keys.view"],
    effective: { capabilities: ["users.view"] },
  });
  // Whoever removes the maker does not give back what was lost.
  await service.call("deleteAdmin", { token: chief.token, params: { admin: maker.id } });
  expect((await service.call("listProductKeys", { token: helper.token })).code).toBe("role/not-allowed");
  expect((await service.call("listUsers", { token: helper.token })).status).toBe(200);
});

test("the last admin with all rights can't be removed, suspended or limited; the last top-level admin neither", async () => {
  const service = await startTestService();
  const chief = await firstAdmin(service);
  const owner = await makeOwner(service);
  const role = await makeRole(service, chief.token, { capabilities: [] });
  const refused = async (body: object) =>
    (await service.call("changeAdmin", { token: chief.token, params: { admin: chief.id }, body })).code;
  expect([await refused({ state: "suspended" }), await refused({ role })]).toEqual(["admin/last", "admin/last"]);
  const remove = () => service.call("deleteAdmin", { token: owner.token, params: { admin: chief.id } });
  expect((await remove()).code).toBe("admin/last");
  const second = await makeAdmin(service, chief.token);
  expect((await remove()).status).toBe(200);
  expect((await service.call("listAdmins", { token: second.token })).json.items).toHaveLength(1);
  const params = { owner: owner.id };
  expect((await service.call("deleteOwner", { token: owner.token, params })).code).toBe("admin/last");
  const body = { email: "two@example.com", name: "Two", password: "two passwords" };
  expect((await service.call("createOwner", { token: owner.token, body })).json.organization).toBe(null);
  expect((await service.call("listOwners", { token: owner.token })).json.items).toHaveLength(2);
  const renamed = await service.call("changeOwner", { token: owner.token, params, body: { name: "One" } });
  expect(renamed.json.name).toBe("One");
  expect((await service.call("deleteOwner", { token: owner.token, params })).status).toBe(200);
  expect((await service.call("createOwner", { token: second.token, body })).code).toBe("role/not-allowed");
});

test("a deleted admin's e-mail address can be used again", async () => {
  const service = await startTestService();
  const { token } = await firstAdmin(service);
  const once = await makeAdmin(service, token);
  await service.call("deleteAdmin", { token, params: { admin: once.id } });
  expect((await makeAdmin(service, token)).id).not.toBe(once.id);
});

test("Log in as User needs a subdomain, shows what the user sees, and nothing of the backups", async () => {
  const service = await startTestService();
  const chief = await firstAdmin(service);
  const machine = await registerMachine(service);
  const user = await logInAs(service, service.first.user.email, service.first.user.password);
  const act = () => service.call("actAs", { token: chief.token, params: { user: user.id } });
  expect((await act()).code).toBe("organization/no-subdomain");
  await service.service.domain.records.organizations.change(await organizationId(service), { subdomain: "home" });
  const acted = (await act()).json;
  const { token } = acted;
  expect(new Date(acted.expiresAt).getTime()).toBe(service.clock.now() + 3600_000);
  expect((await service.call("listMachines", { token })).json.items).toHaveLength(1);
  expect((await machine.restore(token)).code).toBe("role/not-allowed");
  for (const [name, options] of [
    ["prove", { body: { password: service.first.user.password } }],
    ["enrolSecondFactor", {}],
    ["removeSecondFactor", {}],
    ["endOtherLogIns", {}],
    ["recover", { body: {} }],
  ] as const)
    expect((await service.call(name, { token, ...options })).code, name).toBe("login/in-person");
  expect((await service.call("actAs", { token, params: { user: user.id } })).code).toBe("role/not-allowed");
  service.clock.advance(3600_000);
  expect((await service.call("listMachines", { token })).code).toBe("token/invalid");
});

test("the user sees who acted in its name, and what others did to it", async () => {
  const service = await startTestService();
  const chief = await firstAdmin(service);
  const user = await logInAs(service, service.first.user.email, service.first.user.password);
  await service.service.domain.records.organizations.change(await organizationId(service), { subdomain: "home" });
  await service.call("actAs", { token: chief.token, params: { user: user.id } });
  await service.call("changeUser", { token: chief.token, params: { user: user.id }, body: { name: "Renamed" } });
  const { items } = (await service.call("listActivity", { token: user.token })).json;
  expect(items.slice(0, 2).map(({ action, actor }: { action: string; actor: string }) => [action, actor])).toEqual([
    ["users/change", chief.email],
    ["users/act-as", chief.email],
  ]);
  const logIns = (await service.call("listLogIns", { token: user.token })).json.items;
  expect(logIns[0]).toMatchObject({ actor: chief.email });
  expect((await service.call("listActivity", { token: chief.token })).json.items).toEqual([]);
});

test("acting ends when the admin may not act any more", async () => {
  const service = await startTestService();
  const chief = await firstAdmin(service);
  await service.service.domain.records.organizations.change(await organizationId(service), { subdomain: "home" });
  const role = await makeRole(service, chief.token, { capabilities: ["users.view", "users.act-as"] });
  const helper = await makeAdmin(service, chief.token, { role });
  const user = await logInAs(service, service.first.user.email, service.first.user.password);
  const { token } = (await service.call("actAs", { token: helper.token, params: { user: user.id } })).json;
  expect((await service.call("listMachines", { token })).status).toBe(200);
  const body = { capabilities: ["users.view"] };
  await service.call("changeRole", { token: chief.token, params: { role }, body });
  expect((await service.call("listMachines", { token })).code).toBe("token/invalid");
});

test("no form makes an admin without a fresh proof, or by an API token", async () => {
  const service = await startTestService();
  const { token } = await firstAdmin(service);
  const capabilities = ["users.view", "users.create", "users.edit", "roles.create"];
  const api = (await service.call("createApiToken", { token, body: { name: "script", capabilities } })).json.token;
  const account = { login: "chief.two", email: "two@example.com", administrator: true };
  const create = async (by: string) => (await service.call("createAccount", { token: by, body: account })).code;
  expect(await create(api)).toBe("login/in-person");
  service.clock.advance(5 * 60_000);
  expect(await create(token)).toBe("login/prove-again");
  const user = await logInAs(service, service.first.user.email, service.first.user.password);
  const change = async (by: string, body: object) =>
    (await service.call("changeAccount", { token: by, params: { account: user.id }, body })).code;
  expect(await change(token, { administrator: true })).toBe("login/prove-again");
  expect(await change(token, { email: "mine@example.com" })).toBe("login/prove-again");
  expect(await change(api, { administrator: true })).toBe("login/in-person");
});
