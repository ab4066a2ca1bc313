/** What people decide about themselves, by the routes. */
import { expect, test } from "vitest";
import { queueMail } from "../../server-mock/domain/mail/queue-mail.ts";
import { logInAs, makeAdmin, makeOwner } from "../support/logged-in.ts";
import { mailsTo, makeUser } from "../support/organizations.ts";
import { startTestService } from "../support/test-service.ts";

test("people set their own name and which mails they want; an administrator sees the same, and the audit log who it was", async () => {
  const service = await startTestService();
  const admin = await service.logIn("admin");
  const user = await makeUser(service, admin);
  const { token } = await logInAs(service, user.email, user.password);
  const before = await service.call("getOwnAccount", { token });
  expect(before.json).toMatchObject({ notifications: "less", businessNotifications: true });
  expect(before.headers.get("etag")).toBe(`"${before.json.version}"`);
  const body = { name: "Ann Other", notifications: "all", businessNotifications: false };
  const changed = await service.call("changeOwnAccount", { token, body });
  expect(changed.json).toMatchObject({
    account: { name: "Ann Other" },
    notifications: "all",
    businessNotifications: false,
    version: before.json.version + 1,
  });
  expect((await service.call("getOwnAccount", { token })).json).toEqual(changed.json);
  const seen = await service.call("getUser", { token: admin, params: { user: user.id } });
  expect(seen.json).toMatchObject(body);
  const [row] = (await service.call("listAudit", { token: admin })).json.items;
  expect(row).toMatchObject({ action: "account/change", actor: user.email, subject: user.email });
  expect(JSON.parse(row.detail)).toEqual(body);
});

test("what a change doesn't name stays, and of two who edit the same account the second is told", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const { version } = (await service.call("getOwnAccount", { token })).json;
  const change = (body: object) =>
    service.call("changeOwnAccount", { token, body, headers: { "if-match": `"${version}"` } });
  const first = await change({ notifications: "off" });
  expect(first.json).toMatchObject({ notifications: "off", businessNotifications: true });
  const second = await change({ businessNotifications: false });
  expect([second.status, second.code, second.json.error.data]).toEqual([
    412,
    "edit/conflict",
    expect.objectContaining({ version: version + 1 }),
  ]);
  expect((await service.call("getOwnAccount", { token })).json).toEqual(first.json);
});

test("nobody changes an account in somebody's name, and nobody what is not theirs to change", async () => {
  const service = await startTestService();
  const admin = await service.logIn("admin");
  const { domain } = service.service;
  const [organization] = await domain.records.organizations.list({ limit: 1 });
  const params = { organization: organization?.id ?? "" };
  const owner = await makeOwner(service);
  const settings = { subdomain: "acme", settings: { usersLogIn: true } };
  expect((await service.call("changeOrganization", { token: owner.token, params, body: settings })).status).toBe(200);
  const user = await makeUser(service, admin);
  const acting = (await service.call("actAs", { token: admin, params: { user: user.id } })).json.token;
  const body = { notifications: "off" };
  expect((await service.call("changeOwnAccount", { token: acting, body })).code).toBe("login/in-person");
  const script = { name: "script", capabilities: ["users.edit"] };
  const api = (await service.call("createApiToken", { token: admin, body: script })).json.token;
  expect((await service.call("changeOwnAccount", { token: api, body })).code).toBe("login/in-person");
  for (const wrong of [
    { name: "" },
    { notifications: "loud" },
    { role: "owner" },
    { capabilities: [] },
    { email: "a@b.c" },
  ])
    expect((await service.call("changeOwnAccount", { token: admin, body: wrong })).code).toBe("request/malformed");
});

test("administrators of both kinds can be called otherwise, too", async () => {
  const service = await startTestService();
  const owner = await makeOwner(service);
  const second = await makeAdmin(service, await service.logIn("admin"));
  for (const { token } of [owner, second]) {
    const changed = await service.call("changeOwnAccount", { token, body: { name: "Somebody Else" } });
    expect([changed.status, changed.json.account.name]).toEqual([200, "Somebody Else"]);
  }
});

test("a mail leads its reader to the notifications where they log in: users to their organization's place", async () => {
  const service = await startTestService();
  const admin = await service.logIn("admin");
  const settings = { subdomain: "acme", settings: { usersLogIn: true } };
  expect((await service.call("changeOwnOrganization", { token: admin, body: settings })).status).toBe(200);
  const user = await makeUser(service, admin);
  const { domain } = service.service;
  const values = { machine: "den", at: "now", files: 1, size: "1 B", sent: "1 B" };
  for (const email of [user.email, service.first.admin.email]) {
    const row = await domain.records.accounts.findByLogin(email);
    if (row === undefined) throw new Error("no account");
    await domain.records.transaction((stores) => queueMail(domain, stores, row, "backup-succeeded", { values }));
  }
  const linkTo = async (email: string) => (await mailsTo(service, email))[0]?.unsubscribeUrl;
  expect(await linkTo(user.email)).toMatch(/[^/]\/o\/acme\/account\/notifications$/);
  expect(await linkTo(service.first.admin.email)).toMatch(/:\d+\/account\/notifications$/);
});
