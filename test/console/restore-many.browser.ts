import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { backedUpMachine } from "../support/backed-up-machine.ts";
import { asUser, folderPath, startRestorePlace } from "../support/console/restore-place.ts";

test("a folder of 100,000 files is scrolled with a few rows drawn, to its end and back", {
  timeout: 600_000,
}, async () => {
  const service = await startRestorePlace();
  const machine = await backedUpMachine(service);
  machine.write("000000", "");
  for (let at = 1; at < 100_000; at++) writeFileSync(join(machine.source, String(at).padStart(6, "0")), "");
  await machine.backUp();
  const page = await asUser(service, folderPath(machine));
  const grid = page.getByRole("grid");
  const row = (name: string) => grid.getByRole("row", { name });
  await row("000000").waitFor();
  const drawn = () => grid.getByRole("row").count();
  expect(await drawn()).toBeLessThan(60);
  expect(await grid.getAttribute("aria-rowcount")).toBe("-1");
  await grid.hover();
  // It goes on as far as entries are there: the next thousand come meanwhile.
  const lastDrawn = async () => Number(await grid.getByRole("row").last().getAttribute("aria-rowindex"));
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 2000);
      return await lastDrawn();
    })
    .toBeGreaterThan(1001);
  await grid.focus();
  await page.keyboard.press("End");
  await row("099999").waitFor({ timeout: 300_000 });
  expect(await grid.getAttribute("aria-rowcount")).toBe("100001");
  expect(await row("099999").getAttribute("aria-rowindex")).toBe("100001");
  expect(await drawn()).toBeLessThan(60);
  await page.getByText("100,000 entries", { exact: true }).waitFor();
  await page.keyboard.press("Home");
  await row("000000").waitFor();
});
