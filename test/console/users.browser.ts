import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { makeOwner } from "../support/logged-in.ts";
import { makeOrganization, makeUser } from "../support/organizations.ts";

const HOSTILE = '<img src=x onerror=alert(1)>\u{200f}=cmd|"x"';
const COLUMNS = [
  "External ID",
  "User",
  "Name",
  "User Group",
  "Sync",
  "Machines",
  "Storage",
  "Storage Used",
  "Created",
  "Backed Up",
];

const FILTERS = [
  "Active Users",
  "Inactive Users",
  "Suspended Users",
  "Canceled Users",
  "Deleted Users",
  "Backed Up Within 24 Hours",
  "Backed Up Within 1 Week",
  "Backup Over 1 Week Old",
  "Never Backed Up",
];

test("an admin finds users: search, Full Search, filters, order, and the same as a file", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, { as: world.admin, path: "/users" });
  const rows = page.getByRole("rowheader");
  await rows.first().waitFor();
  const titles = await page.getByRole("columnheader").allTextContents();
  expect(titles.map((title) => title.replace(/[↕↑↓]/u, ""))).toEqual(COLUMNS);
  await shot(page, "users");
  await expectAccessible(page);
  const filters = await page.getByLabel("Filter").getByRole("option").allTextContents();
  expect(filters).toEqual(["All", ...FILTERS]);
  // Few enough for one page.
  expect(await page.getByRole("navigation", { name: "Pages" }).count()).toBe(0);

  await page.getByRole("button", { name: "User", exact: true }).click();
  await expect.poll(() => rows.first().textContent()).toBe("aisha.rahman@northwind.example");
  await page.getByRole("button", { name: "User", exact: true }).click();
  await expect.poll(() => rows.first().textContent()).toBe("yuki.tanaka@northwind.example");

  await page.getByLabel("Search", { exact: true }).fill("yuki");
  await page.getByText("Nothing found").waitFor();
  await page.getByLabel("Full Search").check();
  await expect.poll(() => rows.allTextContents()).toEqual(["yuki.tanaka@northwind.example"]);
  await page.getByRole("button", { name: "Clear search" }).click();
  await expect.poll(() => rows.count()).toBe(world.users.length);
  await page.getByLabel("Filter").selectOption("Suspended Users");
  await expect.poll(() => rows.allTextContents()).toEqual(["joan.murphy@northwind.example"]);
  await page.getByLabel("Filter").selectOption("All");
  await page.getByRole("combobox", { name: "User Group" }).selectOption("Servers");
  await expect.poll(() => rows.count()).toBe(3);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export to Excel (CSV)" }).click();
  const file = await readFile(await (await download).path(), "utf8");
  const lines = file.trim().split("\r\n");
  expect(lines[0]?.replaceAll('"', "").replace("\u{feff}", "").split(",")).toEqual(COLUMNS);
  expect(lines).toHaveLength(4);
});

test("more users than a page holds have page numbers", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const users = Array.from({ length: 60 }, (_, index) => ({
    name: `User ${index}`,
    email: `user-${String(index).padStart(2, "0")}@acme.example`,
  }));
  await service.call("createUsers", { token, body: { kind: "desktop", sendInstructions: false, users } });
  const path = "/users?sort=user&order=asc";
  const page = await openConsole(service, { as: service.first.admin, path });
  await page.getByRole("rowheader", { name: "user-00@acme.example" }).waitFor();
  await page.getByText("61 rows").waitFor();
  await page.getByRole("button", { name: "Page 2" }).click();
  await page.getByRole("rowheader", { name: "user-59@acme.example" }).waitFor();
  expect(await page.getByRole("rowheader").count()).toBe(11);
  await page.getByRole("button", { name: "Page 1" }).click();
  await page.getByRole("rowheader", { name: "user-00@acme.example" }).waitFor();
});

test("only a top-level admin sees to which organization a user belongs, last as in the file", async () => {
  const service = await startConsoleService();
  const owner = await makeOwner(service);
  const acme = await makeOrganization(service, { name: "acme", owner });
  await makeUser(service, acme.admin.token, { email: "ann@acme.example", name: HOSTILE });
  const asOwner = { email: "owner@example.com", password: "owner password" };
  const page = await openConsole(service, { as: asOwner, path: "/users", colorScheme: "dark" });
  await page.getByRole("rowheader", { name: "ann@acme.example" }).waitFor();
  const titles = await page.getByRole("columnheader").allTextContents();
  expect(titles.at(-1)).toBe("Organization");
  await page.getByRole("combobox", { name: "Organization" }).selectOption("acme");
  await expect.poll(() => page.getByRole("rowheader").count()).toBe(1);
  // Names are text, and what can't be seen in them is shown.
  await page.getByText("<img src=x onerror=alert(1)>⟨U+200F⟩").waitFor();
  await expectAccessible(page);
  await page.getByRole("link", { name: "ann@acme.example" }).click();
  await page.getByRole("heading", { name: "Machine Info" }).waitFor();
  await page.getByText("No machines yet").waitFor();
});

test("on a phone each user is a card, and nothing is wider than the screen", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, { as: world.admin, path: "/users", viewport: { width: 390, height: 844 } });
  await page.getByRole("rowheader").first().waitFor();
  await expectFitsPhone(page);
  for (const path of [`/users/${world.user.id}`, "/users/new", "/users/import"]) {
    await page.goto(`${service.address}${path}`);
    await page.getByRole("heading", { level: 2 }).first().or(page.getByLabel("All or nothing")).first().waitFor();
    await expectFitsPhone(page);
  }
});
