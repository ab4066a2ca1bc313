import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { enrol, logInAs } from "../support/logged-in.ts";
import { GB, mailsTo, makeGroup, makeUser } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";

const fact = (page: Page, name: string) => page.locator(`dt:text-is(${JSON.stringify(name)}) + dd`);

/** A user of the first organization, whose storage is 50 GB, in a group of its own. */
async function started() {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const pools = [{ kind: "all", mode: "limited", limitBytes: 50 * GB }];
  const group = await makeGroup(service, token, { name: "Sales", pools });
  const user = await makeUser(service, token, { email: "ann@acme.example", group, desktopDevices: 2 });
  const open = (path = `/users/${user.id}`) =>
    openConsole(service, { as: service.first.admin, path, mayFail: [/40[0-9]|412|422/] });
  const details = async () => (await service.call("getUser", { token, params: { user: user.id } })).json;
  return { service, token, user, open, details };
}

test("every field of a user is shown, and each that may be is changed in place", async () => {
  const { service, token, user, open, details } = await started();
  await makeGroup(service, token, { name: "Support" });
  await service.call("changeOwnOrganization", { token, body: { settings: { installRegions: ["Norway"] } } });
  const page = await open();
  await page.getByRole("heading", { name: user.email, level: 1 }).waitFor();
  await expect.poll(() => fact(page, "User ID").textContent()).toBe(user.id);
  expect(await fact(page, "Created from").textContent()).toBe("127.0.0.1");
  expect(await fact(page, "Storage").textContent()).toContain("0 Used / 50 GB Available");
  expect(await page.getByRole("link", { name: "Buy More" }).getAttribute("href")).toBe("/resources");
  const change = async (label: string, value: string) => {
    await page.getByRole("button", { name: `change ${label}` }).click();
    const field = page.getByLabel(label, { exact: true });
    if ((await field.evaluate(({ tagName }) => tagName)) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
    await page.getByRole("button", { name: "Save Changes" }).click();
    await page.getByRole("button", { name: `change ${label}` }).waitFor();
  };
  await change("External ID", "E-77");
  await change("Name", '=cmd|"x" <b>Ann</b>\u{200f}');
  await change("Install Region Override", "Norway");
  await change("Backup notifications", "More: failures and warnings");
  await change("Backup locations", "Cloud only");
  await change("User Group", "Support");
  await page.getByText('=cmd|"x" <b>Ann</b>⟨U+200F⟩').waitFor();
  expect(await details()).toMatchObject({
    externalId: "E-77",
    group: { name: "Support" },
    installRegion: "Norway",
    notifications: "more",
    locations: "cloud-only",
  });
  expect(await fact(page, "Storage").textContent()).toContain("0 Used / no limit Available");
});

test("storage limit and devices are set, edited and removed within the range that is told before", async () => {
  const { open, details } = await started();
  const page = await open();
  await page.getByRole("button", { name: "Set User Storage Limit" }).click();
  const field = page.getByLabel("User Storage Limit, GB");
  await page.getByText("MIN 1 GB, MAX 50 GB").waitFor();
  await field.fill("1.5");
  await field.press("Enter");
  await page.getByText("Enter a whole number of GB, 1 or more. MIN 1 GB, MAX 50 GB").waitFor();
  await field.fill("51");
  await field.press("Enter");
  await page
    .getByText("The limit must be between: MIN 1 GB, MAX 50 GB.")
    .or(page.getByText(/between.*50 GB/))
    .first()
    .waitFor();
  expect(await field.inputValue()).toBe("51");
  await field.fill("20");
  await field.press("Enter");
  await expect.poll(() => fact(page, "User Storage Limit").textContent()).toBe("20 GBEditRemove");
  await page.getByRole("button", { name: "Edit User Storage Limit" }).click();
  await field.fill("30");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await expect.poll(async () => (await details()).limitBytes).toBe(30 * GB);
  await page.getByRole("button", { name: "Remove User Storage Limit" }).click();
  await page.getByRole("dialog", { name: "Remove User Storage Limit?" }).getByRole("button", { name: "Yes" }).click();
  await page.getByRole("button", { name: "Set User Storage Limit" }).waitFor();
  expect((await details()).limitBytes).toBeNull();

  await page.getByText("Desktop: 0 Used / 2 Available").waitFor();
  await page.getByRole("button", { name: "Edit Desktop devices" }).click();
  await page.getByLabel("Desktop devices in all").fill("x");
  await page.getByLabel("Desktop devices in all").press("Enter");
  await page.getByText(/Enter a whole number, 1 or more. MIN 0/).waitFor();
  await page.getByLabel("Desktop devices in all").fill("5");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Desktop: 0 Used / 5 Available").waitFor();
});

test("machines of a user: limit, way to restore, deleted by name and brought back", async () => {
  const { service, user, open, details } = await started();
  const machine = await addMachine(service, user, { name: "front-desk" });
  await machine.backUp();
  const page = await open();
  const row = page.getByRole("row", { name: /front-desk/ });
  await row.waitFor();
  expect(await row.getByRole("cell").first().textContent()).toBe("Desktop");
  await row.getByText("< a minute ago").waitFor();
  expect(await row.getByRole("link", { name: "Restore files of front-desk" }).getAttribute("href")).toBe(
    `/restore/${machine.id}`,
  );
  await row.getByRole("button", { name: "Set Device Storage Limit of front-desk" }).click();
  const field = page.getByLabel("Device Storage Limit of front-desk, GB");
  await page.getByText("MIN 1 GB, MAX 50 GB").waitFor();
  await field.fill("60");
  await field.press("Enter");
  await page.getByText(/between/).waitFor();
  await field.fill("10");
  await field.press("Enter");
  await row.getByText("10 GB", { exact: true }).waitFor();
  await expect.poll(() => row.getByRole("cell").nth(1).textContent()).toMatch(/ B \/ 10 GB$/);
  // The user's limit is not below the largest of its machines.
  expect((await details()).allowed.limitBytes.minimum).toBe(10 * GB);

  await row.getByRole("button", { name: "Delete front-desk" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete machine front-desk?" });
  await dialog.getByText(/front-desk and all its backed-up files/).waitFor();
  await dialog.getByRole("button", { name: "Delete machine" }).click();
  await row.getByText("(deleted)").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await row.getByRole("button", { name: "Delete front-desk" }).waitFor();
  expect((await details()).machines).toBe(1);
});

test("product keys: unactivated above activated; Send Keys mails them", async () => {
  const { service, token, user, open } = await started();
  const made = await service.call("createProductKeys", { token, body: { user: user.id, kind: "desktop", count: 2 } });
  const page = await open();
  await page.getByRole("button", { name: "View Product Keys" }).click();
  const dialog = page.getByRole("dialog", { name: `Product Keys of ${user.email}` });
  await dialog.getByRole("rowheader", { name: `…-${made.json.keys[0].lastGroup}` }).waitFor();
  expect(await dialog.getByRole("heading", { level: 3 }).allTextContents()).toEqual(["Unactivated"]);
  await dialog.getByRole("button", { name: "Send Keys" }).click();
  await page.getByText(`2 keys were mailed to ${user.email}.`).waitFor();
  expect((await mailsTo(service, user.email))[0]?.letter).toMatch(/key/);
});

test("an admin changes password and e-mail, and is told beside the field what is wrong", async () => {
  const { service, token, user, open } = await started();
  await makeUser(service, token, { email: "bo@acme.example" });
  const page = await open();
  await page.getByRole("button", { name: "Change User Password" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("New password", { exact: true }).fill("another password");
  await dialog.getByLabel("New password again").fill("another passwort");
  await dialog.getByRole("button", { name: "Save Changes" }).click();
  await dialog.getByText(/not the same|differ/i).waitFor();
  await dialog.getByLabel("New password again").fill("another password");
  // Without a subdomain nobody could ever change a temporary one.
  expect(await dialog.getByLabel("Temporary password").count()).toBe(0);
  await dialog.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("The password was changed.").waitFor();
  expect((await service.call("login", { body: { email: user.email, password: user.password } })).code).toBe(
    "login/wrong",
  );
  expect((await service.call("login", { body: { email: user.email, password: "another password" } })).status).toBe(200);

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Change User Email" }).click();
  const email = page.getByLabel("New email");
  for (const [typed, said] of [
    ["ann@acme.example", /is the e-mail address already/],
    ["bo@acme.example", /already used for a log-in/],
  ] as const) {
    await email.fill(typed);
    await email.press("Enter");
    await page.getByText(said).waitFor();
  }
  await email.fill("anna@acme.example");
  await email.press("Enter");
  await page.getByRole("heading", { name: "anna@acme.example", level: 1 }).waitFor();
});

test("suspend, re-activation, second factor, log-ins: each asks first and is done", async () => {
  const { service, user, open, details } = await started();
  const person = await logInAs(service, user.email, user.password);
  await enrol(service, person.token);
  const page = await open();
  const act = async (name: string, confirmed?: string) => {
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name }).click();
    if (confirmed !== undefined)
      await page.getByRole("dialog", { name: confirmed }).getByRole("button", { name, exact: true }).click();
  };
  await act("Remove Second Factor", `Remove the second factor of ${user.email}?`);
  await expect.poll(async () => (await details()).hasSecondFactor).toBe(false);
  await act("Suspend User", `Suspend ${user.email}?`);
  await page.getByText("This user is suspended").waitFor();
  expect((await service.call("login", { body: { email: user.email, password: user.password } })).code).toBe(
    "account/suspended",
  );
  await act("Activate");
  await expect.poll(async () => (await details()).state).toBe("active");
  const again = await logInAs(service, user.email, user.password);
  await act("Expire Mobile Access", `Log ${user.email} out everywhere?`);
  await page.getByText(`${user.email} is logged out everywhere.`).waitFor();
  expect((await service.call("listLogIns", { token: again.token })).code).toBe("token/invalid");
  await act("Allow Re-Activation", `Allow re-activation of ${user.email}?`);
  await expect.poll(() => fact(page, "State").textContent()).toBe("Inactive");
  expect((await service.call("login", { body: { email: user.email, password: user.password } })).code).toBe(
    "login/wrong",
  );
  const mails = (await mailsTo(service, user.email)).length;
  await act("Send activation email again");
  await page.getByText(`The activation mail was sent to ${user.email} again.`).waitFor();
  expect(await mailsTo(service, user.email)).toHaveLength(mails + 1);
});

test("a user is deleted with its machines, brought back, and removed for good only by its typed name", async () => {
  const { service, user, open, details } = await started();
  await addMachine(service, user, { name: "den" });
  const page = await open();
  const remove = async () => {
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Delete User" }).click();
    const dialog = page.getByRole("dialog", { name: `Delete user ${user.email}?` });
    await dialog.getByText(/1 machine and all backed-up files/).waitFor();
    await dialog.getByRole("button", { name: "Delete User" }).click();
    await page.getByRole("button", { name: "Undelete User" }).waitFor();
  };
  await remove();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Change User Password" }).waitFor();
  expect(await details()).toMatchObject({ state: "active", machines: 1 });
  await remove();
  await page.getByRole("button", { name: "Remove for good" }).click();
  const dialog = page.getByRole("dialog", { name: `Remove ${user.email} for good?` });
  const button = dialog.getByRole("button", { name: "Remove for good" });
  expect(await button.isDisabled()).toBe(true);
  await dialog.getByRole("textbox").fill(user.email);
  await button.click();
  await page.getByRole("heading", { name: "Search / List Users" }).waitFor();
  expect((await details()).error.code).toBe("user/missing");
});

test("Log in as User shows what the user sees, says so all the time, and ends", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, { as: world.admin, path: `/users/${world.user.id}` });
  await page.getByRole("button", { name: "Log in as User" }).click();
  const dialog = page.getByRole("dialog", { name: `Log in as ${world.user.email}?` });
  await dialog.getByText(/recorded in the audit log, and the user sees it/).waitFor();
  await dialog.getByRole("button", { name: "Log in as User" }).click();
  const banner = page.getByRole("status").filter({ hasText: world.user.email });
  await banner.waitFor();
  expect(await page.getByRole("link", { name: "Search / List Users" }).count()).toBe(0);
  const activity = await service.service.domain.records.audit.list(
    { limit: 5 },
    { organization: world.organization.id },
  );
  expect(activity.map(({ action }) => action)).toContain("users/act-as");
  await banner.getByRole("button").click();
  await page.getByRole("button", { name: "Log in as User" }).waitFor();
});

test("where users log in at a subdomain a password can be temporary; after a while the admin's own is asked for first", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const path = `/users/${world.user.id}`;
  const page = await openConsole(service, { as: world.admin, path, mayFail: [/403/] });
  await page.getByRole("button", { name: "Log in as User" }).waitFor();
  await page.getByRole("button", { name: "Change User Password" }).click();
  await page.getByLabel("New password", { exact: true }).fill("only for once");
  await page.getByLabel("New password again").fill("only for once");
  await page.getByLabel("Temporary password").check();
  service.clock.advance(6 * 60_000);
  await page.getByRole("button", { name: "Save Changes" }).click();
  const proof = page.getByRole("dialog", { name: "Your password, please" });
  await proof.getByLabel("Password", { exact: true }).fill(world.admin.password);
  await proof.getByRole("button", { name: "Continue" }).click();
  await page.getByText("The password was changed.").waitFor();
  const body = { email: world.user.email, password: "only for once", for: "console", organization: "northwind" };
  expect((await service.call("login", { body })).json.limitedTo).toBe("password");
});

test("what an admin may not do with a user is not there", async () => {
  const { service, token, user } = await started();
  const role = await service.call("createRole", {
    token,
    body: { name: "Looks", capabilities: ["users.view", "machines.view"] },
  });
  const looks = { email: "looks@acme.example", name: "Looks", password: "looks password" };
  await service.call("createAdmin", { token, body: { ...looks, role: role.json.id } });
  const page = await openConsole(service, { as: looks, path: `/users/${user.id}` });
  await page.getByText("Desktop: 0 Used / 2 Available").waitFor();
  expect(await page.getByRole("main").getByRole("button").count()).toBe(0);
  expect(await page.getByRole("link", { name: "Add New User" }).count()).toBe(0);
});

test.each(["light", "dark"] as const)("the User Details panel is accessible (%s)", async (colorScheme) => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, { as: world.admin, path: `/users/${world.user.id}`, colorScheme });
  await page.getByRole("button", { name: "View Product Keys" }).waitFor();
  await page.getByRole("rowheader").first().waitFor();
  await shot(page, colorScheme === "light" ? "user-details" : "user-details-dark");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Set User Storage Limit" }).click();
  await page.getByLabel("User Storage Limit, GB").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "View Product Keys" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Send Keys" }).waitFor();
  await expectAccessible(page);
});
