/** Backups and Restores: all columns, filters, the same as a file, what went wrong in a run. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { turnColors } from "../support/console/colors.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { addMachine } from "../support/people.ts";

const BACKUPS = [
  "Type",
  "Duration",
  "Result",
  "Files",
  "Size",
  "Files Encoded",
  "Size Encoded",
  "Files Transferred",
  "Size Transferred",
];
const RESTORES = [
  "Date/Time Requested",
  "Date/Time Finished",
  "Files Retrieved",
  "Size",
  "Status/Download",
  "Source",
  "Requested by",
];

const withoutMarks = (titles: readonly string[]) => titles.map((title) => title.replace(/\s*[↕↑↓]$/, "").trim());

test("Backups shows every column, newest first, narrows by result, type and day, and exports what it shows", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, { as: service.first.admin, path: "/records/backups" });
  const headers = page.getByRole("columnheader");
  await page.getByRole("rowheader").nth(1).waitFor();
  expect(withoutMarks(await headers.allInnerTexts())).toEqual(["Start Time", "Machine", "User", ...BACKUPS]);
  expect(await page.getByRole("row").nth(1).innerText()).toMatch(/2 minutes ago[\s\S]*cad-02[\s\S]*In Progress/);
  await shot(page, "backups");
  await page.getByLabel("Result", { exact: true }).selectOption("With warnings");
  await expect.poll(() => page.getByRole("row", { name: /In Progress/ }).count()).toBe(0);
  await page.getByText("file/unreadable: 3 files can't be read.").first().waitFor();
  await page.getByLabel("From").fill("2026-11-01");
  await page.getByLabel("To", { exact: true }).fill("2026-11-10");
  await page.waitForURL(/since=2026-11-01T00%3A00%3A00.000Z&until=2026-11-11T00%3A00%3A00.000Z/);
  await expect.poll(() => page.getByRole("rowheader").count()).toBeLessThan(20);
  await expectAccessible(page);
  await turnColors(page, "dark");
  await expectAccessible(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export to Excel (CSV)" }).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
  await expect.poll(() => page.getByRole("rowheader").count()).toBe(lines.length - 1);
  await page.getByRole("button", { name: "Clear search" }).click();
  await page.goto(`${service.address}/records/backups?machine=${world.machine("srv-files").id}`);
  await page.getByText("Machine: srv-files").waitFor();
  expect(withoutMarks(await headers.allInnerTexts())).toEqual(["Start Time", ...BACKUPS]);
  await page.getByRole("button", { name: /^Files Transferred/ }).click();
  await page.waitForURL(/sort=filesTransferred&order=asc/);
  await page.getByRole("button", { name: "Show all, not only Machine: srv-files" }).click();
  await page.getByRole("columnheader", { name: "User" }).waitFor();
});

test("a run's own page says what was done and lists its problems page by page, paths as text", async () => {
  const service = await startConsoleService();
  const machine = await addMachine(service, service.first.user, { name: "den" });
  await machine.open();
  const problem = (index: number) => ({
    path: index === 0 ? "/home/<script>alert(1)</script>/\u202etxt.exe" : `/home/ann/file-${index}.pst`,
    code: "file/unreadable",
    message: `The file can't be read: it is in use.`,
  });
  const problems = Array.from({ length: 60 }, (_, index) => problem(index));
  await machine.end({ code: "backup/cancelled", message: "The backup was stopped.", problems, problemCount: 60 });
  const page = await openConsole(service, { as: service.first.admin, path: "/records/backups" });
  await page.getByRole("rowheader").getByRole("link").press("Enter");
  await page.getByRole("heading", { name: "Backup of den" }).waitFor();
  await page.getByText("backup/cancelled: The backup was stopped.").waitFor();
  await page.getByRole("heading", { name: "60 problems" }).waitFor();
  await page.getByRole("rowheader", { name: "/home/<script>alert(1)</script>/⟨U+202E⟩txt.exe" }).waitFor();
  await expectAccessible(page);
  await turnColors(page, "dark");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Next page" }).click();
  await page.getByRole("rowheader", { name: "/home/ann/file-59.pst" }).waitFor();
  expect(await page.getByRole("rowheader").count()).toBe(10);
});

test("Restores shows every column with source and status, and one's own archive can be downloaded again", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, { as: service.first.admin, path: "/records/restores" });
  await page.getByRole("rowheader").nth(1).waitFor();
  const headers = await page.getByRole("columnheader").allInnerTexts();
  expect(withoutMarks(headers)).toEqual(["ID", "Machine", "User", ...RESTORES]);
  const told = await page.getByRole("row").allInnerTexts();
  expect(told.find((row) => row.includes("cad-05"))).toMatch(/377 \/ 380[\s\S]*6.1 GB[\s\S]*some files missing/);
  expect(told.find((row) => row.includes("srv-files"))).toMatch(/Completed[\s\S]*Command line/);
  expect(told.find((row) => row.includes("cad-08"))).toMatch(/not yet[\s\S]*In Progress[\s\S]*Web/);
  expect(await page.getByRole("button", { name: "Download" }).count()).toBe(0);
  await shot(page, "restores");
  await expectAccessible(page);
  await turnColors(page, "dark");
  await expectAccessible(page);
  await page.getByLabel("Source").selectOption("Command line");
  await expect.poll(() => page.getByRole("rowheader").count()).toBe(2);
  const own = await openConsole(service, { as: world.user, at: "northwind", path: "/records/restores" });
  await own
    .getByRole("row", { name: /Ready for Download/ })
    .getByRole("button", { name: "Download" })
    .waitFor();
  const asked = own.waitForRequest(/\/v1\/archives\/.*\/links/);
  await own.route(/\/v1\/archives\/.*\/links/, (route) =>
    route.fulfill({ json: { path: "/icon.svg", expiresAt: "2026-12-01T00:00:00.000Z" } }),
  );
  await own
    .getByRole("row", { name: /Ready for Download/ })
    .getByRole("button", { name: "Download" })
    .click();
  await asked;
  await own.waitForURL(/\/icon\.svg$/);
});

test("a user sees its own records only, by list and by address", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, {
    ...{ as: world.user, at: "northwind", path: "/records/backups" },
    mayFail: [/404.*\/v1\/records\/backups/],
  });
  await page.getByRole("rowheader").nth(1).waitFor();
  const machines = await page.getByRole("cell").getByRole("link").allInnerTexts();
  expect(new Set(machines)).toEqual(
    new Set(world.machines.filter(({ user }) => user.id === world.user.id).map(({ name }) => name)),
  );
  expect(await page.getByRole("columnheader", { name: "User" }).count()).toBe(0);
  await page.getByLabel("Result", { exact: true }).selectOption("With warnings");
  await page
    .getByRole("row", { name: /maria-studio.*file\/unreadable/ })
    .first()
    .getByRole("rowheader")
    .getByRole("link")
    .click();
  await page.getByRole("heading", { name: "3 problems" }).waitFor();
  await page.getByRole("rowheader", { name: /Outlook.pst/ }).waitFor();
  await shot(page, "backup");
  const [foreign] = await service.service.domain.records.backups.list(world.machine("srv-erp").id, { limit: 1 });
  await page.goto(`${service.address}/records/backups/${foreign?.id}`);
  await page.getByRole("alert").waitFor();
  expect(await page.getByText("srv-erp").count()).toBe(0);
});

test("a run that begins while one looks comes into the list, and its numbers grow", async () => {
  const service = await startConsoleService();
  const page = await openConsole(service, { as: service.first.admin, path: "/records/backups" });
  await page.getByText("No backups yet").waitFor();
  const machine = await addMachine(service, service.first.user, { name: "den" });
  await machine.backUp();
  await page.getByRole("row", { name: /den.*Success/ }).waitFor();
});

test("a run that looks like damage says so in the list, and with numbers on its own page", async () => {
  const service = await startConsoleService();
  const machine = await addMachine(service, service.first.user, { name: "den" });
  await machine.backUp();
  const numbers = {
    filesBefore: 9000,
    filesGone: 6200,
    filesReplaced: 0,
    storedPercent: null,
    storedPercentBefore: 40,
  };
  await machine.backUp(2, { flags: ["mass-deletion"], changes: numbers });
  const page = await openConsole(service, { as: service.first.admin, path: "/records/backups" });
  await page.getByRole("row", { name: /Success\s+Most files gone/ }).waitFor();
  await expectAccessible(page);
  await page.getByRole("rowheader").first().getByRole("link").press("Enter");
  await page.getByText("6200 of 9000 files are gone: deleted, or left out now.").waitFor();
  await expectAccessible(page);
});
