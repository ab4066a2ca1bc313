/** How the pages of machines look, and that everybody can use them. */
import { test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { addMachine, addUser } from "../support/people.ts";

const DAY_MS = 24 * 3600 * 1000;

test.each(["light", "dark"] as const)("the list of machines is for everybody (%s)", async (colorScheme) => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, { as: world.admin, path: "/machines", colorScheme });
  await page.getByRole("rowheader", { name: "cad-03" }).waitFor();
  if (colorScheme === "light") await shot(page, "machines");
  await page.getByLabel("Status").selectOption("Failing");
  await page.getByText("4 rows").waitFor();
  await expectAccessible(page);
});

test.each(["light", "dark"] as const)("the Machine Details panel is for everybody (%s)", async (colorScheme) => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const path = `/machines/${world.machine("maria-studio").id}`;
  const page = await openConsole(service, { as: world.admin, path, colorScheme });
  await page.getByRole("img", { name: /Storage of maria-studio/ }).waitFor();
  await page.getByRole("table", { name: "Backups of maria-studio" }).getByRole("rowheader").first().waitFor();
  await shot(page, colorScheme === "light" ? "machine" : "machine-dark");
  await expectAccessible(page);
});

test.each(["light", "dark"] as const)("what a machine is told and keeps is for everybody (%s)", async (colorScheme) => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const machine = await addMachine(service, await addUser(service, token, "ann"), { name: "press-room" });
  for (let day = 0; day < 3; day++) {
    await machine.backUp();
    service.clock.advance(DAY_MS);
  }
  const at = { machine: machine.id };
  // The first log-in has ended meanwhile.
  const later = await service.logIn("admin");
  await service.call("pinSnapshot", {
    token: later,
    params: { ...at, sequence: 2 },
    body: { reason: "Before the move" },
  });
  await service.call("createHold", { token: later, body: { ...at, reason: "Audit of 2026" } });
  const path = `/machines/${machine.id}`;
  const page = await openConsole(service, { as: service.first.admin, path: `${path}/configuration`, colorScheme });
  await page.getByRole("rowheader", { name: "Backup sets" }).waitFor();
  if (colorScheme === "light") await shot(page, "machine-configuration");
  await expectAccessible(page);
  await page.goto(`${service.address}${path}/retention`);
  await page.getByText("Before the move").waitFor();
  await page.getByText("Audit of 2026").waitFor();
  if (colorScheme === "light") await shot(page, "machine-retention");
  await expectAccessible(page);
  await page.goto(`${service.address}/machines/move`);
  await page.getByRole("heading", { name: "Machine mapping", level: 1 }).waitFor();
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
  await page.getByRole("rowheader", { name: "cad-03" }).waitFor();
  await expectFitsPhone(page);
  await page.goto(`${service.address}/machines/${world.machine("cad-03").id}`);
  await page.getByRole("img", { name: /Storage of cad-03/ }).waitFor();
  await expectFitsPhone(page);
});
