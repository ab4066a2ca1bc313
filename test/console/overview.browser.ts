/** The first page: an admin knows in five seconds who is not backed up, and why. */
import { test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";

test.each(["light", "dark"] as const)("the overview is accessible (%s)", async (colorScheme) => {
  const service = await startConsoleService();
  await makeWorld(service);
  const page = await openConsole(service, { as: service.first.admin, colorScheme });
  await page.getByRole("heading", { name: "13 of 60 machines need attention" }).waitFor();
  await page.getByRole("img", { name: /Storage used/ }).waitFor();
  await shot(page, `overview-${colorScheme}`);
  await shot(page, `overview-whole-${colorScheme}`, { isWhole: true });
  await expectAccessible(page);
  for (const path of ["/alerts", "/records/backups", "/records/restores", "/events"]) {
    await page.goto(`${service.address}${path}`);
    await page.getByRole("row").nth(2).waitFor();
    await shot(page, `${path.split("/").at(-1)}-${colorScheme}`);
    await expectAccessible(page);
  }
});

test.each(["light", "dark"] as const)("a user's first page is accessible (%s)", async (colorScheme) => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, { as: world.user, at: "northwind", colorScheme });
  await page.getByRole("article", { name: "maria-studio" }).waitFor();
  await shot(page, `my-machines-${colorScheme}`);
  await expectAccessible(page);
});
