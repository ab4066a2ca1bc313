/** Logging in: the links of mails, an organization's own place, what a log-in is not good for yet, and the way back. */
import { expect, test } from "vitest";
import { answerResets } from "../../server-mock/domain/access/reset-requests.ts";
import { expectAccessible } from "../support/console/accessible.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { freePort } from "../support/free-port.ts";
import { codeOf, makeAdmin, makeOwner } from "../support/logged-in.ts";
import { makeOrganization, newestSecret } from "../support/organizations.ts";
import { addMachine, addUser } from "../support/people.ts";
import type { TestService } from "../support/test-service.ts";

const HOUR = 3_600_000;

/** The first organization's users log in at /o/acme. */
async function opened(service: TestService, settings: object = {}): Promise<string> {
  const token = await service.logIn("admin");
  const body = { subdomain: "acme", settings: { usersLogIn: true, ...settings } };
  const { status, json } = await service.call("changeOwnOrganization", { token, body });
  if (status !== 200) throw new Error(JSON.stringify(json));
  return token;
}

test("an invited user follows the link, chooses a password, logs in at the organization's place, and sees own machines only", async () => {
  const service = await startConsoleService();
  const token = await opened(service);
  await addMachine(service, await addUser(service, token, "bob"), { name: "bobs-laptop" });
  const users = [{ name: "Ann", email: "ann@example.com" }];
  const profile = { kind: "desktop", devices: 2 };
  await service.call("createUsers", { token, body: { ...profile, users } });
  const secret = await newestSecret(service, "ann@example.com");
  const page = await openConsole(service, { path: `/o/acme/activate#${secret}`, mayFail: [/422|403/] });
  await page.getByRole("heading", { name: "Activate your account" }).waitFor();
  await page.getByText("at acme").waitFor();
  const choose = async (password: string, again = password) => {
    await page.getByLabel("New password", { exact: true }).fill(password);
    await page.getByLabel("New password again").fill(again);
    await page.getByRole("button", { name: "Set the password" }).click();
  };
  await choose("ann's password", "anns password");
  await page.getByText("The two passwords differ.").waitFor();
  await choose("short");
  await page.getByText(/A password has at least 8 characters/).waitFor();
  expect(await page.getByLabel("New password", { exact: true }).getAttribute("aria-invalid")).toBe("true");
  await expectAccessible(page);
  await choose("ann's password");
  await page.getByText("The password of ann@example.com is set.").waitFor();
  await page.getByText(`holdfast register --service ${service.address} --email ann@example.com`).waitFor();
  await page.getByRole("button", { name: "Log In" }).click();
  await addMachine(service, { email: "ann@example.com", password: "ann's password" }, { name: "anns-laptop" });
  await page.getByLabel("Email or log-in name").fill("Ann@Example.com");
  await page.getByLabel("Password", { exact: true }).fill("ann's password");
  await page.getByRole("button", { name: "Log In" }).click();
  await page.getByRole("heading", { name: "My machines" }).waitFor();
  await page.getByText("anns-laptop").first().waitFor();
  expect(await page.getByText("bobs-laptop").count()).toBe(0);
  expect(await page.getByRole("link", { name: "Search / List Users" }).count()).toBe(0);
  const used = await openConsole(service, { path: `/o/acme/activate#${secret}`, mayFail: [/403/] });
  await used.getByLabel("New password", { exact: true }).fill("another password");
  await used.getByLabel("New password again").fill("another password");
  await used.getByRole("button", { name: "Set the password" }).click();
  await used.getByText(/This link is not good any more/).waitFor();
});

test("what an admin does as a user stands in the user's activity, and the admin is never in doubt who acts", async () => {
  const service = await startConsoleService();
  const token = await opened(service);
  const user = await addUser(service, token, "ann");
  const admin = await openConsole(service, { as: service.first.admin, path: `/users/${user.id}` });
  await admin.getByRole("button", { name: "Log in as User" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "Log in as User" }).click();
  await admin.getByText(/You act as ann@example.com/).waitFor();
  await admin.goto(`${service.address}/account`);
  await admin.getByText("What follows only the user itself can change.").waitFor();
  expect(await admin.getByLabel("Current password").count()).toBe(0);
  expect(await admin.getByRole("button", { name: "Set up a second factor" }).count()).toBe(0);
  const page = await openConsole(service, { as: user, at: "acme", path: "/account" });
  const activity = page.getByRole("table", { name: "Activity" });
  await activity.getByRole("row", { name: /users\/act-as/ }).waitFor();
  await page.getByText(`${service.first.admin.email} acts in your name`).waitFor();
  await page
    .getByRole("row", { name: /acts in your name/ })
    .getByRole("button", { name: /^End/ })
    .click();
  await page.getByText("That log-in has ended.").waitFor();
  await expectAccessible(page);
});

test("a forgotten password is chosen anew by a mailed link; the answer is the same for everybody", async () => {
  const service = await startConsoleService();
  const token = await opened(service);
  const user = await addUser(service, token, "ann");
  const page = await openConsole(service, { path: "/o/acme", mayFail: [/401/] });
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  for (const login of ["nobody@example.com", user.email]) {
    await page.getByLabel("Email or log-in name").fill(login);
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByText(/If there is such an account/).waitFor();
    await page.getByRole("button", { name: "Back to the log-in" }).click();
    if (login !== user.email) await page.getByRole("link", { name: "Forgot your password?" }).click();
  }
  await answerResets(service.service.domain);
  const secret = await newestSecret(service, user.email);
  await page.goto(`${service.address}/o/acme/reset-password#${secret}`);
  await page.getByLabel("New password", { exact: true }).fill("chosen password");
  await page.getByLabel("New password again").fill("chosen password");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByRole("button", { name: "Log In" }).click();
  await page.getByLabel("Email or log-in name").fill(user.email);
  await page.getByLabel("Password", { exact: true }).fill(user.password);
  await page.getByRole("button", { name: "Log In" }).click();
  await page.getByText(/E-mail address or password is wrong, or this account does not log in here/).waitFor();
  await page.getByLabel("Password", { exact: true }).fill("chosen password");
  await page.getByRole("button", { name: "Log In" }).click();
  await page.getByRole("navigation", { name: "Menu" }).waitFor();
});

test("a temporary password is good for choosing another one, and nothing else", async () => {
  const service = await startConsoleService();
  const token = await opened(service);
  const user = await addUser(service, token, "ann");
  const body = { password: "temporary one", temporary: true };
  await service.call("changeUser", { token, params: { user: user.id }, body });
  const page = await openConsole(service, { path: "/o/acme", mayFail: [/401|422/] });
  const logIn = async (password: string) => {
    await page.getByLabel("Email or log-in name").fill(user.email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Log In" }).click();
  };
  await logIn("temporary one");
  await page.getByRole("heading", { name: "Choose a password of your own" }).waitFor();
  await expectAccessible(page);
  await page.goto(`${service.address}/machines`);
  await page.getByRole("heading", { name: "Choose a password of your own" }).waitFor();
  const choose = async (current: string, next: string) => {
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password", { exact: true }).fill(next);
    await page.getByLabel("New password again").fill(next);
    await page.getByRole("button", { name: "Set the password" }).click();
  };
  await choose("temporary one", "temporary one");
  await page.getByText(/The new password is the old one/).waitFor();
  await choose("temporary one", "my own password");
  await page.getByRole("heading", { name: "Log In" }).waitFor();
  await logIn("my own password");
  await page.getByRole("navigation", { name: "Menu" }).waitFor();
});

test("a suspended user is told so, and nobody logs in where they don't belong", async () => {
  const service = await startConsoleService();
  const token = await opened(service);
  const owner = await makeOwner(service);
  await makeOrganization(service, { name: "zebra", owner, subdomain: "zebra", settings: { usersLogIn: true } });
  const user = await addUser(service, token, "ann");
  const page = await openConsole(service, { mayFail: [/401|403/] });
  const logIn = async (path: string, password = user.password) => {
    await page.goto(`${service.address}${path}`);
    await page.getByLabel("Email or log-in name").fill(user.email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Log In" }).click();
  };
  for (const path of ["/login", "/o/zebra", "/o/nowhere"]) {
    await logIn(path);
    await page.getByText(/or this account does not log in here/).waitFor();
  }
  await expectAccessible(page);
  await service.call("changeUser", { token, params: { user: user.id }, body: { state: "suspended" } });
  await logIn("/o/acme", "wrong");
  await page.getByText(/or this account does not log in here/).waitFor();
  await logIn("/o/acme");
  await page.getByText("This account is suspended.").waitFor();
  await page.goto(`${service.address}/o/acme`);
  await page.getByText("at acme").waitFor();
  await shot(page, "log-in");
});

test("a log-in that ends is made again on the same page, at the same place; logging out leads to it, too", async () => {
  const service = await startConsoleService();
  const token = await opened(service);
  const user = await addUser(service, token, "ann");
  const page = await openConsole(service, { as: user, at: "acme", path: "/account/notifications", mayFail: [/401/] });
  await page.getByRole("heading", { name: "Notifications", level: 1 }).waitFor();
  service.clock.advance(13 * HOUR);
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByRole("heading", { name: "Log In" }).waitFor();
  await page.getByText("at acme").waitFor();
  const logIn = async () => {
    await page.getByLabel("Email or log-in name").fill(user.email);
    await page.getByLabel("Password", { exact: true }).fill(user.password);
    await page.getByRole("button", { name: "Log In" }).click();
  };
  await logIn();
  await page.getByRole("heading", { name: "Notifications", level: 1 }).waitFor();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Log Out" }).click();
  await page.getByText("at acme").waitFor();
  await page.goto(`${service.address}/o/acme/account/notifications`);
  await logIn();
  await page.getByRole("heading", { name: "Notifications", level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/account/notifications");
  await page.goto(`${service.address}/o/acme`);
  await page.getByRole("heading", { name: "My machines" }).waitFor();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Log Out" }).click();
  await page.getByRole("link", { name: "Log in as an administrator instead" }).click();
  const { admin } = service.first;
  await page.getByLabel("Email or log-in name").fill(admin.email);
  await page.getByLabel("Password", { exact: true }).fill(admin.password);
  await page.getByRole("button", { name: "Log In" }).click();
  await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
});

test("what somebody typed is there after their next log-in in the same tab, and gone for everybody else", async () => {
  const service = await startConsoleService();
  const second = await makeAdmin(service, await service.logIn("admin"));
  const page = await openConsole(service, { as: service.first.admin, path: "/groups/new", mayFail: [/401/] });
  const name = page.getByRole("textbox", { name: "Name" });
  const kept = () => page.evaluate<string>("JSON.stringify(Object.entries(sessionStorage))");
  const logIn = async ({ email, password }: { email: string; password: string }) => {
    await page.getByLabel("Email or log-in name").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Log In" }).click();
  };
  await name.fill("a secret plan");
  await expect.poll(kept).toContain("a secret plan");
  service.clock.advance(13 * HOUR);
  await page.reload();
  await logIn(service.first.admin);
  await expect.poll(() => name.inputValue()).toBe("a secret plan");
  service.clock.advance(13 * HOUR);
  await page.reload();
  await logIn(second);
  await expect.poll(() => name.inputValue()).toBe("");
  expect(await kept()).not.toContain("a secret plan");
  await name.fill("another plan");
  await expect.poll(kept).toContain("another plan");
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Log Out" }).click();
  await page.getByRole("heading", { name: "Log In" }).waitFor();
  expect(await kept()).not.toContain("another plan");
});

test("what was done although no answer came is not done twice when it is asked for again", async () => {
  const service = await startConsoleService();
  const page = await openConsole(service, { as: service.first.admin, path: "/groups/new", mayFail: [/ERR_FAILED/] });
  await page.getByRole("textbox", { name: "Name" }).fill("Night shift");
  await page.route("**/v1/groups", async (route) => {
    if (route.request().method() === "POST") await route.fetch();
    await route.abort();
  });
  const add = page.getByRole("main").getByRole("button", { name: "Add" });
  await add.click();
  await page.getByText("The service does not answer.").first().waitFor();
  await page.unroute("**/v1/groups");
  await add.click();
  await page.getByRole("heading", { name: "Night shift", level: 1 }).waitFor();
});

test("an address with two slashes leads to no other host, before the log-in and after it", async () => {
  const service = await startConsoleService();
  const page = await openConsole(service, { path: "/o/acme//evil.example/users", mayFail: [/401/] });
  await page.goto(`${service.address}//evil.example/users`);
  await page.getByLabel("Email or log-in name").fill(service.first.admin.email);
  await page.getByLabel("Password", { exact: true }).fill(service.first.admin.password);
  await page.getByRole("button", { name: "Log In" }).click();
  await page.getByRole("heading", { name: "There is no such page." }).waitFor();
  await page.goto(`${service.address}/o/acme//evil.example/users`);
  await page.getByRole("heading", { name: "There is no such page." }).waitFor();
  expect(new URL(page.url()).origin).toBe(service.address);
});

test("where everybody must have a second factor, a user sets it up at the door", async () => {
  const service = await startConsoleService();
  const token = await opened(service, { secondFactor: "everyone" });
  const user = await addUser(service, token, "ann");
  const page = await openConsole(service, { path: "/o/acme" });
  await page.getByLabel("Email or log-in name").fill(user.email);
  await page.getByLabel("Password", { exact: true }).fill(user.password);
  await page.getByRole("button", { name: "Log In" }).click();
  await page.getByRole("heading", { name: "Set up a second factor" }).waitFor();
  await page.getByRole("button", { name: "Show the secret" }).click();
  const uri = (await page.getByRole("link", { name: "Add to the app on this device" }).getAttribute("href")) ?? "";
  await expectAccessible(page);
  await page.getByLabel(/^Then enter the code/).fill(codeOf(service, uri));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("heading", { name: "My machines" }).waitFor();
});

test("under a base domain each organization has a host name of its own, and its users log in there", async () => {
  const port = await freePort();
  const listen = { host: "127.0.0.1", port };
  const publicUrl = `http://127.0.0.1:${port}`;
  const service = await startConsoleService({ config: { listen, publicUrl, baseDomain: "localhost" } });
  const token = await opened(service);
  const user = await addUser(service, token, "ann");
  const page = await openConsole(service, { path: "/login", mayFail: [/localhost/] });
  await page.goto(`http://acme.localhost:${port}/account`);
  await page.getByLabel("Email or log-in name").fill(user.email);
  await page.getByLabel("Password", { exact: true }).fill(user.password);
  await page.getByRole("button", { name: "Log In" }).click();
  await page.getByRole("heading", { name: "Password and Security" }).waitFor();
});

test("from the log-in to a user's panel the keyboard is enough", async () => {
  const service = await startConsoleService();
  const user = await addUser(service, await service.logIn("admin"), "ann");
  const { admin } = service.first;
  const page = await openConsole(service);
  const focused = () => page.evaluate("document.activeElement?.textContent?.trim() ?? ''");
  const tabTo = async (name: string) => {
    for (let count = 0; count < 60 && (await focused()) !== name; count++) await page.keyboard.press("Tab");
    expect(await focused()).toBe(name);
  };
  await page.getByLabel("Email or log-in name").waitFor();
  await page.keyboard.type(admin.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(admin.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
  await tabTo("Search / List Users");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Search / List Users", level: 1 }).waitFor();
  await page.getByRole("link", { name: user.email }).waitFor();
  expect(await focused()).toBe("Search / List Users");
  await tabTo(user.email);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: user.email, level: 1 }).waitFor();
  await expect.poll(focused).toBe(user.email);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Open the menu" }).focus();
  await page.keyboard.press("Enter");
  await tabTo("Overview");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
  await expectFitsPhone(page);
});
