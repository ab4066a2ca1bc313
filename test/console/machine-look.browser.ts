/** How the pages of machines look, and that everybody can use them. */
import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";

test.each(["light", "dark"] as const)("machines and their pages are for everybody (%s)", async (colorScheme) => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, { as: world.admin, path: "/machines", colorScheme });
  await page.getByRole("rowheader", { name: "cad-03" }).waitFor();
  await shot(page, `machines-${colorScheme}`);
  await expectAccessible(page);
  await page.getByRole("rowheader", { name: "cad-03" }).getByRole("link").click();
  await page.getByRole("heading", { name: "cad-03", level: 1 }).waitFor();
  await page.getByRole("img", { name: /Storage of cad-03/ }).waitFor();
  await page.getByRole("table", { name: "Backups of cad-03" }).getByRole("rowheader").first().waitFor();
  await expectAccessible(page);
  await page.goto(`${service.address}/machines/${world.machine("maria-studio").id}`);
  await page.getByRole("img", { name: /Storage of maria-studio/ }).waitFor();
  await page.getByRole("table", { name: "Backups of maria-studio" }).getByRole("rowheader").first().waitFor();
  await shot(page, `machine-${colorScheme}`, { isWhole: true });
  await expectAccessible(page);
  await page.getByRole("link", { name: "View Configuration" }).click();
  await page.getByRole("rowheader", { name: "Backup sets" }).waitFor();
  await shot(page, `machine-configuration-${colorScheme}`);
  await expectAccessible(page);
  await page.getByRole("link", { name: "maria-studio" }).click();
  await page.getByRole("link", { name: "Retention and snapshots" }).click();
  await page.getByRole("heading", { name: "Snapshots", level: 2 }).waitFor();
  await page.getByText("No hold", { exact: true }).waitFor();
  await shot(page, `machine-retention-${colorScheme}`);
  await expectAccessible(page);
  await page.goto(`${service.address}/machines/move`);
  await page.getByRole("heading", { name: "Machine mapping", level: 1 }).waitFor();
  await shot(page, `machine-moves-${colorScheme}`);
  await expectAccessible(page);
});

test("on a phone nothing is wider than the screen", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, {
    as: world.admin,
    path: "/machines",
    viewport: { width: 390, height: 844 },
  });
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  await page.getByRole("rowheader", { name: "cad-03" }).waitFor();
  expect(await width()).toBeLessThanOrEqual(390);
  await shot(page, "phone-machines");
  await page.goto(`${service.address}/machines/${world.machine("cad-03").id}`);
  await page.getByRole("img", { name: /Storage of cad-03/ }).waitFor();
  expect(await width()).toBeLessThanOrEqual(390);
  await shot(page, "phone-machine", { isWhole: true });
});
