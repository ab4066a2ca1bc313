/** The first page: an admin knows in five seconds who is not backed up, and why; a user, whether all is well. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addAccount } from "../../server-mock/domain/people/new-account.ts";
import { expectAccessible } from "../support/console/accessible.ts";
import { turnColors } from "../support/console/colors.ts";
import { manyMachines } from "../support/console/many-machines.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { makeOwner } from "../support/logged-in.ts";
import { makeOrganization, makeUser } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";

const rows = (page: Page, label: string) => page.getByRole("list", { name: label }).getByRole("listitem");

test.each(["light", "dark"] as const)("overview, alerts and events are accessible (%s)", async (colorScheme) => {
  const service = await startConsoleService();
  await makeWorld(service);
  const page = await openConsole(service, { as: service.first.admin, colorScheme });
  await page.getByRole("heading", { name: "13 of 60 machines need attention" }).waitFor();
  await page
    .getByRole("img", { name: /Storage used/ })
    .locator("canvas")
    .waitFor();
  await page.getByText("about 46% of the files of the last backup").waitFor();
  await shot(page, colorScheme === "light" ? "overview" : "overview-dark");
  await expectAccessible(page);
  await page.goto(`${service.address}/alerts`);
  await page
    .getByRole("row", { name: /cad-03/ })
    .first()
    .waitFor();
  if (colorScheme === "light") await shot(page, "alerts");
  await expectAccessible(page);
  await page.goto(`${service.address}/events`);
  await page.getByRole("row", { name: /root\/missing/ }).waitFor();
  await expectAccessible(page);
});

test("who is not backed up stands there with cause and time, and every number leads to the list behind it", async () => {
  const service = await startConsoleService();
  await makeWorld(service);
  const page = await openConsole(service, { as: service.first.admin });
  const attention = rows(page, "Machines that need attention");
  const first = attention.filter({ hasText: "shop-floor-2" });
  await expect.poll(() => first.innerText()).toContain("Check the folder; a disk may not be mounted.");
  expect(await first.innerText()).toMatch(/Karl Steiner[\s\S]*Failing[\s\S]*2 days ago/);
  const counts = async () =>
    (await rows(page, "Machines by last update").allInnerTexts()).map((each) =>
      each
        .split(/\s*\n\s*/)
        .reverse()
        .join(" "),
    );
  await expect
    .poll(counts)
    .toEqual(["On time 45", "Late 3", "Failing 4", "Never backed up 2", "Offline 4", "Suspended 2"]);
  const today = page.getByRole("region", { name: "What changed today" });
  expect(await today.getByRole("link", { name: "Backups failed: 3" }).getAttribute("href")).toContain("/events?kind=");
  await today.getByRole("link", { name: "Backups failed: 3" }).click();
  await expect.poll(() => page.getByRole("rowheader").count()).toBe(3);
  await page.goBack();
  await page.getByRole("button", { name: "Show as table" }).press("Enter");
  await page.getByRole("row", { name: /21 November 2026.*12 TB/ }).waitFor();
  await page.getByRole("link", { name: /Late/ }).first().click();
  await page.waitForURL(/\/machines\?status=late/);
  await expect
    .poll(() => page.getByRole("rowheader").allInnerTexts())
    .toEqual(expect.arrayContaining(["cad-06", "line-2-controller", "office-12"]));
  await expect.poll(() => page.getByRole("rowheader").count()).toBe(3);
});

test("a backup that begins shows within seconds, grows, and is gone when it has ended", async () => {
  const service = await startConsoleService();
  const page = await openConsole(service, { as: service.first.admin });
  await page.getByText("No backup is running.").waitFor();
  const machine = await addMachine(service, service.first.user, { name: "den" });
  await machine.open();
  const running = page.getByRole("region", { name: /Running backups/ });
  await running.getByRole("link", { name: "den" }).waitFor();
  const { session, fence } = machine.session;
  const counters = { files: 1234, bytes: 5_000_000, filesEncoded: 9, bytesEncoded: 9, filesTransferred: 9 };
  const body = { fence, counters: { ...counters, bytesTransferred: 2_000_000 } };
  await service.call("progressSession", { token: machine.token, params: { session }, body });
  await running.getByText("1,234 files, 5 MB · 2 MB sent").waitFor();
  await machine.end();
  await running.getByText("No backup is running.").waitFor();
});

test("an organization without machines is told what to do first", async () => {
  const service = await startConsoleService();
  const page = await openConsole(service, { as: service.first.admin });
  await page.getByRole("heading", { name: "Three steps to the first backup" }).waitFor();
  await page.getByText("Done: 1 user.").waitFor();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Add New User" }).last().click();
  await page.waitForURL(/\/users\/new/);
});

test("a top-level admin sees all organizations together, or one of them", async () => {
  const service = await startConsoleService();
  const owner = await makeOwner(service);
  const acme = await makeOrganization(service, { owner });
  const ann = await makeUser(service, acme.admin.token, { desktopDevices: 3 });
  await addMachine(service, ann, { name: "in-acme" });
  await addMachine(service, service.first.user, { name: "at-home" });
  const page = await openConsole(service, { as: owner });
  const attention = rows(page, "Machines that need attention");
  await expect.poll(() => attention.count()).toBe(2);
  expect(await attention.filter({ hasText: "in-acme" }).innerText()).toContain("acme");
  await page.getByLabel("Organization", { exact: true }).selectOption("acme");
  await expect.poll(() => attention.count()).toBe(1);
  await page
    .getByRole("link", { name: /Never backed up/ })
    .first()
    .click();
  await page.waitForURL(new RegExp(`organization=${acme.id}`));
  await expect.poll(() => page.getByRole("rowheader").allInnerTexts()).toEqual(["in-acme"]);
});

test("an alert says what to do, is acknowledged, and closed ones are there on request", async () => {
  const service = await startConsoleService();
  await makeWorld(service);
  const page = await openConsole(service, { as: service.first.admin, path: "/alerts" });
  const row = page.getByRole("row", { name: /office-17/ });
  await expect.poll(() => row.innerText()).toContain("Have its user start the agent, and run the first backup.");
  await page.getByRole("button", { name: "Acknowledge office-17" }).click();
  await page.getByText("You look after office-17.").waitFor();
  await expect.poll(() => row.innerText()).toContain("by admin@holdfast.example");
  await page.getByLabel("Kind").selectOption("Quota exceeded");
  await expect.poll(() => page.getByRole("rowheader").count()).toBe(1);
  await page.getByRole("button", { name: "Clear search" }).click();
  await page.getByLabel("State").selectOption("Closed");
  await expect.poll(() => page.getByRole("rowheader").allInnerTexts()).toEqual([expect.stringContaining("office-01")]);
});

test("a user sees its own machines only: how each is, what to do, the way to its files, what admins did", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const { domain } = service.service;
  const failed = { lastFailureAt: service.clock.now(), lastFailureCode: "root/missing" };
  await domain.records.machines.change(world.machine("maria-laptop").id, failed);
  const page = await openConsole(service, { as: world.user, at: world.organization.subdomain });
  await page.getByRole("heading", { name: "1 machine needs your attention" }).waitFor();
  const cards = page.getByRole("article");
  expect(await cards.count()).toBe(world.machines.filter(({ user }) => user.id === world.user.id).length);
  const laptop = page.getByRole("article", { name: "maria-laptop" });
  expect(await laptop.innerText()).toContain("Open the agent on that computer: it shows what is wrong.");
  await page.getByText("admin@holdfast.example logged in as you").waitFor();
  await page
    .getByRole("img", { name: /Storage used/ })
    .locator("canvas")
    .waitFor();
  await shot(page, "my-machines");
  await expectAccessible(page);
  expect(await page.getByText("cad-02").count()).toBe(0);
  expect(await page.getByRole("link", { name: "Search / List Users" }).count()).toBe(0);
  await turnColors(page, "dark");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Backups: maria-laptop" }).click();
  await page.waitForURL(/\/records\/backups\?machine=/);
});

test("names that are markup, formulas, or turn the reading direction round are text", async () => {
  const service = await startConsoleService();
  const { domain } = service.service;
  const names = ["<img src=x onerror=alert(1)>", "=HYPERLINK(1)", "fdp\u202egpj.exe"];
  const owner = await domain.records.accounts.findByLogin(service.first.user.email);
  if (owner?.organization == null) throw new Error("not a new service");
  for (const [index, name] of names.entries()) {
    const machine = await addMachine(service, service.first.user, { name: `m${index}` });
    await machine.open();
    await domain.records.machines.change(machine.id, { name });
  }
  await domain.records.transaction((stores) =>
    addAccount(domain, stores, {
      ...{ organization: owner.organization, role: "user", email: "x@example.com", name: "<b>x</b>", password: null },
      userGroup: owner.userGroup,
    }),
  );
  const page = await openConsole(service, { as: service.first.admin });
  const shown = ["<img src=x onerror=alert(1)>", "=HYPERLINK(1)", "fdp⟨U+202E⟩gpj.exe"];
  const attention = page.getByRole("region", { name: "Machines that need attention" });
  const running = page.getByRole("region", { name: /Running backups/ });
  for (const name of shown)
    for (const part of [attention, running]) await part.getByRole("link", { name, exact: true }).waitFor();
  expect(await page.locator("img[src=x]").count()).toBe(0);
});

test("on a phone nothing is wider than the screen", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const viewport = { width: 390, height: 844 };
  const page = await openConsole(service, { as: service.first.admin, viewport });
  await page.getByRole("heading", { name: "13 of 60 machines need attention" }).waitFor();
  const backup = await service.service.domain.records.backups.list(world.machine("srv-erp").id, { limit: 1 });
  for (const path of ["/", "/alerts", "/events", "/records/backups", `/records/backups/${backup[0]?.id}`]) {
    await page.goto(`${service.address}${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page
      .getByRole("link", { name: /srv-erp|cad-03/ })
      .first()
      .waitFor();
    if (process.env.PHONE) await page.screenshot({ path: `${process.env.PHONE}${path.replaceAll("/", "_")}.png` });
    await expectFitsPhone(page);
  }
});

test("among ten thousand machines those that need attention are found at once", async () => {
  const service = await startConsoleService();
  await manyMachines(service, 10_000);
  const page = await openConsole(service, { as: service.first.admin });
  await page.getByRole("heading", { name: "667 of 10,000 machines need attention" }).waitFor();
  await expect.poll(() => rows(page, "Machines that need attention").count()).toBe(12);
  await page.getByRole("link", { name: "All: Failing" }).click();
  await page.waitForURL(/\/machines\?status=failing/);
  await page.getByText("500 rows").waitFor();
});
