/** Roles, admins, organization settings. */
import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { enrol, logInAs, makeAdmin, makeOwner, makeRole } from "../support/logged-in.ts";
import { makeOrganization } from "../support/organizations.ts";
import { addGroup } from "../support/people.ts";

const HOSTILE = "<img src=x onerror=alert(1)>=cmd|'x'";

test("an admin makes a role for one group, gives it to a new admin, and that admin sees only what the role gives", async () => {
  const service = await startConsoleService();
  await addGroup(service, await service.logIn("admin"), HOSTILE);
  const page = await openConsole(service, { as: service.first.admin, path: "/roles", mayFail: [/409|422/] });
  await page.getByText("No roles yet").waitFor();
  await page.getByRole("link", { name: "Add Role" }).click();
  await page.getByRole("button", { name: "Add Role" }).click();
  await page.getByText("Enter a name.").waitFor();
  await page.getByLabel("Name").fill("Help desk");
  await page.getByRole("radio", { name: "Chosen user groups" }).check();
  await page.getByRole("button", { name: "Add Role" }).click();
  await page.getByText("Choose at least one user group.").waitFor();
  await page.getByRole("checkbox", { name: HOSTILE }).check();
  await page.getByRole("checkbox", { name: "Users: Edit" }).check();
  expect(await page.getByRole("checkbox", { name: "Users: View" }).isChecked()).toBe(true);
  await page.getByRole("checkbox", { name: "Machines: View" }).check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add Role" }).click();
  await page.getByRole("heading", { name: "Help desk", level: 1 }).waitFor();
  await page.getByText("Nobody has this role yet.").waitFor();

  await page.getByRole("link", { name: "Admins", exact: true }).click();
  await page.getByRole("link", { name: "Add Admin" }).click();
  const add = page.getByRole("button", { name: "Add Admin" });
  await page.getByLabel("Email").fill(service.first.user.email);
  await page.getByLabel("Name").fill("Ann");
  await page.getByLabel("Role").selectOption("Help desk");
  await page.getByLabel(/^Password(?! again)/).fill("short");
  await page.getByLabel("Password again").fill("other");
  await add.click();
  await page.getByText("The two passwords differ.").waitFor();
  await page.getByLabel("Password again").fill("short");
  await add.click();
  await page.getByText(/A password has at least 8 characters/).waitFor();
  await page.getByLabel(/^Password(?! again)/).fill("ann's password");
  await page.getByLabel("Password again").fill("ann's password");
  await add.click();
  await page.getByText(/is already used for a log-in/).waitFor();
  await page.getByLabel("Email").fill("ann@acme.example");
  await add.click();
  await page.getByRole("heading", { name: "ann@acme.example", level: 1 }).waitFor();

  const ann = await openConsole(service, { as: { email: "ann@acme.example", password: "ann's password" } });
  const menu = ann.getByRole("navigation", { name: "Menu" });
  await menu.getByRole("link", { name: "Search / List Users" }).waitFor();
  for (const absent of ["Roles", "Admins", "Organization Settings", "Audit Log", "Product Keys", "Add New User"])
    expect([absent, await menu.getByRole("link", { name: absent, exact: true }).count()]).toEqual([absent, 0]);
  await ann.goto(`${service.address}/roles`);
  await ann.getByRole("heading", { name: "There is no such page." }).waitFor();
});

test("a role is changed and deleted: nobody else's change is overwritten unseen, and none that somebody has is deleted", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const role = await makeRole(service, token, { name: "Keeper", capabilities: ["users.view"] });
  const holder = await makeAdmin(service, token, { email: "kim@acme.example", role });
  const page = await openConsole(service, { as: service.first.admin, path: `/roles/${role}`, mayFail: [/412/] });
  await page.getByRole("checkbox", { name: "Audit Log: View" }).check();
  await service.call("changeRole", { token, params: { role }, body: { name: "Keeper of keys" } });
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Name is now: Keeper of keys").waitFor();
  expect(await page.getByRole("checkbox", { name: "Audit Log: View" }).isChecked()).toBe(true);
  await page.getByLabel("Name").fill("Keeper of keys and logs");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByRole("heading", { name: "Keeper of keys and logs", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Delete Role" }).click();
  await page.getByText("1 admin has this role. Give them another one first.").waitFor();
  await page.getByRole("link", { name: "kim@acme.example" }).click();
  await page.getByRole("heading", { name: "kim@acme.example", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Delete Admin" }).click();
  const question = page.getByRole("dialog", { name: "Delete kim@acme.example?" });
  await question.getByRole("button", { name: "Delete Admin" }).click();
  await page.getByRole("heading", { name: "Admins", level: 1 }).waitFor();
  expect((await service.call("getOwnAccount", { token: holder.token })).code).toBe("token/invalid");
  await page.goto(`${service.address}/roles/${role}`);
  await page.getByRole("button", { name: "Delete Role" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete Role" }).click();
  await page.getByText("No roles yet").waitFor();
});

test("an admin gives another one a new password, takes a lost second factor away, suspends and activates; the last one with all rights stays", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const kim = await makeAdmin(service, token, { email: "kim@acme.example" });
  await enrol(service, kim.token);
  const page = await openConsole(service, { as: service.first.admin, path: "/admins", mayFail: [/409|422/] });
  await page
    .getByRole("row", { name: /kim@acme.example/ })
    .getByText("On", { exact: true })
    .waitFor();
  await expectAccessible(page);
  await page.getByRole("link", { name: "kim@acme.example" }).click();
  await page.getByRole("button", { name: "Remove second factor" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove second factor" }).click();
  await page.getByText("The second factor was removed.").waitFor();
  await page.getByRole("button", { name: "Change Password" }).click();
  const dialog = page.getByRole("dialog", { name: "New password of kim@acme.example" });
  await dialog.getByLabel("New password", { exact: true }).fill("short");
  await dialog.getByLabel("New password again").fill("short");
  await dialog.getByRole("button", { name: "Save Changes" }).click();
  await dialog.getByText(/A password has at least 8 characters/).waitFor();
  await dialog.getByLabel("New password", { exact: true }).fill("kim's new password");
  await dialog.getByLabel("New password again").fill("kim's new password");
  await dialog.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("The password was changed.").waitFor();
  expect((await logInAs(service, kim.email, "kim's new password")).id).toBe(kim.id);
  await page.getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
  await page.getByText("This admin is suspended and can't log in.").waitFor();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Admins", exact: true }).first().click();
  await page.getByRole("link", { name: service.first.admin.email }).click();
  await page.getByText(/This is you\./).waitFor();
  expect(await page.getByRole("button", { name: "Delete Admin" }).count()).toBe(0);
  const role = await makeRole(service, token, { name: "Less", capabilities: ["users.view"] });
  await page.reload();
  await page.getByRole("button", { name: "change Role" }).click();
  await page.getByLabel("Role").selectOption("Less");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText(/This is the last active administrator with all rights/).waitFor();
  expect(role).not.toBe("");
});

test("who has less than everything sees only own rights to give, and a role beyond them as it is, without its buttons", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const capabilities = [
    "roles.view",
    "roles.create",
    "roles.edit",
    "roles.delete",
    "users.view",
    "groups.view",
  ] as const;
  const role = await makeRole(service, token, { name: "Role maker", capabilities: [...capabilities] });
  const maker = await makeAdmin(service, token, { email: "max@acme.example", role });
  const beyond = await makeRole(service, token, { name: "Auditor", capabilities: ["audit.view", "users.view"] });
  const page = await openConsole(service, { as: maker, path: "/roles/new" });
  await page.getByRole("checkbox", { name: "Users: View" }).waitFor();
  expect(await page.getByRole("checkbox", { name: "Users: Edit" }).count()).toBe(0);
  expect(await page.getByRole("checkbox", { name: "Audit Log: View" }).count()).toBe(0);
  await page.goto(`${service.address}/admins/new`);
  await page.getByLabel("Role").selectOption("Role maker");
  expect(await page.getByRole("option").allInnerTexts()).toEqual(["", "Role maker"]);
  await page.goto(`${service.address}/roles/${beyond}`);
  await page.getByText("This role goes beyond what you may do yourself").waitFor();
  expect(await page.getByRole("checkbox", { name: "Audit Log: View" }).isDisabled()).toBe(true);
  expect(await page.getByRole("button", { name: "Delete Role" }).count()).toBe(0);
  expect(await page.getByRole("button", { name: "Save Changes" }).count()).toBe(0);
});

test("an admin chooses the subdomain where users log in: taken and reserved ones are refused beside the field", async () => {
  const service = await startConsoleService();
  const owner = await makeOwner(service);
  await makeOrganization(service, { name: "zebra", owner, subdomain: "zebra" });
  const page = await openConsole(service, {
    as: service.first.admin,
    path: "/organization",
    mayFail: [/400|409|412|422/],
  });
  await page.getByText("Users can't log in: there is no subdomain").waitFor();
  const save = page.getByRole("button", { name: "Save Changes" });
  await page.getByRole("checkbox", { name: "Users may log in" }).check();
  await save.click();
  await page.getByText(/This needs a subdomain/).waitFor();
  const field = page.getByRole("textbox", { name: "Subdomain" });
  for (const [name, says] of [
    ["zebra", /The subdomain zebra is taken/],
    ["admin", /The subdomain admin is reserved/],
    ["-x", /3 to 63 letters, digits and dashes/],
  ] as const) {
    await field.fill(name);
    await save.click();
    await page.getByText(says).last().waitFor();
    await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  }
  await field.fill("acme");
  await page.reload();
  await page.getByText("What you had entered before is here again.").waitFor();
  await save.click();
  await page.getByRole("group", { name: "Users log in at" }).getByText("/o/acme").waitFor();
  expect(await page.getByRole("checkbox", { name: "Users may log in" }).isChecked()).toBe(true);
});

test("settings have their ranges beside them, and who was slower keeps what was typed and sees what differs", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const as = service.first.admin;
  const page = await openConsole(service, { as, path: "/organization", mayFail: [/409|412|422/] });
  await page.getByText("MIN 1, MAX 365").waitFor();
  await page.getByLabel("Overdue after (days)").fill("400");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Enter a whole number of days: MIN 1, MAX 365.").waitFor();
  await page.getByLabel("Overdue after (days)").fill("9");
  const settings = { undeleteUserDays: 90, secondFactor: "admins" };
  expect((await service.call("changeOwnOrganization", { token, body: { settings } })).status).toBe(200);
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Somebody else changed this while you were editing.").waitFor();
  await page.getByText("Second factor is now: Required for admins").waitFor();
  await page.getByText("Deleted users come back for (days) is now: 90").waitFor();
  expect(await page.getByLabel("Overdue after (days)").inputValue()).toBe("9");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("The settings were saved.").waitFor();
  const { json } = await service.call("ownOrganization", { token });
  expect(json.settings).toMatchObject({ overdueDays: 9, ...settings });
});

test("roles, admins and settings of a real organization, in light and dark and on a phone", async () => {
  const service = await startConsoleService({ config: { publicUrl: "https://backup.northwind.example" } });
  await makeWorld(service);
  const token = await service.logIn("admin");
  const groups = (await service.call("listGroups", { token })).json.items;
  const design = groups.find(({ name }: { name: string }) => name === "Design").id;
  const desk = await makeRole(service, token, {
    name: "Help desk",
    capabilities: [
      "users.view",
      "users.edit",
      "users.act-as",
      "machines.view",
      "machines.edit",
      "keys.view",
      "restores.view",
    ],
    groups: [design],
  });
  const audit = await makeRole(service, token, { name: "Auditor", capabilities: ["audit.view", "reports.view"] });
  await makeAdmin(service, token, { email: "ruth@northwind.example", role: desk });
  await enrol(service, (await makeAdmin(service, token, { email: "peter@northwind.example", role: audit })).token);
  const page = await openConsole(service, { as: service.first.admin, path: "/roles" });
  await page.getByRole("link", { name: "Help desk" }).waitFor();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Help desk" }).click();
  await page.getByRole("checkbox", { name: "Design" }).waitFor();
  await page.getByRole("link", { name: "ruth@northwind.example" }).waitFor();
  await shot(page, "role");
  await page.goto(`${service.address}/admins`);
  await page.getByRole("link", { name: "peter@northwind.example" }).waitFor();
  await shot(page, "admins");
  await page.goto(`${service.address}/organization`);
  await page.getByLabel("Time zone").waitFor();
  await shot(page, "organization");
  await page.emulateMedia({ colorScheme: "dark" });
  for (const path of ["/roles", `/roles/${desk}`, "/admins", "/admins/new", "/organization"]) {
    await page.goto(`${service.address}${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await expectFitsPhone(page);
    await expectAccessible(page);
  }
});

test("who may see users and nothing else finds no link to pages that are not theirs", async () => {
  const service = await startConsoleService();
  const { user: someone } = await makeWorld(service);
  const token = await service.logIn("admin");
  const role = await makeRole(service, token, { capabilities: ["users.view"] });
  const page = await openConsole(service, { as: await makeAdmin(service, token, { role }), path: "/" });
  const main = page.getByRole("main");
  const leadsToMachines = () => main.locator("a[href^='/machines']").count();
  await main
    .getByText(/machines? needs? attention|of \d+ machines/)
    .first()
    .waitFor();
  expect(await leadsToMachines()).toBe(0);
  await page.getByRole("link", { name: "Search / List Users" }).click();
  const user = main.getByRole("link", { name: someone.email });
  await user.waitFor();
  expect(await leadsToMachines()).toBe(0);
  await user.click();
  await page.getByRole("heading", { name: someone.email, level: 1 }).waitFor();
  expect([await leadsToMachines(), await main.getByRole("alert").count()]).toEqual([0, 0]);
});
