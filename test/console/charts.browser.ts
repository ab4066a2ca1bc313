/** Charts say in text what they show, and are used by keyboard. */
import { expect, test } from "vitest";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { makeWorld } from "../support/console/world.ts";

test("the calendar of runs is one stop for Tab; arrow keys go from day to day, each says how its runs ended", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const machine = world.machine("srv-files").id;
  const { days } = (
    await service.call("machineDays", {
      ...{ token: await service.logIn("admin"), params: { machine }, query: { days: 90 } },
    })
  ).json;
  const page = await openConsole(service, { as: service.first.admin, path: `/machines/${machine}` });
  const today = page.getByRole("link", { name: /^Saturday, 21 November 2026: no backup/ });
  await today.focus();
  await page.keyboard.press("ArrowLeft");
  const focused = () => page.evaluate("document.activeElement.getAttribute('aria-label')");
  expect(await focused()).toMatch(/^Saturday, 14 November 2026: /);
  await page.keyboard.press("ArrowUp");
  expect(await focused()).toMatch(/^Friday, 13 November 2026: /);
  await page.keyboard.press("Home");
  expect(await focused()).toMatch(/^Monday, 24 August 2026: /);
  const stops = page.locator(".calendar-grid [tabindex='0']");
  expect(await stops.count()).toBe(1);
  const all = await page.locator(".calendar-day:not(.calendar-key)").evaluateAll(labels);
  expect(all).toHaveLength(90);
  expect(all.filter((label) => !label.endsWith("no backup"))).toHaveLength(days.length);
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/records\/backups\?machine=.*since=2026-11-21T00%3A00%3A00.000Z/);
});

const labels = (cells: readonly { getAttribute(name: string): string | null }[]) =>
  cells.map((cell) => cell.getAttribute("aria-label") ?? "");
