/** Second factors and step-up, by their routes. */
import { expect, test } from "vitest";
import { codeOf, enrol, logInAs, makeAdmin, makeOwner } from "../support/logged-in.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

const STEP_MS = 30_000;

const setting = async (service: TestService, secondFactor: string) => {
  const { records } = service.service.domain;
  for (const { id } of await records.organizations.list({ limit: 10 }))
    await records.organizations.change(id, { settings: JSON.stringify({ secondFactor }) });
};

test("a second factor counts when a code has confirmed it, and other log-ins end then", async () => {
  const service = await startTestService();
  const [token, other] = [await service.logIn(), await service.logIn()];
  const { uri, secret } = (await service.call("enrolSecondFactor", { token })).json;
  expect([secret, uri]).toEqual([expect.stringMatching(/^[A-Z2-7]{32}$/), expect.stringContaining(`secret=${secret}`)]);
  expect((await service.call("getSecondFactor", { token })).json).toMatchObject({ isActive: false, isPending: true });
  expect((await service.call("login", { body: service.first.user })).status).toBe(200);
  const wrong = await service.call("confirmSecondFactor", { token, body: { code: "000000" } });
  expect(wrong.code).toBe("login/wrong-code");
  const { json } = await service.call("confirmSecondFactor", { token, body: { code: codeOf(service, uri) } });
  expect(new Set(json.recoveryCodes).size).toBe(10);
  expect((await service.call("getSecondFactor", { token })).json).toEqual({
    isActive: true,
    isPending: false,
    recoveryCodesLeft: 10,
    isRequired: false,
  });
  expect((await service.call("listLogIns", { token: other })).code).toBe("token/invalid");
  expect((await service.call("login", { body: service.first.user })).code).toBe("login/second-factor-needed");
});

test("the password gives a ticket, the code the log-in; each code is good once", async () => {
  const service = await startTestService();
  const { uri } = await enrol(service, await service.logIn());
  const needed = await service.call("login", { body: service.first.user });
  expect([needed.status, needed.code]).toEqual([401, "login/second-factor-needed"]);
  const { ticket } = needed.json.error.data;
  const step = (code: string) => service.call("loginSecondFactor", { body: { ticket, code } });
  expect((await step(codeOf(service, uri))).code).toBe("login/wrong-code"); // It confirmed the enrolment.
  service.clock.advance(STEP_MS);
  const code = codeOf(service, uri);
  const { json } = await step(code);
  expect(json.account.email).toBe(service.first.user.email);
  expect((await service.call("listLogIns", { token: json.token })).status).toBe(200);
  expect((await step(code)).code).toBe("login/wrong-code");
  service.clock.advance(STEP_MS);
  const atOnce = await service.call("login", { body: { ...service.first.user, code: codeOf(service, uri) } });
  expect(atOnce.status).toBe(200);
});

test("of two who bring the same code at the same time one is let in", async () => {
  const service = await startTestService();
  const { uri, recoveryCodes } = await enrol(service, await service.logIn());
  service.clock.advance(STEP_MS);
  for (const code of [codeOf(service, uri), recoveryCodes[0]]) {
    const both = [1, 2, 3].map(() => service.call("login", { body: { ...service.first.user, code } }));
    const outcomes = (await Promise.all(both)).map(({ status }) => status);
    expect(outcomes.sort()).toEqual([200, 401, 401]);
  }
});

test("a ticket ends after five minutes and with the password, and nobody else's opens anything", async () => {
  const service = await startTestService();
  const { uri } = await enrol(service, await service.logIn());
  const ticketOf = async () => (await service.call("login", { body: service.first.user })).json.error.data.ticket;
  const step = async (ticket: string) =>
    (await service.call("loginSecondFactor", { body: { ticket, code: codeOf(service, uri) } })).code;
  const old = await ticketOf();
  service.clock.advance(5 * 60_000);
  expect(await step(old)).toBe("login/ticket-expired");
  expect(await step("x".repeat(80))).toBe("login/ticket-expired");
  const young = await ticketOf();
  const admin = await service.logIn("admin");
  const [user] = (await service.call("listUsers", { token: admin })).json.items;
  await service.call("changeUser", { token: admin, params: { user: user.id }, body: { password: "another one" } });
  expect(await step(young)).toBe("login/ticket-expired");
});

test("wrong codes lock the second step, and a right password does not forgive them", async () => {
  const service = await startTestService();
  const { uri } = await enrol(service, await service.logIn());
  for (let count = 0; count < 5; count++)
    expect((await service.call("login", { body: { ...service.first.user, code: "123456" } })).code).toBe(
      "login/wrong-code",
    );
  service.clock.advance(STEP_MS);
  const body = { ...service.first.user, code: codeOf(service, uri) };
  expect((await service.call("login", { body })).code).toBe("login/locked");
  service.clock.advance(STEP_MS);
  expect((await service.call("login", { body: { ...body, code: codeOf(service, uri) } })).status).toBe(200);
});

test("a recovery code logs in once; new ones end the old", async () => {
  const service = await startTestService();
  const { recoveryCodes } = await enrol(service, await service.logIn());
  const [first = "", second = ""] = recoveryCodes;
  const logIn = (code: string) => service.call("login", { body: { ...service.first.user, code } });
  const { json } = await logIn(first.toUpperCase());
  expect((await logIn(first)).code).toBe("login/wrong-code");
  const { token } = json;
  expect((await service.call("getSecondFactor", { token })).json.recoveryCodesLeft).toBe(9);
  const renewed = (await service.call("renewRecoveryCodes", { token })).json.recoveryCodes;
  expect((await logIn(second)).code).toBe("login/wrong-code");
  expect((await logIn(renewed[0])).status).toBe(200);
});

test("the database holds neither secret nor codes, and a row whose secret was changed lets nobody in", async () => {
  const service = await startTestService();
  const { uri, recoveryCodes } = await enrol(service, await service.logIn());
  const { records } = service.service.domain;
  const row = await records.accounts.findByLogin(service.first.user.email);
  const kept = row?.totp ?? "";
  for (const secret of [new URL(uri).searchParams.get("secret") ?? "", ...recoveryCodes])
    expect(kept.includes(secret)).toBe(false);
  await records.accounts.change(row?.id ?? "", { totp: kept.replace(/"active":"..../, '"active":"AAAA') });
  const refused = await service.call("login", { body: { ...service.first.user, code: codeOf(service, uri) } });
  expect(refused.code).toBe("second-factor/unreadable");
});

test("who must have a second factor gets a log-in that is good for setting one up, and then for all", async () => {
  const service = await startTestService();
  await setting(service, "admins");
  const { json } = await service.call("login", { body: service.first.admin });
  expect(json.limitedTo).toBe("second-factor");
  const { token } = json;
  expect((await service.call("listUsers", { token })).code).toBe("second-factor/required");
  expect((await service.call("createApiToken", { token, body: {} })).code).toBe("second-factor/required");
  await enrol(service, token);
  expect((await service.call("listUsers", { token })).status).toBe(200);
  expect((await service.call("removeSecondFactor", { token })).code).toBe("second-factor/required");
  expect((await service.call("login", { body: service.first.user })).json.limitedTo).toBe("restore");
  await setting(service, "everyone");
  expect((await service.call("login", { body: service.first.user })).json.limitedTo).toBe("second-factor");
});

test("who lost it is helped by an admin, and told by mail; one that there isn't can't be removed", async () => {
  const service = await startTestService();
  const admin = await service.logIn("admin");
  const user = await logInAs(service, service.first.user.email, service.first.user.password);
  const remove = () => service.call("removeUserSecondFactor", { token: admin, params: { user: user.id } });
  const isShown = async () =>
    (await service.call("getUser", { token: admin, params: { user: user.id } })).json.hasSecondFactor;
  expect([(await remove()).code, await isShown()]).toEqual(["second-factor/none", false]);
  await enrol(service, user.token);
  expect(await isShown()).toBe(true);
  expect((await remove()).status).toBe(200);
  expect((await service.call("listLogIns", { token: user.token })).code).toBe("token/invalid");
  expect((await service.call("login", { body: service.first.user })).status).toBe(200);
  const mails = await service.service.domain.records.mails.list({ limit: 10 }, {});
  expect(mails.map(({ letter }) => letter)).toContain("second-factor-removed");
});

test("an admin's second factor is taken away only by whoever may do as much", async () => {
  const service = await startTestService();
  const owner = await makeOwner(service);
  const admin = await logInAs(service, service.first.admin.email, service.first.admin.password);
  const second = await makeAdmin(service, admin.token);
  await enrol(service, second.token);
  const remove = (token: string) => service.call("removeAdminSecondFactor", { token, params: { admin: second.id } });
  expect((await remove(await service.logIn())).code).toBe("role/not-allowed");
  expect((await remove(owner.token)).status).toBe(200);
});

test("what is dangerous asks for the password again after five minutes, and for the code, too", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const { password } = service.first.admin;
  const make = () => service.call("createRole", { token, body: { name: "A", capabilities: [] } });
  const { uri } = await enrol(service, token);
  service.clock.advance(5 * 60_000);
  const again = await make();
  expect([again.status, again.code]).toEqual([403, "login/prove-again"]);
  const prove = (body: object) => service.call("prove", { token, body });
  expect((await prove({ password: "wrong" })).code).toBe("login/wrong");
  expect((await prove({ password })).code).toBe("login/second-factor-needed");
  expect((await make()).code).toBe("login/prove-again");
  const proven = await prove({ password, code: codeOf(service, uri) });
  expect(new Date(proven.json.provenUntil).getTime()).toBe(service.clock.now() + 5 * 60_000);
  expect((await make()).status).toBe(200);
});

test("a user's password or address, who must have a second factor, and how long what was deleted stays, are changed only with a fresh proof", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const [user] = (await service.call("listUsers", { token })).json.items;
  const change = async (body: object) =>
    (await service.call("changeUser", { token, params: { user: user.id }, body })).code;
  const set = (settings: object) => service.call("changeOwnOrganization", { token, body: { settings } });
  service.clock.advance(5 * 60_000);
  expect(await change({ password: "a new password" })).toBe("login/prove-again");
  expect(await change({ email: "new@example.com" })).toBe("login/prove-again");
  expect(await change({ name: "New" })).toBeUndefined();
  const dangerous = [{ secondFactor: "admins" }, { undeleteUserDays: 59 }, { undeleteMachineDays: 0 }];
  for (const settings of dangerous) expect((await set(settings)).code).toBe("login/prove-again");
  expect((await set({ undeleteUserDays: 61, undeleteMachineDays: 14 })).status).toBe(200);
  await service.call("prove", { token, body: { password: service.first.admin.password } });
  expect(await change({ password: "a new password" })).toBeUndefined();
  for (const settings of dangerous) expect((await set(settings)).status).toBe(200);
});
