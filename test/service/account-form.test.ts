import { expect, test } from "vitest";
import { makeAdmin, makeRole } from "../support/logged-in.ts";
import { mailsTo, makeOrganization, makeUser, newestSecret } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

const FORM = { login: "jo", email: "office@acme.example", firstName: "Jo", lastName: "Doe" };

async function started() {
  const service = await startTestService();
  const organization = await makeOrganization(service);
  const { token } = organization.admin;
  const add = (more: object = {}) => service.call("createAccount", { token, body: { ...FORM, ...more } });
  return { service, organization, token, add };
}

async function activate(service: TestService, email: string, password = "chosen password") {
  const body = { secret: await newestSecret(service, email), password };
  const { status } = await service.call("activate", { body });
  expect(status).toBe(200);
  return password;
}

test("an account is inactive until its activation mail is followed, then active", async () => {
  const { service, token, add } = await started();
  const made = await add();
  expect(made.json).toMatchObject({
    ...FORM,
    name: "Jo Doe",
    state: "inactive",
    administrator: false,
    agentAutoUpdate: true,
    locations: "local-and-cloud",
    notifications: "less",
    businessNotifications: true,
    storage: { limitBytes: null, overageBytes: null, state: "below" },
    quotas: { mailboxes: { used: 0, limit: null, overage: null, state: "below" } },
  });
  expect(await mailsTo(service, FORM.email)).toMatchObject([{ letter: "activation", account: made.json.id }]);
  const password = await activate(service, FORM.email);
  const seen = await service.call("getAccountForm", { token, params: { account: made.json.id } });
  expect(seen.json).toMatchObject({ state: "active", allowed: { limitBytes: { minimum: 0, maximum: null } } });
  expect((await service.call("login", { body: { email: "JO", password } })).json.account.id).toBe(made.json.id);
  expect((await service.call("login", { body: { email: FORM.email, password } })).code).toBe("login/wrong");
});

test("a log-in name is unique over all organizations; an e-mail address may be shared", async () => {
  const { service, organization, add } = await started();
  const other = await makeOrganization(service, { name: "other", owner: organization.owner });
  expect((await add()).status).toBe(200);
  const taken = await service.call("createAccount", { token: other.admin.token, body: { ...FORM, login: "JO" } });
  expect([taken.status, taken.code]).toEqual([409, "account/exists"]);
  expect((await add({ login: "jane" })).status).toBe(200);
  expect((await add({ login: "two words" })).code).toBe("request/malformed");
  expect((await add({ login: "x", email: undefined })).code).toBe("request/malformed");
});

test("the organization is chosen by a top-level admin only, and the form must be on there", async () => {
  const { service, organization, token, add } = await started();
  const other = await makeOrganization(service, { name: "other", owner: organization.owner });
  expect((await add({ organization: other.id })).code).toBe("organization/missing");
  const chosen = { token: organization.owner.token, body: { ...FORM, organization: other.id } };
  const made = await service.call("createAccount", chosen);
  expect(made.json.organization).toBe(other.id);
  const params = { account: made.json.id };
  expect((await service.call("getAccountForm", { token, params })).code).toBe("account/missing");
  expect((await service.call("listAccounts", { token })).json.items).toEqual([]);
  const listed = { token: organization.owner.token, query: { organization: other.id } };
  expect((await service.call("listAccounts", listed)).json.items).toHaveLength(1);
  await service.call("changeOwnOrganization", { token, body: { settings: { accountForm: false } } });
  expect((await add()).code).toBe("accounts/not-offered");
});

test("an administrator of the form has all rights, and is made only by whoever has them", async () => {
  const { service, token, add } = await started();
  await add({ administrator: true });
  const password = await activate(service, FORM.email);
  const boss = (await service.call("login", { body: { email: "jo", password } })).json;
  expect(boss.account.role).toBe("admin");
  expect((await service.call("listUsers", { token: boss.token })).status).toBe(200);
  const role = await makeRole(service, token, {
    capabilities: ["users.view", "users.create", "users.edit", "roles.create"],
  });
  const lesser = await makeAdmin(service, token, { email: "lesser@acme.example", role });
  const body = { ...FORM, login: "eve", administrator: true };
  expect((await service.call("createAccount", { token: lesser.token, body })).code).toBe("role/exceeds");
  const edit = { token: lesser.token, params: { account: boss.account.id }, body: { email: "mine@acme.example" } };
  expect((await service.call("changeAccount", edit)).code).toBe("role/exceeds");
  const demote = { token, params: { account: boss.account.id }, body: { administrator: false } };
  expect((await service.call("changeAccount", demote)).json.administrator).toBe(false);
  expect((await service.call("listUsers", { token: boss.token })).code).toBe("token/invalid");
});

test("whoever is made an administrator logs in anew; what others do in its name ends", async () => {
  const { service, token, add } = await started();
  await service.call("changeOwnOrganization", { token, body: { subdomain: "acme-form" } });
  const { id } = (await add()).json;
  const password = await activate(service, FORM.email);
  const before = (await service.call("login", { body: { email: "jo", password, for: "restore" } })).json.token;
  const role = await makeRole(service, token, { capabilities: ["users.view", "users.act-as"] });
  const helper = await makeAdmin(service, token, { email: "helper@acme.example", role });
  const acting = (await service.call("actAs", { token: helper.token, params: { user: id } })).json.token;
  expect((await service.call("listMachines", { token: acting })).status).toBe(200);
  const promote = { token, params: { account: id }, body: { administrator: true } };
  expect((await service.call("changeAccount", promote)).status).toBe(200);
  for (const old of [before, acting])
    expect((await service.call("listUsers", { token: old })).code).toBe("token/invalid");
});

test("with a new address the links that lie in the old mailbox end, and an inactive account gets another", async () => {
  const { service, token, add } = await started();
  const { id } = (await add()).json;
  const secret = await newestSecret(service, FORM.email);
  const move = { token, params: { account: id }, body: { email: "right@acme.example" } };
  expect((await service.call("changeAccount", move)).status).toBe(200);
  const old = await service.call("activate", { body: { secret, password: "chosen password" } });
  expect(old.code).toBe("link/invalid");
  await activate(service, "right@acme.example");
});

test("every field can be changed, against the version that was seen", async () => {
  const { service, token, add } = await started();
  const { json } = await add();
  const change = (body: object, headers = {}) =>
    service.call("changeAccount", { token, params: { account: json.id }, body, headers });
  const fields = {
    ...{ login: "joan", email: "new@acme.example", firstName: "Joan", lastName: null, agentAutoUpdate: false },
    ...{ locations: "cloud-only", notifications: "off", businessNotifications: false },
  };
  const changed = await change({ ...fields, limitBytes: 9, overageBytes: 1 }, { "if-match": '"1"' });
  expect(changed.json).toMatchObject({
    ...fields,
    name: "Joan",
    version: 2,
    storage: { limitBytes: 9, overageBytes: 1 },
  });
  expect((await change({ lastName: "D." }, { "if-match": '"1"' })).code).toBe("edit/conflict");
  const quotas = { servers: { limit: 3, overage: null } };
  const counted = (await change({ quotas })).json.quotas;
  expect(counted).toMatchObject({ servers: { limit: 3, overage: null }, workstations: { limit: null } });
});

test("a count with an overage is hard: beyond both no machine is added; colours say below, reached, exceeded", async () => {
  const { service, token, add } = await started();
  const { json } = await add({ quotas: { workstations: { limit: 1, overage: 1 }, servers: { limit: 0, overage: 0 } } });
  const person = { email: "jo", password: await activate(service, FORM.email) };
  const quotas = async () =>
    (await service.call("getAccountForm", { token, params: { account: json.id } })).json.quotas;
  const states: string[] = [];
  for (const name of ["one", "two"]) {
    states.push((await quotas()).workstations.state);
    await addMachine(service, person, { name });
  }
  states.push((await quotas()).workstations.state);
  expect(states).toEqual(["below", "reached", "exceeded"]);
  await expect(addMachine(service, person, { name: "three" })).rejects.toThrow("device/quota-exceeded");
  await expect(addMachine(service, person, { name: "srv", kind: "server" })).rejects.toThrow("device/quota-exceeded");
  const virtual = await addMachine(service, person, { name: "vm", virtual: true });
  expect((await quotas()).virtualMachines).toEqual({ used: 1, limit: null, overage: null, state: "below" });
  await service.call("deleteMachine", { token, params: { machine: virtual.id } });
  expect((await quotas()).virtualMachines.used).toBe(0);
});

test("a count without an overage is soft: whoever must know is told, and nobody is stopped", async () => {
  const { service, organization, add } = await started();
  await add({ quotas: { workstations: { limit: 1, overage: null } } });
  const person = { email: "jo", password: await activate(service, FORM.email) };
  for (const name of ["one", "two", "three"]) await addMachine(service, person, { name });
  const told = async (email: string) =>
    (await mailsTo(service, email)).map(({ letter }) => letter).filter((letter) => letter.startsWith("count-"));
  expect(await told(organization.admin.email)).toEqual(["count-exceeded", "count-exceeded", "count-reached"]);
  expect(await told(FORM.email)).toEqual(["count-exceeded", "count-exceeded", "count-reached"]);
});

test("without business notifications only the administrators are told", async () => {
  const { service, organization, add } = await started();
  await add({ quotas: { workstations: { limit: 0, overage: null } }, businessNotifications: false });
  const person = { email: "jo", password: await activate(service, FORM.email) };
  await addMachine(service, person);
  const letters = async (email: string) => (await mailsTo(service, email)).map(({ letter }) => letter);
  expect(await letters(organization.admin.email)).toContain("count-exceeded");
  expect(await letters(FORM.email)).not.toContain("count-exceeded");
});

test("a soft storage quota lets backups go on beyond it, a hard one ends at quota and overage", async () => {
  const { service, token, add } = await started();
  const { json } = await add({ limitBytes: 10, overageBytes: null });
  const person = { email: "jo", password: await activate(service, FORM.email) };
  const machine = await addMachine(service, person);
  await machine.backUp();
  const params = { account: json.id };
  const { storage } = (await service.call("getAccountForm", { token, params })).json;
  expect(storage).toMatchObject({ limitBytes: 10, overageBytes: null, state: "exceeded" });
  const hard = { limitBytes: storage.usedBytes, overageBytes: 1 };
  expect((await service.call("changeAccount", { token, params, body: hard })).json.storage.state).toBe("reached");
  await machine.open();
  const { dataPack } = await import("../support/test-machine.ts");
  const refused = await machine.put(dataPack(machine.vault.id));
  expect([refused.code, refused.json.error.data.limit]).toEqual(["quota/exceeded", storage.usedBytes + 1]);
});

test("accounts of the form and users are in one list, and of both kinds administrators stay apart", async () => {
  const { service, token, add } = await started();
  await add();
  await add({ login: "boss", administrator: true });
  await makeUser(service, token);
  const logins = (await service.call("listAccounts", { token })).json.items.map(
    ({ login }: { login: string }) => login,
  );
  expect(logins).toEqual(["ann@acme.example", "boss", "jo"]);
});
