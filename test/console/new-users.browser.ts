import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { GB, mailsTo, makeGroup, makeUser } from "../support/organizations.ts";

test("Add New User in three steps: the group with a green check mark and what it has, the profile, the users", async () => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const page = await openConsole(service, { as: world.admin, path: "/users/new" });
  const group = page.getByLabel("Choose a User Group");
  await group.waitFor();
  expect(await page.getByRole("heading", { level: 2 }).allTextContents()).toEqual([
    "Step 1 - Choose a Group",
    "Step 2 - Define Profile",
    "Step 3 - Enter User(s)",
  ]);
  expect(await page.getByRole("img", { name: "Group chosen" }).count()).toBe(0);
  await page.getByRole("button", { name: "Add User(s)" }).click();
  await page.getByText("Choose a group.", { exact: true }).waitFor();
  await page.getByText("Enter a username.").waitFor();
  await group.selectOption("Workshop");
  await page.getByRole("img", { name: "Group chosen" }).waitFor();
  await page.getByText("Available storage").waitFor();
  await page.getByText("MIN 1, MAX 24").waitFor();
  // There is Sync in this group, for Desktop users.
  await page.getByLabel("Enable Sync").waitFor();
  await page.getByRole("radio", { name: "Server" }).check();
  expect(await page.getByLabel("Enable Sync").count()).toBe(0);
  await page.getByRole("radio", { name: "Desktop" }).check();
  for (const name of ["Add New Group", "Import Users from CSV", "Buy More"])
    await page.getByRole("link", { name }).waitFor();

  await page.getByLabel("Username").fill("Nils Holm");
  await page.getByLabel("Email", { exact: true }).fill("nils.holm@northwind.example");
  await page.getByRole("button", { name: "One more user" }).click();
  await page.getByRole("group", { name: "User 2" }).getByLabel("Username").fill("Oda Berg");
  await page.getByRole("group", { name: "User 2" }).getByLabel("Email").fill("oda.berg@northwind.example");
  await page.setViewportSize({ width: 1280, height: 1150 });
  await shot(page, "new-users");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add User(s)" }).click();
  await page.getByText("2 users were created.").waitFor();
  await expect.poll(() => page.getByLabel("Username").inputValue()).toBe("");
  expect((await mailsTo(service, "oda.berg@northwind.example"))[0]?.text).toContain("#");
  await page.getByRole("link", { name: "nils.holm@northwind.example" }).click();
  await page.getByRole("heading", { name: "nils.holm@northwind.example" }).waitFor();
});

test("who could not be created stays in the form, with the reason at its field; what was typed outlives a reload", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  await makeUser(service, token, { email: "ann@acme.example" });
  const pools = [
    { kind: "all", mode: "limited", limitBytes: 50 * GB },
    { kind: "desktop", devices: 3 },
  ];
  await makeGroup(service, token, { name: "Sales", pools });
  const page = await openConsole(service, { as: service.first.admin, path: "/users/new", mayFail: [/422|409/] });
  await page.getByLabel("Choose a User Group").selectOption("Sales");
  await page.getByText("50 GB", { exact: true }).waitFor();
  const limit = page.getByLabel("Storage Limit (Optional)");
  const devices = page.getByLabel("How many devices can this user backup?");
  const row = (number: number) => page.getByRole("group", { name: `User ${number}` });
  const add = () => page.getByRole("button", { name: "Add User(s)" }).click();
  await limit.fill("60");
  await devices.fill("4");
  await row(1).getByLabel("Username").fill("Ann");
  await row(1).getByLabel("Email").fill("ANN@acme.example");
  await page.getByRole("button", { name: "One more user" }).click();
  await row(2).getByLabel("Username").fill("Bo");
  await row(2).getByLabel("Email").fill("bo.acme.example");
  await page.getByLabel("Send users instructions email").uncheck();
  await page.reload();
  await page.getByText("What you had entered before is here again.").waitFor();
  expect([await limit.inputValue(), await row(2).getByLabel("Username").inputValue()]).toEqual(["60", "Bo"]);

  await add();
  await page.getByText("This is not an email address.").waitFor();
  await row(2).getByLabel("Email").fill("bo@acme.example");
  await add();
  await page.getByText("2 could not be created.").waitFor();
  await page.getByText(/between .* and 50 GB \(group Sales\)/).waitFor();
  await limit.fill("20");
  await add();
  await page
    .getByText(/The group Sales has not so many desktop devices free/)
    .first()
    .waitFor();
  await devices.fill("2");
  await add();
  await page.getByText("1 user was created.").waitFor();
  await page.getByText(/ann@acme.example is already used for a log-in/i).waitFor();
  await expect.poll(() => row(2).count()).toBe(0);
  expect(await row(1).getByLabel("Username").inputValue()).toBe("Ann");
  expect(await mailsTo(service, "bo@acme.example")).toEqual([]);
  await row(1).getByLabel("Email").fill("anna@acme.example");
  await devices.fill("1");
  await add();
  await page.getByRole("link", { name: "anna@acme.example" }).waitFor();
  const { items } = (await service.call("listUsers", { token, query: { search: "anna@acme.example" } })).json;
  expect(items[0]).toMatchObject({ limitBytes: 20 * GB, kind: "desktop", devices: { desktop: { limit: 1 } } });
});

test("with one group nobody has to choose it, and a Server user has server devices", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  await service.call("changeOwnOrganization", { token, body: { settings: { installRegions: ["Norway"] } } });
  const page = await openConsole(service, { as: service.first.admin, path: "/users/new", colorScheme: "dark" });
  await page.getByRole("img", { name: "Group chosen" }).waitFor();
  expect(await page.getByLabel("Enable Sync").count()).toBe(0);
  await page.getByLabel("Install Region Override").selectOption("Norway");
  await page.getByRole("radio", { name: "Server" }).check();
  await page.getByLabel("Username").fill("Files");
  await page.getByLabel("Email", { exact: true }).fill("files@acme.example");
  await expectAccessible(page);
  await page.getByLabel("Email", { exact: true }).press("Enter");
  await page.getByText("1 user was created.").waitFor();
  const { items } = (await service.call("listUsers", { token, query: { search: "files@acme.example" } })).json;
  const made = await service.call("getUser", { token, params: { user: items[0].id } });
  expect(made.json.installRegion).toBe("Norway");
  expect(items[0]).toMatchObject({ kind: "server", devices: { server: { limit: 1 }, desktop: { limit: 0 } } });
});

test("users from a CSV file: looked at first, each error by row and column, nothing made unless all can be, or those that can", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  await makeGroup(service, token, { name: "Sales" });
  const page = await openConsole(service, { as: service.first.admin, path: "/users/import" });
  const file = (...lines: string[]) => ({
    name: "people.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(
      ["Username,Email,External ID,User Group,Type,Storage Limit,Devices", ...lines, ""].join("\r\n"),
    ),
  });
  const template = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download a template" }).click();
  expect((await template).suggestedFilename()).toBe("users.csv");

  const input = page.locator('input[type="file"]');
  const names = async () => (await service.call("listUsers", { token })).json.items.length;
  const before = await names();
  await input.setInputFiles(
    file("Ann,ann@acme.example,E-1,Sales,Desktop,20 GB,2", "<b>Bo</b>,bo@acme.example,,Nowhere,,,", "Cy,cy,,,,,"),
  );
  await page.getByText("0 of 3 users would be created.").waitFor();
  const errors = page.getByRole("table", { name: "Errors" });
  await errors.getByRole("row", { name: /^3 User Group There is no such user group/ }).waitFor();
  await page
    .getByRole("table", { name: "Preview" })
    .getByRole("row", { name: /ann@acme.example Ann E-1 Sales Desktop 20 GB 2/ })
    .waitFor();
  expect(await page.getByRole("button", { name: /^Import \d/ }).count()).toBe(0);
  await shot(page, "import-users");
  await expectAccessible(page);

  await page.getByLabel("All or nothing").uncheck();
  await page.getByText("1 of 3 users would be created.").waitFor();
  expect(await names()).toBe(before);
  await page.getByRole("button", { name: "Import 1 user" }).click();
  await page.getByText("1 user was imported.").waitFor();
  expect(await names()).toBe(before + 1);

  await page.getByRole("button", { name: "Another file" }).click();
  await input.setInputFiles(file("Di,di@acme.example,,,Server,,", "Eva,eva@acme.example,,,,,"));
  await page.getByText("2 of 2 users would be created.").waitFor();
  await page.getByRole("button", { name: "Import 2 users" }).click();
  await page.getByText("2 users were imported.").waitFor();
  expect(await names()).toBe(before + 3);
});
