import { expect, test } from "vitest";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { fact, startUserPanel } from "../support/console/user-panel.ts";
import { makeWorld } from "../support/console/world.ts";
import { enrol, logInAs } from "../support/logged-in.ts";
import { mailsTo, makeUser } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";

test("an admin changes password and e-mail, and is told beside the field what is wrong", async () => {
  const { service, token, user, open } = await startUserPanel();
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
  const { service, user, open, details } = await startUserPanel();
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
  await page.getByText(`${user.email} has no second factor any more.`).waitFor();
  expect((await details()).hasSecondFactor).toBe(false);
  await act("Suspend User", `Suspend ${user.email}?`);
  await page.getByText("This user is suspended").waitFor();
  expect((await service.call("login", { body: { email: user.email, password: user.password } })).code).toBe(
    "account/suspended",
  );
  await act("Activate");
  await page.getByText("This user is suspended").waitFor({ state: "detached" });
  expect((await details()).state).toBe("active");
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
  const { service, user, open, details } = await startUserPanel();
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
  const { service, token, user } = await startUserPanel();
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
