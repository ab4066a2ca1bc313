import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { pick } from "../support/console/pick.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { makeGroup, makeUser } from "../support/organizations.ts";

const GB = 1_000_000_000;
const HOSTILE = '<img src=x onerror=alert(1)> =cmd|"x"';

test("an admin makes a group, is told in GB what its storage may be, changes it, makes it the default, and can't delete it then", async () => {
  const service = await startConsoleService();
  const { admin } = service.first;
  const token = await service.logIn("admin");
  const page = await openConsole(service, { as: admin, path: "/groups", mayFail: [/409|412|422/] });
  await page.getByRole("link", { name: "Add New Group" }).click();
  await page.getByRole("button", { name: "Add New Group" }).click();
  await page.getByText("Enter a name.").waitFor();
  await page.getByLabel("Name").fill("Sales");
  await page.getByRole("combobox", { name: "Storage" }).selectOption("Limited");
  await page.getByLabel("Limit (GB)").fill("40");
  await page.getByLabel("Desktop licences").fill("7");
  await page.getByRole("button", { name: "Add New Group" }).click();
  await page.getByRole("heading", { name: "Sales", level: 1 }).waitFor();
  await page.getByText("0 B / 40 GB").waitFor();
  await page.getByText("0 / 7 handed to users, 7 free").waitFor();

  // A user with 10 GB of its own is there now: the group can't have less.
  const { id: group } = (await service.call("listGroups", { token })).json.items.find(
    ({ name }: { name: string }) => name === "Sales",
  );
  await makeUser(service, token, { group, limitBytes: 10 * GB, desktopDevices: 2 });
  await page.reload();
  await page.getByText("MIN 10 GB").waitFor();
  await page.getByLabel("Limit (GB)").fill("9");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("The limit must be between: MIN 10 GB").waitFor();
  await page.getByLabel("Limit (GB)").fill("50");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("0 B / 50 GB").waitFor();

  await page.getByRole("button", { name: "change Name" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(HOSTILE);
  await page.getByRole("textbox", { name: "Name" }).press("Enter");
  await page.getByRole("heading", { name: HOSTILE, level: 1 }).waitFor();
  await page.getByRole("button", { name: "change Sync" }).click();
  await page.getByRole("combobox", { name: "Sync" }).selectOption("Disabled");
  await page.getByRole("button", { name: "Save Changes" }).first().click();
  await page.getByRole("button", { name: "change Sync" }).waitFor();
  expect(await settingsOf()).toEqual({ sync: false });

  await page.getByRole("button", { name: "Delete Group" }).click();
  await page.getByText("Only an empty group can be deleted").waitFor();
  await page.getByRole("button", { name: "Make default" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make default" }).click();
  await page.getByRole("heading", { name: `${HOSTILE} *`, level: 1 }).waitFor();
  await page.getByRole("link", { name: "1 user", exact: true }).click();
  await page.getByRole("rowheader", { name: "ann@acme.example" }).waitFor();

  async function settingsOf() {
    return (await service.call("getGroup", { token, params: { group } })).json.settings;
  }
});

test("whoever was quicker with a group is shown, what was typed stays, and an empty group is deleted", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const group = await makeGroup(service, token, { name: "Sales" });
  const page = await openConsole(service, { as: service.first.admin, path: `/groups/${group}`, mayFail: [/412/] });
  await page.getByLabel("Desktop licences").fill("5");
  await service.call("changeGroup", { token, params: { group }, body: { name: "Sales and Support" } });
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Name is now: Sales and Support").waitFor();
  expect(await page.getByLabel("Desktop licences").inputValue()).toBe("5");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("0 / 5 handed to users").waitFor();

  await page.getByRole("button", { name: "Delete Group" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete user group Sales and Support?" });
  await dialog.getByRole("button", { name: "Delete Group" }).click();
  await page.getByRole("heading", { name: "User Groups", level: 1 }).waitFor();
  await page.getByRole("rowheader").first().waitFor();
  await page.getByRole("rowheader", { name: "Sales" }).waitFor({ state: "detached" });

  // Where user groups are off, none can be added.
  const isOffered = () => page.getByRole("link", { name: "Add New Group" }).count();
  expect(await isOffered()).toBe(1);
  await service.call("changeOwnOrganization", { token, body: { settings: { userGroups: false } } });
  await page.reload();
  await page.getByRole("rowheader").first().waitFor();
  await expect.poll(isOffered).toBe(0);
});

test("product keys are made, shown once, downloaded, assigned, sent, suspended, revoked, and found by their filters", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  await makeUser(service, token, { email: "ann@acme.example" });
  const page = await openConsole(service, { as: service.first.admin, path: "/product-keys" });
  await page.getByRole("button", { name: "Make Keys" }).click();
  await page.getByLabel("How many?").fill("3");
  await page.getByRole("dialog").getByRole("button", { name: "Make Keys" }).click();
  const made = page.getByRole("dialog", { name: "3 product keys made" });
  await made.getByText("These keys are not shown again.").waitFor();
  const text = (await made.getByLabel("Product Key").textContent()) ?? "";
  const keys = text.split("\n");
  expect(keys).toHaveLength(3);
  expect(keys[0]).toMatch(/^(?:[2-9A-HJKMNP-TV-Z]{5}-){3}[2-9A-HJKMNP-TV-Z]{5}$/);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    made.getByRole("button", { name: "Download CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("product-keys.csv");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await made.getByRole("button", { name: "I have kept them" }).click();

  const [first, second, third] = keys.map((key) => key.slice(-5));
  const tick = (last: string | undefined) => page.getByRole("checkbox", { name: `Select …-${last}` }).check();
  const act = (name: string) =>
    page
      .getByRole("region", { name: /selected/ })
      .getByRole("button", { name })
      .click();
  await tick(first);
  await tick(second);
  await act("Assign");
  await pick(page.getByRole("dialog").getByRole("combobox", { name: "User" }), "ann@", "ann@acme.example");
  await page.getByRole("dialog").getByRole("button", { name: "Assign" }).click();
  await page.getByText("2 keys are ann@acme.example's now.").waitFor();
  await page.getByRole("row", { name: new RegExp(`${first} Desktop Assigned .* ann@acme.example`) }).waitFor();

  await tick(second);
  await act("Suspend");
  await page.getByText("1 key was suspended.").waitFor();
  await tick(third);
  await act("Revoke");
  await page
    .getByRole("dialog", { name: `Revoke key …-${third}?` })
    .getByRole("button", { name: "Revoke" })
    .click();
  await page.getByText("1 key was revoked.").waitFor();
  await tick(first);
  await act("Send Keys");
  await page.getByRole("dialog").getByRole("button", { name: "Send Keys" }).click();
  await page.getByText("1 key was mailed to ann@acme.example.").waitFor();

  await page.getByLabel("State").selectOption("Suspended");
  await page.getByRole("rowheader", { name: second ?? "" }).waitFor();
  await expect.poll(() => page.getByRole("rowheader").count()).toBe(1);
  const href = await page.getByRole("link", { name: "Export to Excel (CSV)" }).getAttribute("href");
  expect(href).toContain("state=suspended");
});

test.each(["light", "dark"] as const)(
  "groups, keys and resources of an organization can be read by everybody (%s)",
  async (colorScheme) => {
    const service = await startConsoleService();
    const { admin, groups } = await makeWorld(service);
    const page = await openConsole(service, { as: admin, path: "/groups", colorScheme });
    await page.getByRole("rowheader", { name: "Office *" }).waitFor();
    await page.getByRole("button", { name: "Storage Used" }).click();
    await page.getByRole("button", { name: "Storage Used" }).click();
    await expect.poll(() => page.getByRole("rowheader").first().textContent()).toBe("Servers");
    await expectAccessible(page);
    if (colorScheme === "light") await shot(page, "groups");
    for (const [path, name, isReady] of [
      [`/groups/${groups.Workshop}`, "group", "Storage: Limited"],
      ["/groups/new", "new-group", "Free in the organization"],
      ["/product-keys", "product-keys", "Activated"],
      ["/resources", "resources", "Use by group"],
    ] as const) {
      await page.goto(`${service.address}${path}`);
      await page.getByText(isReady).first().waitFor({ state: "attached" });
      await page
        .getByRole("row")
        .or(page.getByRole("button", { name: /Save Changes|Add New Group/ }))
        .first()
        .waitFor();
      await expectAccessible(page);
      if (colorScheme === "light" && name !== "new-group") await shot(page, name);
    }
    if (colorScheme === "dark") return;
    await expectFitsPhone(page);
  },
);
