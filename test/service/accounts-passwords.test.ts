import { expect, test } from "vitest";
import { answerResets } from "../../server-mock/domain/access/reset-requests.ts";
import { logInAs } from "../support/logged-in.ts";
import { mailsTo, makeOrganization, makeUser, newestSecret, type TestOrganization } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";
import { startTestService, type TestService, type TestServiceOptions } from "../support/test-service.ts";

const DAY_MS = 24 * 3_600_000;

async function started(options: TestServiceOptions = {}, usersLogIn = true) {
  const service = await startTestService(options);
  const settings = { usersLogIn };
  const organization = await makeOrganization(service, { subdomain: "acme", settings });
  return { service, organization, token: organization.admin.token };
}

/** Inactive, with instructions on their way. */
async function invite(service: TestService, { admin }: TestOrganization, email = "ann@acme.example"): Promise<string> {
  const body = { kind: "desktop", users: [{ name: "Ann", email }] };
  const { json } = await service.call("createUsers", { token: admin.token, body });
  return json.rows[0].user.id;
}

const activate = async (service: TestService, secret: string, password = "chosen password") =>
  await service.call("activate", { body: { secret, password } });

async function askReset(service: TestService, login: string, organization?: string): Promise<void> {
  const { status, json } = await service.call("requestPasswordReset", { body: { login, organization } });
  expect([status, json]).toEqual([200, {}]);
  await answerResets(service.service.domain);
}

const letters = async (service: TestService, to: string) => (await mailsTo(service, to)).map(({ letter }) => letter);

test("an invited user chooses a password with the link of the mail, once, within seven days", async () => {
  const { service, organization, token } = await started();
  const user = await invite(service, organization);
  const login = { email: "ann@acme.example", password: "chosen password" };
  expect((await service.call("login", { body: login })).code).toBe("login/wrong");
  const [mail] = await mailsTo(service, login.email);
  expect(mail?.text).toMatch(/\/o\/acme\/activate#[\w-]{43}/);
  const secret = await newestSecret(service, login.email);
  expect((await activate(service, secret, "short")).code).toBe("password/too-short");
  const chosen = await activate(service, secret);
  expect(chosen.json).toEqual({ login: login.email, logInUrl: expect.stringMatching(/\/o\/acme$/) });
  expect((await activate(service, secret, "another one")).code).toBe("link/invalid");
  expect((await service.call("getUser", { token, params: { user } })).json).toMatchObject({
    state: "active",
    mustActivate: false,
  });
  expect((await logInAs(service, login.email, login.password)).id).toBe(user);

  await invite(service, organization, "late@acme.example");
  const late = await newestSecret(service, "late@acme.example");
  service.clock.advance(7 * DAY_MS);
  expect((await activate(service, late)).code).toBe("link/invalid");
});

test("a link is kept as its hash, is good for its purpose only, and a newer one ends it", async () => {
  const { service, organization, token } = await started();
  const user = await invite(service, organization);
  const first = await newestSecret(service, "ann@acme.example");
  const reset = await service.call("resetPassword", { body: { secret: first, password: "chosen password" } });
  expect(reset.code).toBe("link/invalid");
  expect((await service.call("sendActivation", { token, params: { user } })).status).toBe(200);
  const second = await newestSecret(service, "ann@acme.example");
  expect(second).not.toBe(first);
  expect((await activate(service, first)).code).toBe("link/invalid");
  expect((await activate(service, second)).status).toBe(200);
  expect((await service.call("sendActivation", { token, params: { user } })).code).toBe("user/activated");
  for (const wrong of ["", "x", "A".repeat(43)])
    expect((await activate(service, wrong)).status).toBeGreaterThanOrEqual(400);
});

test("Allow Re-Activation takes the password away: it fails as a wrong one until the user has chosen another by mail", async () => {
  const { service, token } = await started();
  const user = await makeUser(service, token);
  const machine = await addMachine(service, user);
  const session = await logInAs(service, user.email, user.password);
  const params = { user: user.id };
  const changed = await service.call("allowReactivation", { token, params, body: {} });
  expect(changed.json).toMatchObject({ state: "inactive", mustActivate: true });
  const body = { email: user.email, password: user.password };
  expect((await service.call("login", { body })).code).toBe("login/wrong");
  expect((await service.call("listMachines", { token: session.token })).code).toBe("token/invalid");
  expect(await letters(service, user.email)).toEqual(["activation"]);
  expect((await machine.open()).status).toBe(200);
  await activate(service, await newestSecret(service, user.email), "second password");
  expect((await service.call("login", { body })).code).toBe("login/wrong");
  expect((await logInAs(service, user.email, "second password")).id).toBe(user.id);
});

test("Expire Mobile Access ends the user's log-ins, not its machines", async () => {
  const { service, token } = await started();
  const user = await makeUser(service, token);
  const machine = await addMachine(service, user);
  const session = await logInAs(service, user.email, user.password);
  expect((await service.call("expireMobileAccess", { token, params: { user: user.id } })).status).toBe(200);
  expect((await service.call("listMachines", { token: session.token })).code).toBe("token/invalid");
  expect((await machine.open()).status).toBe(200);
  expect((await logInAs(service, user.email, user.password)).id).toBe(user.id);
});

test("a forgotten password: the answer is the same for everybody, the mail goes to whoever logs in there", async () => {
  const { service, organization, token } = await started();
  const user = await makeUser(service, token);
  await askReset(service, "nobody@acme.example", "acme");
  await askReset(service, user.email);
  await askReset(service, organization.admin.email, "other");
  expect([await letters(service, user.email), await letters(service, "nobody@acme.example")]).toEqual([[], []]);
  await askReset(service, "ANN@acme.example", "acme");
  await askReset(service, organization.admin.email);
  expect(await letters(service, user.email)).toEqual(["password-reset"]);
  expect(await letters(service, organization.admin.email)).toEqual(["password-reset"]);

  const session = await logInAs(service, user.email, user.password);
  const secret = await newestSecret(service, user.email);
  expect((await activate(service, secret)).code).toBe("link/invalid");
  const reset = () => service.call("resetPassword", { body: { secret, password: "second password" } });
  expect((await reset()).status).toBe(200);
  expect((await reset()).code).toBe("link/invalid");
  expect((await service.call("listMachines", { token: session.token })).code).toBe("token/invalid");
  expect((await logInAs(service, user.email, "second password")).id).toBe(user.id);
});

test("a reset link is good for an hour, and asking again and again sends one mail", async () => {
  const { service, token } = await started();
  const user = await makeUser(service, token);
  for (let count = 0; count < 5; count++) await askReset(service, user.email, "acme");
  expect(await letters(service, user.email)).toEqual(["password-reset"]);
  const first = await newestSecret(service, user.email);
  service.clock.advance(3_600_000);
  const late = await service.call("resetPassword", { body: { secret: first, password: "second password" } });
  expect(late.code).toBe("link/invalid");
  await askReset(service, user.email, "acme");
  expect(await letters(service, user.email)).toEqual(["password-reset", "password-reset"]);
});

test("users of an organization that doesn't let them log in, and suspended ones, reset nothing", async () => {
  const { service, token } = await started({}, false);
  const user = await makeUser(service, token);
  await askReset(service, user.email, "acme");
  const other = await makeUser(service, token, { email: "bob@acme.example" });
  await service.call("changeOwnOrganization", { token, body: { settings: { usersLogIn: true } } });
  await service.call("changeUser", { token, params: { user: other.id }, body: { state: "suspended" } });
  await askReset(service, other.email, "acme");
  expect([...(await letters(service, user.email)), ...(await letters(service, other.email))]).toEqual([]);
});

test("a temporary password is good for choosing another one, and needs a subdomain", async () => {
  const { service, token } = await started();
  const user = await makeUser(service, token);
  const set = (by: string, id: string, body: object) =>
    service.call("changeUser", { token: by, params: { user: id }, body });
  expect((await set(token, user.id, { password: "temporary 1", temporary: true })).status).toBe(200);
  expect(await letters(service, user.email)).toEqual(["temporary-password"]);
  expect((await mailsTo(service, user.email))[0]?.text).not.toContain("temporary 1");
  await expect(addMachine(service, { email: user.email, password: "temporary 1" })).rejects.toThrow(
    "password/must-change",
  );
  const body = { email: user.email, password: "temporary 1", for: "console", organization: "acme" };
  const limited = (await service.call("login", { body })).json;
  expect(limited.limitedTo).toBe("password");
  expect((await service.call("listMachines", { token: limited.token })).code).toBe("password/must-change");
  const change = (password: string, newPassword: string) =>
    service.call("changeOwnPassword", { token: limited.token, body: { password, newPassword } });
  expect((await change("temporary 1", "temporary 1")).code).toBe("password/same");
  expect((await change("wrong", "my own password")).code).toBe("login/wrong");
  expect((await change("temporary 1", "my own password")).json).toEqual({ logInAgain: true });
  expect((await service.call("login", { body: { ...body, password: "my own password" } })).json.limitedTo).toBeNull();

  const other = await makeOrganization(service, { name: "other", owner: await ownerOf(service) });
  const bob = await makeUser(service, other.admin.token, { email: "bob@other.example" });
  const refused = await set(other.admin.token, bob.id, { password: "temporary 1", temporary: true });
  expect(refused.code).toBe("subdomain/needed");
});

const ownerOf = (service: TestService) => logInAs(service, "owner@example.com", "owner password");

test("an administrator sets a user's password: every log-in made with the old one ends", async () => {
  const { service, token } = await started();
  const user = await makeUser(service, token);
  const machine = await addMachine(service, user);
  const session = await logInAs(service, user.email, user.password);
  const change = (password: string) =>
    service.call("changeUser", { token, params: { user: user.id }, body: { password } });
  expect((await change("short")).code).toBe("password/too-short");
  expect((await change("second password")).status).toBe(200);
  expect((await service.call("listMachines", { token: session.token })).code).toBe("token/invalid");
  expect(await letters(service, user.email)).toEqual(["password-changed"]);
  expect((await machine.open()).status).toBe(200);
});

test("people change their own password where they log in: this log-in goes on, all others end", async () => {
  const { service, organization, token } = await started();
  const other = await logInAs(service, organization.admin.email, organization.admin.password);
  const body = { password: organization.admin.password, newPassword: "second password" };
  expect((await service.call("changeOwnPassword", { token, body })).json).toEqual({ logInAgain: false });
  expect((await service.call("ownOrganization", { token })).status).toBe(200);
  expect((await service.call("ownOrganization", { token: other.token })).code).toBe("token/invalid");
  const user = await makeUser(service, token);
  const own = { password: user.password, newPassword: "second password" };
  const restore = await logInAs(service, user.email, user.password);
  expect((await service.call("changeOwnPassword", { token: restore.token, body: own })).code).toBe("role/not-allowed");
  const login = { email: user.email, password: user.password, for: "console", organization: "acme" };
  const console = (await service.call("login", { body: login })).json;
  expect((await service.call("changeOwnPassword", { token: console.token, body: own })).status).toBe(200);
});

test("users log in to the console at their subdomain only, admins also at the service's address; nobody is told which it was", async () => {
  const { service, organization, token } = await started();
  const other = await makeOrganization(service, { name: "other", subdomain: "other", owner: organization.owner });
  const user = await makeUser(service, token);
  const at = async (person: { email: string; password: string }, organization?: string) => {
    const body = { email: person.email, password: person.password, for: "console", organization };
    const { status, code, json } = await service.call("login", { body });
    return status === 200 ? "in" : [status, code, json.error.message];
  };
  const refused = [401, "login/not-here", expect.any(String)];
  expect(await at(user, "acme")).toBe("in");
  const wrong = { ...user, password: "wrong" };
  const nobody = { email: "nobody@acme.example", password: "wrong" };
  const refusals: unknown[] = [];
  const attempts = [[user], [wrong], [nobody], [user, "other"], [wrong, "acme"], [user, "nowhere"]] as const;
  for (const [person, place] of attempts) {
    refusals.push(await at(person, place));
    service.clock.advance(3_700_000);
  }
  for (const each of refusals) expect(each).toEqual(refused);
  expect(new Set(refusals.map(String)).size).toBe(1);
  expect(await at(organization.admin)).toBe("in");
  expect(await at(organization.admin, "acme")).toBe("in");
  expect(await at(other.admin, "acme")).toEqual(refused);
  expect(await at(organization.owner)).toBe("in");
  expect(await at(organization.owner, "acme")).toEqual(refused);
  expect((await logInAs(service, user.email, user.password)).id).toBe(user.id);
  const { admin } = organization;
  const again = await logInAs(service, admin.email, admin.password);
  await service.call("changeOwnOrganization", { token: again.token, body: { settings: { usersLogIn: false } } });
  expect(await at(user, "acme")).toEqual(refused);
  expect((await logInAs(service, user.email, user.password)).id).toBe(user.id);
});

test("with a base domain the address that is called says whose log-in it is", async () => {
  const config = { baseDomain: "backup.example", publicUrl: "https://www.backup.example" };
  const { service, organization, token } = await started({ config });
  const user = await invite(service, organization);
  const [mail] = await mailsTo(service, "ann@acme.example");
  expect(mail?.text).toMatch(/https:\/\/acme\.backup\.example\/activate#/);
  await activate(service, await newestSecret(service, "ann@acme.example"));
  const { json } = await service.call("ownOrganization", { token });
  expect(json.logInUrl).toBe("https://acme.backup.example");
  const { subdomainOf } = await import("../../server-mock/domain/people/subdomains.ts");
  const { outside } = service.service.domain;
  expect(subdomainOf(outside, "ACME.backup.example:443")).toBe("acme");
  for (const host of ["www.backup.example", "backup.example", "a.b.backup.example", "acme.other.example", ""])
    expect(subdomainOf(outside, host), host).toBeUndefined();
  const body = { email: "ann@acme.example", password: "chosen password", for: "console", organization: "acme" };
  expect((await service.call("login", { body })).json.account.id).toBe(user);
});
