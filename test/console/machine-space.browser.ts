/** What uses the space of a machine: the folders of its newest backup, by size. */
import { expect, test } from "vitest";
import { backedUpMachine } from "../support/backed-up-machine.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";

test("an admin looks into the folders that use the space, down and up again", async () => {
  const service = await startConsoleService();
  const machine = await backedUpMachine(service);
  const sizes = { "projects/press/drawing.dwg": 90_000, "projects/lathe.dwg": 40_000, "photos/hall.jpg": 60_000 };
  for (const [name, bytes] of Object.entries({ ...sizes, "mail/inbox.mbox": 25_000, "notes 100%.txt": 9_000 }))
    machine.write(name, "x".repeat(bytes));
  machine.write("<img src=x>/a.txt", "x".repeat(12_000));
  await machine.backUp();
  const page = await openConsole(service, { as: service.first.admin, path: `/machines/${machine.id}` });
  const panel = page.getByRole("region", { name: "What uses the space", exact: true });
  await panel.getByRole("button", { name: "Show the folders" }).click();
  // Down to the folder that was backed up.
  const into = (name: RegExp) => panel.getByRole("button", { name }).first();
  for (const step of machine.path().split("/").filter(Boolean)) await into(new RegExp(`^${step}, `)).click();
  await panel.getByRole("button", { name: /^projects, 130 kB/ }).waitFor();
  await panel.getByRole("button", { name: /^photos, 60 kB/ }).waitFor();
  await panel.getByRole("button", { name: /^<img src=x>, 12 kB/ }).waitFor();
  await into(/^projects, /).click();
  await panel.getByText("lathe.dwg").waitFor();
  await into(/^press, /).focus();
  await page.keyboard.press("Enter");
  await panel.getByText("drawing.dwg").waitFor();
  await panel.getByRole("button", { name: "Whole backup" }).click();
  await expect.poll(() => panel.getByText("drawing.dwg").count()).toBe(0);
});

test("of backups that only the user's passphrase opens, the page says why there is nothing to see", async () => {
  const service = await startConsoleService();
  const machine = await backedUpMachine(service, { passphrase: "a long passphrase" });
  machine.write("letter.txt", "secret");
  await machine.backUp();
  const page = await openConsole(service, { as: service.first.admin, path: `/machines/${machine.id}` });
  await page.getByText("The backups open with the user's own passphrase only").waitFor();
  await page.getByText("Custom (AES-256-GCM)").waitFor();
  expect(await page.getByRole("button", { name: "Show the folders" }).count()).toBe(0);
});
