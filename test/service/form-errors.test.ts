/** A refusal names the field of the form that it is about, and a form can know the range before it is sent. */
import { expect, test } from "vitest";
import type { RouteName } from "../../protocol/routes.ts";
import { GB, makeGroup, makeOrganization, makeUser } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";
import { startTestService } from "../support/test-service.ts";

async function started() {
  const service = await startTestService();
  const acme = await makeOrganization(service, { limitBytes: 100 * GB });
  const { token } = acme.admin;
  const refused = async (name: RouteName, body: object, params = {}, by = token) => {
    const { code, json } = await service.call(name, { token: by, body, params });
    return [code, json.error?.data.field];
  };
  return { service, acme, token, refused };
}

test("what a schema refuses is told with all its places", async () => {
  const { service, token } = await started();
  const body = { email: "no address", name: "", password: "x", limitBytes: -1, odd: 1 };
  const { json } = await service.call("createUser", { token, body });
  expect(json.error).toMatchObject({ code: "request/malformed", data: { field: "email" } });
  expect(json.error.data.fields).toEqual(["email", "name", "limitBytes", "odd"]);
  expect(json.error.data.reasons).toHaveLength(4);
  const deep = { users: [{ name: "A", email: "a@acme.example" }, { name: "B" }], kind: "desktop" };
  expect((await service.call("createUsers", { token, body: deep })).json.error.data.field).toBe("users.1.email");
  const query = { limit: 0 };
  expect((await service.call("listUsers", { token, query })).json.error.data.field).toBe("limit");
});

test("what a rule refuses is told beside its field", async () => {
  const { service, acme, token, refused } = await started();
  const ann = await makeUser(service, token, { desktopDevices: 2 });
  const user = { user: ann.id };
  const owner = acme.owner.token;
  const organization = { organization: acme.id };
  expect(await refused("changeUser", { limitBytes: 200 * GB }, user)).toEqual(["limit/out-of-range", "limitBytes"]);
  expect(await refused("changeUser", { email: ann.email }, user)).toEqual(["email/same", "email"]);
  expect(await refused("changeUser", { email: acme.admin.email }, user)).toEqual(["account/exists", "email"]);
  expect(await refused("changeUser", { installRegion: "Mars" }, user)).toEqual(["region/unknown", "installRegion"]);
  expect(await refused("changeUser", { sync: true }, user)).toEqual(["sync/not-offered", "sync"]);
  expect(await refused("changeUser", { password: "short" }, user)).toEqual(["password/too-short", "password"]);
  const temporary = { password: "long enough", temporary: true };
  expect(await refused("changeUser", temporary, user)).toEqual(["subdomain/needed", "temporary"]);
  const nobody = { group: crypto.randomUUID() };
  expect(await refused("changeUser", nobody, user)).toEqual(["group/missing", "group"]);
  const limits = { pools: [{ kind: "all" }, { kind: "desktop", devices: 1 }] };
  expect(await refused("changeOrganization", limits, organization, owner)).toEqual([
    "limit/out-of-range",
    "pools.1.devices",
  ]);
  await service.call("changeOrganization", {
    token: owner,
    params: organization,
    body: { pools: [{ kind: "desktop", devices: 3 }] },
  });
  expect(await refused("changeUser", { desktopDevices: 9 }, user)).toEqual(["device/none-free", "desktopDevices"]);
  expect(await refused("changeOwnOrganization", { subdomain: "www" })).toEqual(["subdomain/reserved", "subdomain"]);
  const logIn = { settings: { usersLogIn: true } };
  expect(await refused("changeOwnOrganization", logIn)).toEqual(["subdomain/needed", "settings.usersLogIn"]);
  await makeGroup(service, token, { name: "Sales" });
  expect(await refused("createGroup", { name: "Sales" })).toEqual(["group/exists", "name"]);
  const large = { name: "Large", pools: [{ kind: "all", mode: "limited", limitBytes: 900 * GB }] };
  expect(await refused("createGroup", large)).toEqual(["limit/out-of-range", "pools.0.limitBytes"]);
  expect(await refused("createRole", { name: "R", capabilities: [], groups: [crypto.randomUUID()] })).toEqual([
    "group/missing",
    "groups",
  ]);
  const again = { password: "wrong password", newPassword: "another password" };
  expect(await refused("changeOwnPassword", again)).toEqual(["login/wrong", "password"]);
  const same = { password: acme.admin.password, newPassword: acme.admin.password };
  expect(await refused("changeOwnPassword", same)).toEqual(["password/same", "newPassword"]);
  const admin = { email: ann.email, name: "A", password: "long enough" };
  expect(await refused("createOrganization", { name: "other", admin }, {}, owner)).toEqual([
    "account/exists",
    "admin.email",
  ]);
  const account = { login: acme.admin.email, email: "x@acme.example" };
  expect(await refused("createAccount", account)).toEqual(["account/exists", "login"]);
  expect(await refused("createWebhook", { url: "https://127.0.0.1/" })).toEqual(["webhook/refused", "url"]);
});

test("a refusal that is about nothing in the request names no field", async () => {
  const { refused } = await started();
  expect(await refused("changeUser", { name: "N" }, { user: crypto.randomUUID() })).toEqual([
    "user/missing",
    undefined,
  ]);
});

test("each row of Add New User says its field", async () => {
  const { service, token } = await started();
  const users = [
    { name: "", email: "a@acme.example" },
    { name: "B", email: "none" },
    { name: "C", email: "chief@acme.example" },
  ];
  const fields = async (more: object) =>
    (await service.call("createUsers", { token, body: { kind: "desktop", users, ...more } })).json.rows.map(
      (row: { error: { field: string } }) => row.error.field,
    );
  expect(await fields({})).toEqual(["name", "email", "email"]);
  expect(await fields({ limitBytes: 900 * GB, users: [{ name: "D", email: "d@acme.example" }] })).toEqual([
    "limitBytes",
  ]);
});

test("what limits may be is told before, and holds to the byte", async () => {
  const { service, acme, token } = await started();
  const owner = acme.owner.token;
  const organization = { organization: acme.id };
  const pools = [{ kind: "desktop", devices: 10 }];
  await service.call("changeOrganization", { token: owner, params: organization, body: { pools } });
  const group = await makeGroup(service, token, { name: "Sales" });
  const user = await makeUser(service, token, { group, limitBytes: 30 * GB, desktopDevices: 4 });
  const details = (await service.call("getGroup", { token, params: { group } })).json;
  expect(details.allowed.pools[0]).toEqual({
    kind: "all",
    limited: { minimum: 30 * GB, maximum: 100 * GB },
    assigned: { minimum: 30 * GB, maximum: 100 * GB },
    fitsShared: true,
    fitsNone: false,
    devices: null,
  });
  expect(details.allowed.pools[1].devices).toEqual({ minimum: 4, maximum: 10 });
  expect(details.allowed.newUser).toEqual({
    limitBytes: { desktop: { minimum: 0, maximum: 100 * GB }, server: { minimum: 0, maximum: 100 * GB } },
    devices: { desktop: { minimum: 0, maximum: 6 }, server: { minimum: 0, maximum: null } },
  });
  const change = async (limitBytes: number) => {
    const body = { pools: [{ kind: "all", mode: "limited", limitBytes }] };
    return (await service.call("changeGroup", { token, params: { group }, body })).code;
  };
  const { minimum, maximum } = details.allowed.pools[0].limited;
  for (const beyond of [minimum - 1, maximum + 1]) expect(await change(beyond)).toBe("limit/out-of-range");
  for (const end of [minimum, maximum]) expect(await change(end)).toBeUndefined();
  const own = (await service.call("ownOrganization", { token })).json.allowed.pools;
  expect(own[0]).toEqual({ kind: "all", limitBytes: { minimum: 100 * GB, maximum: null }, devices: null });
  expect(own[1].devices).toEqual({ minimum: 4, maximum: null });
  const panel = (await service.call("getUser", { token, params: { user: user.id } })).json.allowed;
  expect(panel).toEqual({
    limitBytes: { minimum: 0, maximum: 100 * GB },
    desktopDevices: { minimum: 0, maximum: 10 },
    serverDevices: { minimum: 0, maximum: null },
  });
  const account = await service.call("createAccount", { token, body: { login: "form", email: "f@acme.example" } });
  const form = (await service.call("getAccountForm", { token, params: { account: account.json.id } })).json;
  expect(form.allowed).toEqual({ limitBytes: { minimum: 0, maximum: 100 * GB } });
});

test("in the list of one user's machines each says what it may still store and what its limit may be", async () => {
  const { service, token } = await started();
  const user = await makeUser(service, token, { limitBytes: 30 * GB, desktopDevices: 4 });
  const [first, second] = [
    await addMachine(service, user, { name: "a" }),
    await addMachine(service, user, { name: "b" }),
  ];
  await service.call("changeMachine", { token, params: { machine: first.id }, body: { limitBytes: 5 * GB } });
  await first.backUp();
  const { usedBytes } = (await service.call("getMachine", { token, params: { machine: first.id } })).json.quota;
  const list = async (query: Record<string, string>) =>
    (await service.call("listMachines", { token, query: { sort: "machine", ...query } })).json.items;
  expect(await list({ user: user.id })).toMatchObject([
    {
      id: first.id,
      room: { availableBytes: 5 * GB - usedBytes, limitRange: { minimum: usedBytes, maximum: 30 * GB } },
    },
    { id: second.id, room: { availableBytes: 30 * GB - usedBytes, limitRange: { minimum: 0, maximum: 30 * GB } } },
  ]);
  expect((await list({}))[0]).toMatchObject({ room: null, shown: { storageUsed: expect.stringMatching(/B$/) } });
});
