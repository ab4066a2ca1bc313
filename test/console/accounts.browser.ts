import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { makeOwner } from "../support/logged-in.ts";
import { GB, mailsTo, makeGroup, makeOrganization, newestSecret } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";

const FORM = { login: "jo", email: "jo@acme.example" };

test("an account is added with its quotas, inactive until its mail is followed, and then active", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const token = await service.logIn("admin");
  const page = await openConsole(service, { as: service.first.admin, path: "/accounts", mayFail: [/409|422/] });
  await page.getByRole("link", { name: "Add account" }).first().click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("Enter a log-in name.").waitFor();
  await page.getByLabel("Group").selectOption("Workshop");
  await page.getByLabel("Login").fill(world.user.email);
  await page.getByLabel("Email address").fill(FORM.email);
  await page.getByLabel("First name (optional)").fill("<i>Jo</i>");
  await page.getByLabel("Physical workstations: quota", { exact: true }).fill("1");
  await page.getByLabel("Physical workstations: quota overages").fill("1");
  await page.getByLabel("Office 365 mailboxes: quota", { exact: true }).fill("many");
  await page.getByText("MIN 1 GB, MAX 2,500 GB").waitFor();
  await page.getByLabel("Storage quota", { exact: true }).fill("3000");
  await page.getByRole("radio", { name: "More" }).check();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("Enter a whole number, or leave it blank.").waitFor();
  await page.getByLabel("Office 365 mailboxes: quota", { exact: true }).fill("10");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText(/between .* and 2.5 TB/).waitFor();
  await page.getByLabel("Storage quota", { exact: true }).fill("50");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText(/is already used for a log-in/).waitFor();
  await page.getByLabel("Login").fill(FORM.login);
  await page.getByLabel("Backup locations").selectOption("Cloud only");
  await page.setViewportSize({ width: 1280, height: 1400 });
  await shot(page, "new-account");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add", exact: true }).click();

  const row = page.getByRole("row", { name: /jo@acme.example/ });
  await row.getByText("Inactive").waitFor();
  await row.getByText("<i>Jo</i>").waitFor();
  expect((await mailsTo(service, FORM.email))[0]?.letter).toBe("activation");
  const secret = await newestSecret(service, FORM.email);
  await service.call("activate", { body: { secret, password: "a good password" } });
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.reload();
  await row.getByText("Active", { exact: true }).waitFor();
  await shot(page, "accounts");
  await expectAccessible(page);

  // Black below, orange at the quota, red beyond it; said in words, too.
  const person = { email: FORM.login, password: "a good password" };
  await addMachine(service, person, { name: "one" });
  await row.getByRole("link", { name: "jo", exact: true }).click();
  const line = page.getByRole("row", { name: /^Physical workstations/ });
  await line.getByText("1 (quota reached)").waitFor();
  expect(await line.locator(".usage-reached").count()).toBe(1);
  await addMachine(service, person, { name: "two" });
  await page.reload();
  await line.getByText("2 (quota exceeded)").waitFor();
  expect(await line.locator(".usage-exceeded").count()).toBe(1);
  const { items } = (await service.call("listAccounts", { token })).json;
  const made = items.find(({ login }: { login: string }) => login === "jo");
  expect(made).toMatchObject({
    quotas: { workstations: { limit: 1, overage: 1 }, mailboxes: { limit: 10, overage: null } },
    storage: { limitBytes: 50 * GB, overageBytes: null },
    locations: "cloud-only",
    notifications: "more",
    agentAutoUpdate: true,
    businessNotifications: true,
  });
});

test("whoever was quicker is shown beside what was typed, and saving again saves", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const made = await service.call("createAccount", { token, body: FORM });
  const params = { account: made.json.id };
  const path = `/accounts/${made.json.id}`;
  const page = await openConsole(service, { as: service.first.admin, path, mayFail: [/412/], colorScheme: "dark" });
  await page.getByLabel("First name (optional)").fill("Jo");
  await service.call("changeAccount", { token, params, body: { lastName: "Berg" } });
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Somebody else changed this while you were editing.").waitFor();
  await page.getByText("Last name (optional) is now: Berg").waitFor();
  await expectAccessible(page);
  expect(await page.getByLabel("First name (optional)").inputValue()).toBe("Jo");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("jo was changed.").waitFor();
  const { json } = await service.call("getAccountForm", { token, params });
  expect(json).toMatchObject({ firstName: "Jo", lastName: "Berg" });

  await page.getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("dialog", { name: "Suspend jo?" }).getByRole("button", { name: "Suspend" }).click();
  await page.getByText("This account is suspended").waitFor();
  await page.getByRole("button", { name: "Activate" }).click();
  await page.getByText("This account is inactive").waitFor();
});

test("a top-level admin chooses the organization first, then its group; where the form is off there is none", async () => {
  const service = await startConsoleService();
  const owner = await makeOwner(service);
  const acme = await makeOrganization(service, { name: "acme", owner });
  await makeGroup(service, acme.admin.token, { name: "Sales" });
  const asOwner = { email: "owner@example.com", password: "owner password" };
  const page = await openConsole(service, { as: asOwner, path: "/accounts" });
  await page.getByText("Accounts belong to an organization").waitFor();
  expect(await page.getByRole("link", { name: "Add account" }).count()).toBe(0);
  await page.getByLabel("Organization", { exact: true }).selectOption("acme");
  await page.getByRole("link", { name: "Add account" }).first().click();
  await page.getByLabel("Group").selectOption("Sales");
  await page.getByLabel("Login").fill("jo");
  await page.getByLabel("Email address").fill(FORM.email);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page
    .getByRole("row", { name: /jo@acme.example Sales|jo@acme.example/ })
    .getByText("Inactive")
    .waitFor();

  await service.call("changeOwnOrganization", { token: acme.admin.token, body: { settings: { accountForm: false } } });
  const chief = { email: "chief@acme.example", password: "chief password" };
  const other = await openConsole(service, { as: chief, path: "/accounts" });
  await other.getByRole("rowheader").first().waitFor();
  expect(await other.getByRole("link", { name: "Add account" }).count()).toBe(0);
});
