/** The Machine Details panel: what it says, and what an admin does there. */
import { expect, test } from "vitest";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { pick } from "../support/console/pick.ts";
import { GB } from "../support/organizations.ts";
import { addMachine, addUser } from "../support/people.ts";
import { makePack, registerMachine } from "../support/test-machine.ts";

const HOSTILE = '<b onmouseover="alert(1)">den</b>';

const WAITING = {
  agentVersion: "0.1.0",
  state: "waiting",
  because: "on-battery",
  nextRunAt: null,
  pausedUntil: null,
  watchedFolders: 3,
  problems: [],
  localCopy: { isPresent: false, lastUpdateAt: null, bytes: null },
};

/** Shut dialogs leave their names behind for a moment. */
const dialogOf = (page: Awaited<ReturnType<typeof openConsole>>) => page.getByRole("dialog");

test("the panel says what the machine is, and an admin changes its External ID and storage limit in place", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const machine = await registerMachine(service, { facts: { name: HOSTILE, os: "Debian 13" } });
  await machine.backUp();
  await service.call("heartbeat", { token: machine.token, body: WAITING });
  const page = await openConsole(service, {
    as: service.first.admin,
    path: `/machines/${machine.id}`,
    mayFail: [/412|422/],
  });
  await page.getByRole("heading", { name: HOSTILE, level: 1 }).waitFor();
  const fact = (name: string) => page.locator("dt", { hasText: new RegExp(`^${name}$`) }).locator("+ dd");
  await fact("ID").getByText(machine.id).waitFor();
  expect(await fact("Owner").innerText()).toBe(service.first.user.email);
  expect(await fact("Space Used").innerText()).toMatch(/kB|B \(/);
  expect(await fact("Last Update").innerText()).toBe("< a minute ago");
  expect(await fact("Last Seen").innerText()).toBe("< a minute ago");
  expect(await fact("Agent").innerText()).toBe("Waiting: runs on battery, since < a minute ago");
  expect(await fact("Next Run").innerText()).toBe("none planned");
  expect(await fact("Local Copy").innerText()).toBe("not connected, nothing there yet");
  expect(await fact("Suspended").innerText()).toBe("No");
  expect(await fact("Encryption").innerText()).toBe("Default (AES-256-GCM)");
  expect(await fact("Client Version").innerText()).toBe("0.1.0");
  const lastGroup = service.first.productKeys.desktop.slice(-5);
  expect(await fact("Product Key").innerText()).toBe(`…-${lastGroup} (Desktop)`);

  await page.getByRole("button", { name: "change External ID" }).click();
  await page.getByRole("textbox", { name: "External ID" }).fill("PC-7");
  // Somebody else is quicker: nothing that was typed is lost.
  const params = { machine: machine.id };
  await service.call("changeMachine", { token, params, body: { externalId: "PC-6" } });
  await page.keyboard.press("Enter");
  await page.getByText("Somebody else changed this").waitFor();
  expect(await page.getByRole("textbox", { name: "External ID" }).inputValue()).toBe("PC-7");
  await page.getByText("External ID is now: PC-6").waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(() => fact("External ID").innerText()).toContain("PC-7");

  await page.getByRole("button", { name: "Set Device Storage Limit" }).click();
  const limit = page.getByRole("textbox", { name: "Device Storage Limit, GB" });
  await page.getByText(/MIN 1 GB/).waitFor();
  await limit.fill("0");
  await page.keyboard.press("Enter");
  await limit.and(page.locator("[aria-invalid=true]")).waitFor();
  await limit.fill("5");
  await page.keyboard.press("Enter");
  await fact("Device Storage Limit").getByText("5 GB").waitFor();
  await page.getByRole("button", { name: "Remove Device Storage Limit" }).click();
  await dialogOf(page).getByRole("button", { name: "Yes" }).click();
  await page.getByRole("button", { name: "Set Device Storage Limit" }).waitFor();
  const { json } = await service.call("getMachine", { token, params });
  expect(json).toMatchObject({ externalId: "PC-7", limitBytes: null });
});

test("an admin suspends, resumes and moves a machine, and makes a code for its replacement", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const [ann, bob] = [await addUser(service, token, "ann"), await addUser(service, token, "bob")];
  const machine = await addMachine(service, ann, { name: "den" });
  const page = await openConsole(service, { as: service.first.admin, path: `/machines/${machine.id}` });
  const bar = page.getByRole("group", { name: "What can be done with this machine" });
  await bar.getByRole("button", { name: "Suspend" }).click();
  await dialogOf(page).getByText("Suspend machine den?").waitFor();
  await dialogOf(page).getByRole("button", { name: "Suspend" }).click();
  await page.getByText("This machine is suspended: it can't back up.").waitFor();
  expect((await machine.open()).code).toBe("machine/suspended");
  await bar.getByRole("button", { name: "Resume" }).click();
  await page.getByText("Machine den may back up again.").waitFor();
  await expect.poll(async () => (await machine.open()).status).toBe(200);

  await bar.getByRole("button", { name: "Move to another user" }).click();
  await dialogOf(page).getByRole("button", { name: "Move", exact: true }).click();
  await dialogOf(page).getByText("Choose a user.").waitFor();
  await pick(dialogOf(page).getByRole("combobox", { name: "New owner" }), "bob", "bob@example.com");
  await dialogOf(page).getByRole("button", { name: "Move", exact: true }).click();
  await page.getByText("Machine den belongs to bob@example.com now.").waitFor();
  await page.getByRole("link", { name: "bob@example.com" }).waitFor();
  expect((await service.call("getMachine", { token, params: { machine: machine.id } })).json.user.id).toBe(bob.id);

  await bar.getByRole("button", { name: "Replace Machine" }).click();
  await dialogOf(page)
    .getByText(
      `holdfast register --service ${service.address} --email bob@example.com --recover --machine ${machine.id}`,
    )
    .waitFor();
  await dialogOf(page).getByRole("button", { name: "Make a code" }).click();
  const shown = dialogOf(page).getByRole("group", { name: "Replacement code" });
  const code = (await shown.locator("pre").innerText()).trim();
  await dialogOf(page).getByText(`holdfast register --service ${service.address} --replace ${code}`).waitFor();
  const opened = await service.call("openReplacement", { body: { code } });
  expect(opened.json).toMatchObject({ machine: machine.id, name: "den" });
});

test("a machine is deleted and brought back, and removed for good only with its name typed", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const machine = await addMachine(service, await addUser(service, token, "ann"), { name: "den" });
  await machine.backUp();
  const page = await openConsole(service, { as: service.first.admin, path: `/machines/${machine.id}` });
  const remove = page.getByRole("button", { name: "Delete Machine" }).first();
  await remove.click();
  await dialogOf(page).getByText("Delete machine den?").waitFor();
  await dialogOf(page).getByRole("button", { name: "Delete Machine" }).click();
  await page.getByText("This machine is deleted. It can be brought back until").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Machine den is back.").waitFor();
  await remove.click();
  await dialogOf(page).getByRole("button", { name: "Delete Machine" }).click();
  await page.getByRole("button", { name: "Undelete Machine" }).click();
  await expect.poll(() => page.getByRole("button", { name: "Undelete Machine" }).count()).toBe(0);
  await remove.click();
  await dialogOf(page).getByRole("button", { name: "Delete Machine" }).click();
  await page.getByRole("button", { name: "Purge Machine" }).click();
  const purge = dialogOf(page).getByRole("button", { name: "Purge Machine" });
  expect(await purge.isDisabled()).toBe(true);
  await dialogOf(page).getByLabel("Type den to confirm").fill("den");
  await purge.click();
  await page.getByText("Machine den and its backups are removed.").waitFor();
  await page.getByRole("heading", { name: "Search / List Machines", level: 1 }).waitFor();
  expect((await service.call("getMachine", { token, params: { machine: machine.id } })).status).toBe(404);
});

test("a running backup shows how far it is and how fast it sends, and its record when it has ended", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const machine = await addMachine(service, await addUser(service, token, "ann"), { name: "den" });
  await machine.open();
  const { session, fence } = machine.session;
  const tell = (bytesTransferred: number) =>
    service.call("progressSession", {
      token: machine.token,
      params: { session },
      body: {
        fence,
        counters: {
          files: 1200,
          bytes: 4 * GB,
          filesEncoded: 80,
          bytesEncoded: 2 * GB,
          filesTransferred: 40,
          bytesTransferred,
        },
      },
    });
  expect((await tell(GB)).status).toBe(200);
  // How fast it is follows from when each answer came.
  const page = await openConsole(service, {
    as: service.first.admin,
    path: `/machines/${machine.id}`,
    isOnRealTime: true,
  });
  const running = page.getByRole("region", { name: "Backup running now" });
  await running.getByText("1,200 files, 4 GB").waitFor();
  await running.getByText("40 files, 1 GB").waitFor();
  await tell(1.5 * GB);
  await running.getByText("40 files, 1.5 GB").waitFor();
  await running.getByText(/[1-9][\d.]* (MB|GB|kB)\/s/).waitFor();
  const pack = makePack(machine.vault.id, [{}]);
  await machine.put(pack);
  const pages = makePack(machine.vault.id, [{ links: pack.chunks }], "pages");
  await machine.put(pages);
  expect((await machine.commit(machine.record(pages.chunks[0] ?? Buffer.alloc(32)))).status).toBe(200);
  await running.waitFor({ state: "detached" });
  await page.getByRole("table", { name: "Backups of den" }).getByText("Success").waitFor();
});

test("a restore that is ordered while one looks comes into the machine's list", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const machine = await addMachine(service, await addUser(service, token, "ann"), { name: "den" });
  await machine.backUp();
  const page = await openConsole(service, { as: service.first.admin, path: "/machines" });
  const told = page.waitForResponse(/\/v1\/changes/);
  await page.getByRole("link", { name: "den", exact: true }).click();
  await told;
  await page.getByText("No restores yet").waitFor();
  const body = { snapshot: 1, paths: ["/home"], target: { kind: "original" }, existing: "rename" };
  expect((await service.call("orderRestore", { token, params: { machine: machine.id }, body })).status).toBe(200);
  await page.getByRole("table", { name: "Restores of den" }).getByRole("rowheader").waitFor();
});

test("a user sees the own machine with its records, and no act of admins", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const settings = { usersLogIn: true };
  await service.call("changeOwnOrganization", { token, body: { subdomain: "acme", settings } });
  const [ann, bob] = [await addUser(service, token, "ann"), await addUser(service, token, "bob")];
  const den = await addMachine(service, ann, { name: "den" });
  await den.backUp();
  const loft = await addMachine(service, bob, { name: "loft" });
  const page = await openConsole(service, { as: ann, at: "acme", path: `/machines/${den.id}`, mayFail: [/404/] });
  await page.getByRole("table", { name: "Backups of den" }).getByText("Success").waitFor();
  const bar = page.getByRole("group", { name: "What can be done with this machine" });
  expect(await bar.getByRole("button").count()).toBe(0);
  expect(await bar.getByRole("link").allInnerTexts()).toEqual([
    "Restore files",
    "View",
    "View Log",
    "View Configuration",
    "Retention and snapshots",
  ]);
  expect(await page.getByRole("button", { name: /change/ }).count()).toBe(0);
  await bar.getByRole("link", { name: "View Configuration" }).click();
  await page.getByRole("row", { name: /Backup sets .* Built in/ }).waitFor();
  await page.goto(`${service.address}/machines/${loft.id}`);
  await page.getByText("There is no such machine.").waitFor();
});
