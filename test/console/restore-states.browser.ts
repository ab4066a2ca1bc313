/** Restores that are another way: own keys, orders, turned off, ended, damaged; and what admins see. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { backedUpMachine } from "../support/backed-up-machine.ts";
import { expectAccessible } from "../support/console/accessible.ts";
import { turnColors } from "../support/console/colors.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole } from "../support/console/open-console.ts";
import { asUser, backedUpHome, folderPath, startRestorePlace } from "../support/console/restore-place.ts";
import { makeAdmin, makeRole } from "../support/logged-in.ts";
import { isEmbedded } from "../support/test-engines.ts";

const row = (page: Page, name: string | RegExp) => page.getByRole("grid").getByRole("row", { name });

test("of an own key the page says what to run for the chosen date, and orders the restore on the machine", async () => {
  const service = await startRestorePlace();
  const machine = await backedUpHome(service, { passphrase: "correct horse battery" });
  const page = await asUser(service, `/restore/${machine.id}`);
  await page.getByRole("heading", { name: "Custom key: the files come back on the machine itself" }).waitFor();
  const command = page.getByRole("group", { name: "Command to restore" });
  await command.getByText("holdfast restore --at 2 --to ~/restored").waitFor();
  await page.getByRole("button", { name: "Change Date" }).click();
  await page.getByRole("button", { name: "Saturday, 21 November 2026, 1 backup" }).click();
  await page.getByRole("button", { name: "Go" }).click();
  await command.getByText("holdfast restore --at 1 --to ~/restored").waitFor();

  const send = page.getByRole("button", { name: "Order Restore" });
  await send.click();
  await page.getByText("Name at least one file or folder; / is everything.").waitFor();
  await page.getByLabel("Files and folders").fill("home/ann");
  await page.getByRole("radio", { name: "A folder on the machine" }).check();
  await send.click();
  await page.getByText("Paths begin with /.").waitFor();
  await page.getByText("Say which folder.").waitFor();
  await page.getByLabel("Files and folders").fill("/home/ann\n/srv/100% mine/");
  await page.getByLabel("Folder", { exact: true }).fill("/home/ann/restored");
  await expectAccessible(page);
  await send.click();
  const order = page.getByRole("table", { name: "Orders" }).getByRole("row").filter({ hasText: "#1" });
  await order.getByText("Waiting for the machine").waitFor();
  await order.getByText("/srv/100% mine", { exact: true }).waitFor();
  await order.getByText("/home/ann/restored").waitFor();
  await order.getByText(/holdfast restore --order/).waitFor();
  const token = await service.logIn();
  const { items } = (await service.call("listRestoreOrders", { token, params: { machine: machine.id } })).json;
  expect(items).toMatchObject([
    {
      snapshot: 1,
      paths: ["/home/ann", "/srv/100%25 mine"],
      target: { kind: "folder", path: "/home/ann/restored" },
      existing: "rename",
    },
  ]);
  await order.getByRole("button", { name: /^Cancel the order of/ }).click();
  await order.getByText("Cancelled").waitFor();
  expect(await order.getByRole("button").count()).toBe(0);
});

test("what is selected can be ordered on the machine instead of downloaded", async () => {
  const service = await startRestorePlace();
  const machine = await backedUpHome(service);
  const page = await asUser(service, folderPath(machine));
  await page.getByLabel("Select letter.txt").check();
  await page.getByRole("button", { name: "Restore on the machine" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 path of the selection").waitFor();
  await dialog.getByLabel("What is there already").selectOption("Is replaced");
  await dialog.getByRole("button", { name: "Order Restore" }).click();
  const orders = page.getByRole("table", { name: "Orders" });
  await orders.getByText(machine.path("letter.txt")).waitFor();
  await orders.getByText("Where they were").waitFor();
});

test("turned off by policy, without backups, ended, damaged: each says so, and what to do", async () => {
  const service = await startRestorePlace();
  const machine = await backedUpMachine(service);
  const before = await asUser(service, `/restore/${machine.id}`);
  await before.getByText("Nothing is backed up yet").waitFor();
  await before.close();

  machine.write(
    "notes.txt",
    readFileSync(import.meta.filename)
      .toString("hex")
      .repeat(20),
  );
  await machine.backUp();
  const page = await asUser(service, folderPath(machine), { mayFail: [/40[349]|50\d|422/] });
  await row(page, /notes\.txt/).waitFor();
  await page.goto(`${service.address}${folderPath(machine, { snapshot: "99" })}`);
  await page.getByText("There is no such backup any more").waitFor();
  await page.getByRole("link", { name: "Newest backup" }).click();
  await row(page, /notes\.txt/).waitFor();
  const { web } = await openSessions(page);
  const closed = await page.request.delete(`${service.address}/v1/web-restores/${web}`, {
    headers: { "x-holdfast-request": "1" },
  });
  expect(closed.status()).toBe(200);
  await page.getByLabel("Include Deleted Files").click();
  await page.getByText("This look into the backups has ended.").waitFor();
  await page.getByRole("button", { name: "Open again" }).click();
  await row(page, /notes\.txt/).waitFor();

  if (isEmbedded()) {
    damageLargest(join(service.data, "storage", "packs"));
    await page.getByRole("button", { name: "notes.txt", exact: true }).click();
    const alert = page.getByRole("dialog").getByRole("alert");
    await alert
      .getByText(/damaged|corrupt|missing|not what/)
      .first()
      .waitFor();
    await page.keyboard.press("Escape");
  }

  const admin = await service.logIn("admin");
  const params = { machine: machine.id };
  await service.call("putMachinePolicy", {
    token: admin,
    params,
    body: { settings: { webRestore: { value: false } } },
  });
  await page.reload();
  await page.getByText("Restores from the web are turned off for this machine.").waitFor();
  await page.getByText("holdfast restore --at 1 --to ~/restored").waitFor();
  await service.call("deleteMachine", { token: admin, params });
  await page.reload();
  await page.getByText(/There is no such machine|This machine was deleted/).waitFor();
});

test("an admin with the capability restores others' files and views them; without it neither is there", async () => {
  const service = await startRestorePlace();
  const machine = await backedUpHome(service);
  const page = await openConsole(service, { as: service.first.admin, path: "/restore" });
  const search = page.getByRole("searchbox", { name: "Search" });
  await search.fill("den");
  await page.getByRole("cell", { name: service.first.user.email }).waitFor();
  await page.getByRole("cell", { name: "Default", exact: true }).waitFor();
  await page.getByRole("link", { name: "den" }).click();
  await row(page, /letter\.txt/).waitFor();
  await page.goto(`${service.address}/machines/${machine.id}/files`);
  await row(page, /letter\.txt/).waitFor();
  const heads = await page.getByRole("grid").getByRole("columnheader").allInnerTexts();
  expect(heads).toEqual(["Name", "Size", "Stored Size", "Modified", "Backup Time"]);
  await row(page, /letter\.txt.*21 B.*\d+ B.*22 Nov 2026, 12:00/).waitFor();
  await page.getByLabel("Include Deleted Files").check();
  await row(page, /plan\.txt.*Deleted/).waitFor();

  const role = await makeRole(service, await service.logIn("admin"), { capabilities: ["machines.view", "users.view"] });
  await makeAdmin(service, await service.logIn("admin"), { role });
  const second = { email: "second@example.com", password: "admin password" };
  const other = await openConsole(service, { as: second, path: folderPath(machine) });
  await other.getByRole("heading", { name: "There is no such page." }).waitFor();
  expect(await other.getByRole("link", { name: "Restore files" }).count()).toBe(0);
});

test("nothing is in the way of anybody, in light and dark, and nothing is cut on a phone", async () => {
  const service = await startRestorePlace();
  const machine = await backedUpHome(service);
  const page = await asUser(service, "/restore");
  const check = async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await turnColors(page, colorScheme);
      await expectAccessible(page);
    }
    await expectFitsPhone(page);
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  await page.getByRole("link", { name: "den" }).waitFor();
  await check();
  await page.goto(`${service.address}${folderPath(machine, { deleted: "1" })}`);
  await row(page, /plan\.txt/).waitFor();
  await page.getByLabel("Select plan.txt").check();
  await page.getByRole("button", { name: "Show selection" }).click();
  await check();
  await page.getByRole("button", { name: "Change Date" }).click();
  await page.getByRole("button", { name: "Go" }).waitFor();
  await check();
  await page.goto(`${service.address}/machines/${machine.id}/files`);
  await row(page, /letter\.txt/).waitFor();
  await check();
});

/** What this tab has open. */
async function openSessions(page: Page): Promise<{ web: string }> {
  const kept = await page.evaluate(
    "Object.entries(sessionStorage).filter(([key]) => key.startsWith('holdfast.web-restore.')).map(([, value]) => JSON.parse(value).id)[0]",
  );
  return { web: String(kept) };
}

function damageLargest(packs: string): void {
  const files = readdirSync(packs, { recursive: true, encoding: "utf8" }).map((name) => join(packs, name));
  const [largest = ""] = files
    .filter((path) => statSync(path).isFile())
    .sort((a, b) => statSync(b).size - statSync(a).size);
  const bytes = readFileSync(largest);
  writeFileSync(
    largest,
    bytes.map((byte, at) => (at > 200 && at < bytes.length - 2000 ? byte ^ 1 : byte)),
  );
}
