/** One's own account: password, second factor, log-ins, API tokens, activity, notifications; and how to install. */
import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { codeOf, logInAs, makeOwner } from "../support/logged-in.ts";
import { addUser } from "../support/people.ts";
import type { TestService } from "../support/test-service.ts";

const HOSTILE = "<script>alert(1)</script>=1+1";

/** Its users log in at /o/acme; one of them. */
async function withUser(service: TestService) {
  const token = await service.logIn("admin");
  const body = { subdomain: "acme", settings: { usersLogIn: true } };
  await service.call("changeOwnOrganization", { token, body });
  return { token, user: await addUser(service, token, "ann") };
}

test("a user changes the own name and password: refusals stand beside their fields, and other log-ins end", async () => {
  const service = await startConsoleService();
  const { user } = await withUser(service);
  const other = await logInAs(service, user.email, user.password);
  const page = await openConsole(service, { as: user, at: "acme", path: "/account", mayFail: [/401|422/] });
  await page.getByRole("button", { name: "change Name" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(HOSTILE);
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByRole("button", { name: `Account of ${HOSTILE}` }).waitFor();
  const change = page.getByRole("button", { name: "Change Password" });
  const fill = async (current: string, next: string, again = next) => {
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password", { exact: true }).fill(next);
    await page.getByLabel("New password again").fill(again);
    await change.click();
  };
  await fill(user.password, "a new password", "another one");
  await page.getByText("The two passwords differ.").waitFor();
  await fill("not this one", "a new password");
  await page.getByText(/E-mail address or password is wrong/).waitFor();
  expect(await page.getByLabel("Current password").getAttribute("aria-invalid")).toBe("true");
  await fill(user.password, "short");
  await page.getByText(/A password has at least 8 characters/).waitFor();
  await fill(user.password, "a new password");
  await page.getByText("Your password was changed, and all other log-ins have ended.").waitFor();
  expect((await service.call("listLogIns", { token: other.token })).code).toBe("token/invalid");
  expect((await logInAs(service, user.email, "a new password")).id).toBe(user.id);
});

test("a second factor is set up with an app's code, its recovery codes are shown once, and it is asked for from then on", async () => {
  const service = await startConsoleService();
  const { admin } = service.first;
  const page = await openConsole(service, { as: admin, path: "/account", mayFail: [/401|403/] });
  await page.getByRole("button", { name: "Set up a second factor" }).click();
  await page.getByRole("button", { name: "Show the secret" }).click();
  const uri = (await page.getByRole("link", { name: "Add to the app on this device" }).getAttribute("href")) ?? "";
  await page.getByLabel(/^Then enter the code/).fill("000000");
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText(/The code is wrong, or was used already/).waitFor();
  await page.getByLabel(/^Then enter the code/).fill(codeOf(service, uri));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("Recovery codes", { exact: true }).waitFor();
  const [recovery = ""] = await page
    .getByRole("listitem")
    .filter({ hasText: /^[\w-]{8,}$/ })
    .allInnerTexts();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByText("10 of 10 recovery codes are left.").waitFor();
  await expectAccessible(page);

  const again = await openConsole(service, { mayFail: [/401/] });
  await again.getByLabel("Email or log-in name").fill(admin.email);
  await again.getByLabel("Password", { exact: true }).fill(admin.password);
  await again.getByRole("button", { name: "Log In" }).click();
  const code = again.getByLabel("Code of your authenticator app, or a recovery code");
  await code.fill("123456");
  await again.getByRole("button", { name: "Log In" }).click();
  await again.getByText(/The code is wrong, or was used already/).waitFor();
  expect(await code.getAttribute("aria-invalid")).toBe("true");
  await code.fill(recovery);
  await again.getByRole("button", { name: "Log In" }).click();
  await again.getByRole("navigation", { name: "Menu" }).waitFor();

  await page.getByRole("button", { name: "New recovery codes" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "New recovery codes" }).click();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByRole("button", { name: "Set up a second factor" }).waitFor();
});

test("a person sees where they are logged in, and ends one, and all others", async () => {
  const service = await startConsoleService();
  const { admin } = service.first;
  // This one ends below, and its page hears of it whenever it asks again.
  await openConsole(service, { as: admin, mayFail: [/401/] });
  await logInAs(service, admin.email, admin.password);
  const page = await openConsole(service, { as: admin, path: "/account" });
  const table = page.getByRole("table", { name: "Your log-ins" });
  await table.getByText("this log-in", { exact: true }).waitFor();
  expect(await table.getByRole("row").count()).toBe(4);
  await table.getByRole("button", { name: "End Program or command line" }).click();
  await expect.poll(() => table.getByRole("row").count()).toBe(3);
  await page.getByRole("button", { name: "End all others" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End all others" }).click();
  await expect.poll(() => table.getByRole("row").count()).toBe(2);
});

test("an API token is made with chosen rights, shown once, works, and is revoked", async () => {
  const service = await startConsoleService();
  const page = await openConsole(service, { as: service.first.admin, path: "/account" });
  await page.getByText("No API tokens").waitFor();
  await page.getByRole("button", { name: "Make an API token" }).click();
  const dialog = page.getByRole("dialog", { name: "Make an API token" });
  await dialog.getByLabel("Good for (days)").fill("999");
  await dialog.getByRole("button", { name: "Make it" }).click();
  await dialog.getByText("Enter a whole number of days: MIN 1, MAX 366.").waitFor();
  await dialog.getByText("Choose at least one right.").waitFor();
  await dialog.getByLabel("Name").fill(HOSTILE);
  await dialog.getByLabel("Good for (days)").fill("30");
  await dialog.getByRole("checkbox", { name: "Users: View" }).check();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Make it" }).click();
  const token = await page.getByRole("group", { name: "Token" }).locator("pre").innerText();
  await page.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("rowheader", { name: HOSTILE }).waitFor();
  expect(await page.content()).not.toContain(token);
  expect((await service.call("listUsers", { token })).status).toBe(200);
  expect((await service.call("listMachines", { token })).code).toBe("role/not-allowed");
  await page.getByRole("button", { name: `Revoke ${HOSTILE}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("No API tokens").waitFor();
  expect((await service.call("listUsers", { token })).code).toBe("token/invalid");
});

test("a person chooses which mails they get; what an administrator set meanwhile is named, not overwritten unseen", async () => {
  const service = await startConsoleService();
  const { token, user } = await withUser(service);
  const page = await openConsole(service, { as: user, at: "acme", path: "/account/notifications", mayFail: [/412/] });
  expect(await page.getByRole("radio", { name: "Less (default)" }).isChecked()).toBe(true);
  await page.getByRole("radio", { name: "All", exact: true }).check();
  await service.call("changeUser", { token, params: { user: user.id }, body: { businessNotifications: false } });
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Business notifications is now: No").waitFor();
  await page.getByRole("checkbox", { name: "Business notifications" }).uncheck();
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Your notifications were saved.").waitFor();
  const seen = await service.call("getUser", { token, params: { user: user.id } });
  expect(seen.json).toMatchObject({ notifications: "all", businessNotifications: false });
  await expectAccessible(page);
  await shot(page, "notifications");
});

test("the commands that a user needs to have a computer backed up stand there whole, to be copied, for each system", async () => {
  const service = await startConsoleService();
  const { user } = await withUser(service);
  const page = await openConsole(service, { as: user, at: "acme", path: "/install" });
  const command = `holdfast register --service ${service.address} --email ${user.email}`;
  const whole = page.getByRole("group", { name: "With e-mail address and password" });
  expect(await whole.locator("pre").innerText()).toBe(command);
  await whole.getByRole("button", { name: "Copy" }).click();
  await whole.getByRole("button", { name: "Copied" }).waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(command);
  await page.getByText(/--key <product key>/).waitFor();
  await page.getByText(/--fingerprint <64 hexadecimal digits>/).waitFor();
  await page.getByText("sudo npm install -g").waitFor();
  await page.getByRole("radio", { name: "Windows" }).focus();
  await page.keyboard.press("ArrowLeft");
  await page.getByText("In the Terminal.").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByText(/In PowerShell/).waitFor();
  await expectAccessible(page);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await shot(page, "install");
  const admin = await openConsole(service, { as: service.first.admin, path: "/install" });
  await admin
    .getByText(/--email user@example.com$/)
    .first()
    .waitFor();
  await admin.getByRole("link", { name: "Product Keys" }).last().waitFor();
});

test("one's own pages serve admins and top-level admins, too, in light and dark and on a phone", async () => {
  const service = await startConsoleService();
  const owner = await makeOwner(service);
  await logInAs(service, owner.email, owner.password);
  const page = await openConsole(service, { as: owner, path: "/account" });
  await page.getByText("Top-level admin", { exact: true }).waitFor();
  await page.goto(`${service.address}/account/notifications`);
  await page.getByText("You have no machines of your own.").waitFor();
  const admin = await openConsole(service, { as: service.first.admin, path: "/account" });
  await admin.getByText("this log-in", { exact: true }).waitFor();
  await admin.getByText("Nobody did anything in your name").waitFor();
  await expectAccessible(admin);
  await shot(admin, "account");
  await admin.emulateMedia({ colorScheme: "dark" });
  for (const path of ["/account", "/account/notifications", "/install"]) {
    await admin.goto(`${service.address}${path}`);
    await admin.getByRole("heading", { level: 1 }).waitFor();
    await expectFitsPhone(admin);
    await expectAccessible(admin);
  }
});
