import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { fact, startUserPanel } from "../support/console/user-panel.ts";
import { makeWorld } from "../support/console/world.ts";
import { GB, mailsTo, makeGroup } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";

test("every field of a user is shown, and each that may be is changed in place", async () => {
  const { service, token, user, open, details } = await startUserPanel();
  await makeGroup(service, token, { name: "Support" });
  await service.call("changeOwnOrganization", { token, body: { settings: { installRegions: ["Norway"] } } });
  const page = await open();
  await page.getByRole("heading", { name: user.email, level: 1 }).waitFor();
  await expect.poll(() => fact(page, "User ID").textContent()).toBe(user.id);
  expect(await fact(page, "Created from").textContent()).toBe("127.0.0.1");
  expect(await fact(page, "Storage").textContent()).toContain("0 Used / 50 GB Available");
  expect(await page.getByRole("link", { name: "Buy More" }).getAttribute("href")).toBe("/resources");
  const change = async (label: string, value: string) => {
    await page.getByRole("button", { name: `change ${label}` }).click();
    const field = page.getByLabel(label, { exact: true });
    if ((await field.evaluate(({ tagName }) => tagName)) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
    await page.getByRole("button", { name: "Save Changes" }).click();
    await page.getByRole("button", { name: `change ${label}` }).waitFor();
  };
  await change("External ID", "E-77");
  await change("Name", '=cmd|"x" <b>Ann</b>\u{200f}');
  await change("Install Region Override", "Norway");
  await change("Backup notifications", "More: failures and warnings");
  await change("Backup locations", "Cloud only");
  await change("User Group", "Support");
  await page.getByText('=cmd|"x" <b>Ann</b>⟨U+200F⟩').waitFor();
  expect(await details()).toMatchObject({
    externalId: "E-77",
    group: { name: "Support" },
    installRegion: "Norway",
    notifications: "more",
    locations: "cloud-only",
  });
  expect(await fact(page, "Storage").textContent()).toContain("0 Used / no limit Available");
});

test("storage limit and devices are set, edited and removed within the range that is told before", async () => {
  const { open, details } = await startUserPanel();
  const page = await open();
  const set = page.getByRole("button", { name: "Set User Storage Limit" });
  await set.hover();
  await page.getByRole("tooltip").filter({ hasText: "MIN 1 GB, MAX 50 GB" }).waitFor();
  await set.click();
  const field = page.getByLabel("User Storage Limit, GB");
  await page.getByText("MIN 1 GB, MAX 50 GB").waitFor();
  await field.fill("1.5");
  await field.press("Enter");
  await page.getByText("Enter a whole number of GB, 1 or more. MIN 1 GB, MAX 50 GB").waitFor();
  await field.fill("51");
  await field.press("Enter");
  await page
    .getByText("The limit must be between: MIN 1 GB, MAX 50 GB.")
    .or(page.getByText(/between.*50 GB/))
    .first()
    .waitFor();
  expect(await field.inputValue()).toBe("51");
  await field.fill("20");
  await field.press("Enter");
  await expect.poll(() => fact(page, "User Storage Limit").textContent()).toBe("20 GBEditRemove");
  await page.getByRole("button", { name: "Edit User Storage Limit" }).click();
  await field.fill("30");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await expect.poll(async () => (await details()).limitBytes).toBe(30 * GB);
  await page.getByRole("button", { name: "Remove User Storage Limit" }).click();
  await page.getByRole("dialog", { name: "Remove User Storage Limit?" }).getByRole("button", { name: "Yes" }).click();
  await page.getByRole("button", { name: "Set User Storage Limit" }).waitFor();
  expect((await details()).limitBytes).toBeNull();

  await page.getByText("Desktop: 0 Used / 2 Available").waitFor();
  await page.getByRole("button", { name: "Edit Desktop devices" }).click();
  await page.getByLabel("Desktop devices in all").fill("x");
  await page.getByLabel("Desktop devices in all").press("Enter");
  await page.getByText(/Enter a whole number, 1 or more. MIN 0/).waitFor();
  await page.getByLabel("Desktop devices in all").fill("5");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Desktop: 0 Used / 5 Available").waitFor();
});

test("machines of a user: limit, way to restore, deleted by name and brought back", async () => {
  const { service, user, open, details } = await startUserPanel();
  const machine = await addMachine(service, user, { name: "front-desk" });
  await machine.backUp();
  const page = await open();
  const row = page.getByRole("row", { name: /front-desk/ });
  await row.waitFor();
  expect(await row.getByRole("cell").first().textContent()).toBe("Desktop");
  await row.getByText("< a minute ago").waitFor();
  expect(await row.getByRole("link", { name: "Restore files of front-desk" }).getAttribute("href")).toBe(
    `/restore/${machine.id}`,
  );
  await row.getByRole("button", { name: "Set Device Storage Limit of front-desk" }).click();
  const field = page.getByLabel("Device Storage Limit of front-desk, GB");
  await page.getByText("MIN 1 GB, MAX 50 GB").waitFor();
  await field.fill("60");
  await field.press("Enter");
  await page.getByText(/between/).waitFor();
  await field.fill("10");
  await field.press("Enter");
  await row.getByText("10 GB", { exact: true }).waitFor();
  await expect.poll(() => row.getByRole("cell").nth(1).textContent()).toMatch(/ B \/ 10 GB$/);
  // The user's limit is not below the largest of its machines.
  expect((await details()).allowed.limitBytes.minimum).toBe(10 * GB);

  await row.getByRole("button", { name: "Delete front-desk" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete machine front-desk?" });
  await dialog.getByText(/front-desk and all its backed-up files/).waitFor();
  await dialog.getByRole("button", { name: "Delete machine" }).click();
  await row.getByText("(deleted)").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await row.getByRole("button", { name: "Delete front-desk" }).waitFor();
  expect((await details()).machines).toBe(1);
});

test("product keys: unactivated above activated; Send Keys mails them", async () => {
  const { service, token, user, open } = await startUserPanel();
  const made = await service.call("createProductKeys", { token, body: { user: user.id, kind: "desktop", count: 2 } });
  const page = await open();
  await page.getByRole("button", { name: "View Product Keys" }).click();
  const dialog = page.getByRole("dialog", { name: `Product Keys of ${user.email}` });
  await dialog.getByRole("rowheader", { name: `…-${made.json.keys[0].lastGroup}` }).waitFor();
  expect(await dialog.getByRole("heading", { level: 3 }).allTextContents()).toEqual(["Unactivated"]);
  await dialog.getByRole("button", { name: "Send Keys" }).click();
  await page.getByText(`2 keys were mailed to ${user.email}.`).waitFor();
  expect((await mailsTo(service, user.email))[0]?.letter).toMatch(/key/);
});

test.each(["light", "dark"] as const)("the User Details panel is accessible (%s)", async (colorScheme) => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, { as: world.admin, path: `/users/${world.user.id}`, colorScheme });
  await page.getByRole("button", { name: "View Product Keys" }).waitFor();
  await page.getByRole("rowheader").first().waitFor();
  await shot(page, colorScheme === "light" ? "user-details" : "user-details-dark");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Set User Storage Limit" }).click();
  await page.getByLabel("User Storage Limit, GB").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "View Product Keys" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Send Keys" }).waitFor();
  await expectAccessible(page);
});
