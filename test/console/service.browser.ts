/** What a top-level admin does: organizations, top-level admins, the service itself. */
import { expect, test } from "vitest";
import { serviceJobs } from "../../server-mock/jobs/jobs.ts";
import { expectAccessible } from "../support/console/accessible.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { logInAs, makeOwner } from "../support/logged-in.ts";
import { GB, makeOrganization, makeUser } from "../support/organizations.ts";

const HOSTILE = "Acme <b>&amp; Sons</b> =1+1";

test("a top-level admin makes an organization with its first admin, who logs in", async () => {
  const service = await startConsoleService();
  const owner = await makeOwner(service);
  const page = await openConsole(service, { as: owner, path: "/organizations", mayFail: [/4(00|09|22)/] });
  await page.getByRole("rowheader", { name: service.first.organization }).waitFor();
  await page.getByRole("link", { name: "Add Organization" }).click();
  await page.getByLabel("Name").first().fill(service.first.organization);
  await page.getByLabel("Edition").selectOption("Enterprise");
  await page.getByLabel("Limit (GB)").fill("500");
  await page.getByLabel("Email").fill("chief@acme.example");
  await page.getByLabel("Name").last().fill("Chief");
  await page.getByLabel(/^Password/).fill("a chief's long password");
  await page.getByRole("button", { name: "Add Organization" }).click();
  await page.getByText(`There is already an organization named ${service.first.organization}.`).waitFor();
  await page.reload();
  expect(await page.getByLabel("Email").inputValue()).toBe("chief@acme.example");
  expect(await page.getByLabel(/^Password/).inputValue()).toBe("");
  await page.getByLabel("Name").first().fill(HOSTILE);
  await page.getByLabel(/^Password/).fill("a chief's long password");
  await page.getByRole("button", { name: "Add Organization" }).click();
  await page.getByRole("heading", { level: 1, name: HOSTILE }).waitFor();
  await page.getByText("0 B / 500 GB").waitFor();
  await logInAs(service, "chief@acme.example", "a chief's long password");
});

test("its edition, switches, storage and licences are changed; what doesn't fit is refused beside its field, with MIN and MAX", async () => {
  const service = await startConsoleService();
  const { id, owner, admin } = await makeOrganization(service, { limitBytes: 500 * GB });
  await makeUser(service, admin.token, { desktopDevices: 4 });
  const page = await openConsole(service, { as: owner, path: `/organizations/${id}`, mayFail: [/4(12|22)/] });
  const licences = page.getByLabel("Desktop licences");
  await page.getByText("MIN 4, no MAX").waitFor();
  await licences.fill("2");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("1 field needs another look.").waitFor();
  expect(await licences.getAttribute("aria-invalid")).toBe("true");
  await licences.fill("10");
  await page.getByLabel("Storage: Limit (GB)").fill("750");
  await page.getByLabel("Edition").selectOption("Enterprise");
  await page.getByLabel("Add account form").uncheck();
  await page.getByLabel("Subdomain").fill("acme");
  // Somebody else is quicker.
  await service.call("changeOrganization", {
    token: owner.token,
    params: { organization: id },
    body: { name: "Acme Ltd" },
  });
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Name is now: Acme Ltd").waitFor();
  await page.getByLabel("Name").fill("Acme Ltd");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Acme Ltd was saved.").waitFor();
  const { json } = await service.call("getOrganization", { token: owner.token, params: { organization: id } });
  expect(json).toMatchObject({
    name: "Acme Ltd",
    edition: "enterprise",
    subdomain: "acme",
    limitBytes: 750 * GB,
    settings: { accountForm: false },
  });
  expect(json.pools.find(({ kind }: { kind: string }) => kind === "desktop").devices).toBe(10);
  await page.getByRole("link", { name: "Users", exact: true }).click();
  await page.getByRole("rowheader", { name: "ann@acme.example" }).waitFor();
  expect(await page.getByRole("rowheader").count()).toBe(1);
});

test("an organization is suspended and activated; only an empty one is deleted, when its name was typed", async () => {
  const service = await startConsoleService();
  const { id, owner, admin } = await makeOrganization(service);
  const user = await makeUser(service, admin.token);
  const page = await openConsole(service, { as: owner, path: `/organizations/${id}`, mayFail: [/40[139]/] });
  await page.getByRole("button", { name: "Suspend" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Suspend acme?").waitFor();
  await dialog.getByRole("button", { name: "Suspend" }).click();
  await page.getByText("It is suspended: nobody of it can log in").waitFor();
  await page.getByRole("button", { name: "Activate" }).click();
  await page.getByRole("button", { name: "Suspend" }).waitFor();
  const tryToDelete = async () => {
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const confirm = dialog.getByRole("button", { name: "Delete" });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel("Type acme to confirm").fill("acme");
    await confirm.click();
  };
  await tryToDelete();
  await page.getByText("The organization acme is not empty: it has 1 users and 0 machines.").waitFor();
  await service.call("deleteUser", { token: admin.token, params: { user: user.id } });
  await service.call("purgeUser", { token: admin.token, params: { user: user.id }, body: { confirm: user.email } });
  await tryToDelete();
  await page.getByRole("heading", { level: 1, name: "Organizations" }).waitFor();
  await page.getByRole("rowheader", { name: service.first.organization }).waitFor();
  await page.getByRole("rowheader", { name: "acme" }).waitFor({ state: "detached" });
});

test("top-level admins are added, suspended, activated and deleted, never oneself", async () => {
  const service = await startConsoleService();
  const owner = await makeOwner(service);
  const page = await openConsole(service, { as: owner, path: "/owners", mayFail: [/4(00|01|03|09)/] });
  await page
    .getByRole("row", { name: /owner@example.com/ })
    .getByText("you")
    .waitFor();
  await page.getByRole("button", { name: "Add Top-level Admin" }).click();
  const dialog = page.getByRole("dialog", { name: "Add Top-level Admin" });
  await dialog.getByLabel("Email").fill(owner.email);
  await dialog.getByLabel("Name").fill("Second");
  await dialog.getByLabel(/^Password/).fill("second owner password");
  await dialog.getByRole("button", { name: "Add Top-level Admin" }).click();
  await dialog.locator("[aria-invalid=true]").waitFor();
  await dialog.getByLabel("Email").fill("second@example.com");
  await dialog.getByRole("button", { name: "Add Top-level Admin" }).click();
  const row = page.getByRole("row", { name: /second@example.com/ });
  await row.getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
  await row.getByRole("button", { name: "Activate" }).click();
  await row.getByRole("button", { name: "Delete" }).click();
  await page.getByLabel("Type second@example.com to confirm").fill("second@example.com");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await row.waitFor({ state: "detached" });
});

test.each(["light", "dark"] as const)(
  "what a top-level admin sees can be read by everybody (%s)",
  async (colorScheme) => {
    const service = await startConsoleService();
    const world = await makeWorld(service);
    const more = { limitBytes: 500 * GB, edition: "enterprise", subdomain: "acme" };
    const { owner } = await makeOrganization(service, { name: "acme", ...more });
    await makeOrganization(service, { name: "birch", owner, edition: "home", limitBytes: 200 * GB });
    for (const job of serviceJobs(service.service.domain)) await job.run(new AbortController().signal);
    const page = await openConsole(service, { as: owner, path: "/service", colorScheme });
    await page.getByRole("rowheader", { name: "watch-silence" }).waitFor();
    await page.getByText("Database").waitFor();
    await page.getByText("Running backups").waitFor();
    const look = async (picture: string, options = {}) => {
      if (colorScheme === "light") await shot(page, picture, options);
      else await expectFitsPhone(page);
      await expectAccessible(page);
    };
    await look("service");
    await page.goto(`${service.address}/organizations`);
    await page.getByRole("rowheader", { name: "birch" }).waitFor();
    await look("organizations");
    await page.goto(`${service.address}/organizations/${world.organization.id}`);
    await page.getByLabel("Desktop licences").waitFor();
    await look("organization-details", { isWhole: true });
    await page.goto(`${service.address}/organizations/new`);
    await page.getByLabel("Edition").waitFor();
    await look("new-organization", { isWhole: true });
    await page.goto(`${service.address}/owners`);
    await page.getByRole("button", { name: "Add Top-level Admin" }).click();
    await page.getByRole("dialog").waitFor();
    await look("owners");
  },
);

test("admins of an organization see nothing of other organizations and of the service", async () => {
  const service = await startConsoleService();
  const page = await openConsole(service, { as: service.first.admin, path: "/organizations" });
  await page.getByRole("heading", { name: "There is no such page." }).waitFor();
  const menu = page.getByRole("navigation", { name: "Menu" });
  expect(await menu.getByRole("link", { name: "Organizations" }).count()).toBe(0);
  expect(await menu.getByRole("link", { name: "Webhooks" }).count()).toBe(1);
});
