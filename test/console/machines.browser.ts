/** Search / List Machines, and what is done to several. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { pick } from "../support/console/pick.ts";
import { addMachine, addUser } from "../support/people.ts";

const HOSTILE = '<img src=x onerror="alert(1)">';

test("an admin finds machines by name, filter and part of a name, sorts them, and takes the list along as CSV", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const ann = await addUser(service, token, "ann");
  const press = await addMachine(service, ann, { name: "press-room" });
  await press.backUp();
  await addMachine(service, ann, { name: HOSTILE });
  await addMachine(service, ann, { name: "=cmd()" });
  const page = await openConsole(service, { as: service.first.admin, path: "/machines" });
  await page.getByRole("rowheader", { name: "press-room" }).waitFor();
  const heads = await page.getByRole("columnheader").allInnerTexts();
  expect(heads.map((each) => each.replace(/[↕↑↓]/g, "").trim()).filter(Boolean)).toEqual([
    "External ID",
    "Machine",
    "User",
    "User Group",
    "Storage Used",
    "Created",
    "Last Update",
    "Backed Up",
  ]);
  await page.getByRole("rowheader", { name: HOSTILE }).waitFor();
  const names = async () => await page.getByRole("rowheader").allInnerTexts();
  await page.getByRole("button", { name: "Machine", exact: false }).and(page.locator(".sort-button")).first().click();
  await expect.poll(names).toEqual([HOSTILE, "=cmd()", "press-room"]);
  await page.getByRole("button", { name: "Machine", exact: false }).and(page.locator(".sort-button")).first().click();
  await expect.poll(names).toEqual(["press-room", "=cmd()", HOSTILE]);

  await page.getByRole("searchbox", { name: "Search" }).fill("press");
  await page.getByText("Nothing found").waitFor();
  await page.getByLabel("Full Search").check();
  await expect.poll(names).toEqual(["press-room"]);
  await page.getByRole("button", { name: "Clear search" }).click();
  await page.getByLabel("Filter").selectOption("Never Backed Up");
  await expect.poll(names).toEqual(["=cmd()", HOSTILE]);
  await page.getByLabel("Status").selectOption("On time");
  await page.getByText("Nothing found").waitFor();
  await page.getByLabel("Filter").selectOption("All");
  await expect.poll(names).toEqual(["press-room"]);

  await page.getByRole("button", { name: "Clear search" }).click();
  await expect.poll(names).toHaveLength(3);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export to Excel (CSV)" }).click();
  const csv = await readFile(await (await download).path(), "utf8");
  expect(csv.split("\r\n")[0]).toContain(
    "External ID,Machine,User,User Group,Storage Used,Created,Last Update,Backed Up",
  );
  expect(csv).toContain("'=cmd()");
});

test("an admin suspends, moves and deletes several machines at once, and takes a deletion back", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const ann = await addUser(service, token, "ann");
  await addUser(service, token, "bob");
  await addUser(service, token, "eve", { desktopDevices: 0 });
  for (const name of ["den", "loft"]) await addMachine(service, ann, { name });
  const page = await openConsole(service, {
    as: service.first.admin,
    path: "/machines",
    mayFail: [/403|409|422/],
  });
  const selectBoth = () => page.getByLabel("Select all rows of this page").check();
  const acts = page.getByRole("group", { name: "What can be done with the selected machines" });
  await page.getByRole("rowheader", { name: "den" }).waitFor();
  await selectBoth();
  await acts.getByText("2 selected").waitFor();
  await acts.getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("dialog").getByText("den").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
  await page.getByText("2 machines suspended.").waitFor();
  await expect.poll(() => page.getByRole("rowheader").getByText("Suspended").count()).toBe(2);

  await selectBoth();
  await acts.getByRole("button", { name: "Move to another user" }).click();
  const dialog = page.getByRole("dialog");
  await pick(dialog.getByRole("combobox", { name: "New owner" }), "eve", "eve@example.com");
  await dialog.getByRole("button", { name: "Move" }).click();
  await page.getByText("2 machines could not be changed").waitFor();
  await acts.getByRole("button", { name: "Move to another user" }).click();
  await pick(dialog.getByRole("combobox", { name: "New owner" }), "bob", "bob@example.com");
  await dialog.getByRole("button", { name: "Move" }).click();
  await page.getByText("2 machines moved.").waitFor();
  await expect.poll(() => page.getByRole("cell", { name: "bob@example.com" }).count()).toBe(2);

  await selectBoth();
  await acts.getByRole("button", { name: "Delete Machine" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete Machine" }).click();
  await page.getByText("2 machines deleted.").waitFor();
  await page.getByText("No machines yet").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("rowheader", { name: "den" }).waitFor();
});

test("a user sees the own machines, and nothing of others", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  await service.call("changeOwnOrganization", { token, body: { subdomain: "acme", settings: { usersLogIn: true } } });
  const ann = await addUser(service, token, "ann");
  const bob = await addUser(service, token, "bob");
  await addMachine(service, ann, { name: "den" });
  await addMachine(service, bob, { name: "loft" });
  const page = await openConsole(service, { as: ann, at: "acme", path: "/machines" });
  await page.getByRole("heading", { name: "My machines", level: 1 }).waitFor();
  await expect.poll(() => page.getByRole("rowheader").allInnerTexts()).toEqual(["den"]);
  expect(await page.getByRole("columnheader", { name: "User" }).count()).toBe(0);
  expect(await page.getByLabel("Select den").count()).toBe(0);
});
