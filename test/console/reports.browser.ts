/** Reports and e-mail alerts: looked at before they are mailed, and mailed. */
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { logInAs } from "../support/logged-in.ts";
import { mailsTo, makeGroup } from "../support/organizations.ts";
import { addMachine, addUser } from "../support/people.ts";

const DAY = 24 * 3_600_000;
const HOSTILE = '=cmd|"/c calc"!A1 <img src=x onerror=alert(1)>';

/** Three users in two groups: one is backed up, one never was. */
async function started() {
  const service = await startConsoleService();
  const first = await service.logIn("admin");
  const sales = await makeGroup(service, first, { name: "Sales" });
  const ann = await addUser(service, first, "ann", { group: sales });
  const bob = await addUser(service, first, "bob");
  const backedUp = await addMachine(service, ann, { name: "ann-laptop" });
  await addMachine(service, bob, { name: HOSTILE });
  service.clock.advance(5 * DAY);
  await backedUp.backUp();
  const token = await service.logIn("admin");
  return { service, token };
}

const SCHEMES = ["light", "dark"] as const;

test("an admin looks at a report, changes what it asks, and takes it as CSV", async () => {
  const { service } = await started();
  const page = await openConsole(service, { as: service.first.admin, path: "/reports" });
  const reports = page.getByRole("region", { name: "Reports", exact: true });
  await reports.getByRole("rowheader", { name: "Resources Added" }).waitFor();
  expect(await reports.getByRole("rowheader").allInnerTexts()).toEqual([
    "Users",
    "Machines",
    "User Groups",
    "Keys",
    "Machine Details",
    "Machine Status",
    "Machine Watchlist",
    "Machine Over Quota",
    "Resources Added",
  ]);
  await page.getByRole("link", { name: "Machine Watchlist", exact: true }).click();
  const preview = page.getByRole("table", { name: "Machine Watchlist" });
  await preview.getByText(HOSTILE).waitFor();
  expect(await preview.getByRole("columnheader").allInnerTexts()).toEqual([
    "Organization",
    "User Group",
    "Username",
    "Machine",
    "Last Backup",
    "Last Failure",
    "Error Message",
    "Error Code",
    "Backup In Progress",
  ]);
  await page.getByLabel("Overdue after days").fill("30");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("Nothing to report").waitFor();
  await page.getByLabel("Overdue after days").fill("4");
  await page.getByLabel("User Group", { exact: true }).selectOption("(default user group)");
  await page.keyboard.press("Enter");
  await page.getByText("All of it: 1 row").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("machine-watchlist-2026-11-26.csv");
  const bytes = Buffer.concat(await Array.fromAsync(await download.createReadStream()));
  const rows = parse(bytes, { bom: true }) as string[][];
  expect(rows.map((row) => row[3])).toEqual(["Machine", `'${HOSTILE}`]);
});

test("a report is scheduled by e-mail, sent now, changed and deleted; what is wrong stands beside its field", async () => {
  const { service } = await started();
  const page = await openConsole(service, { as: service.first.admin, path: "/reports/machine-details" });
  await page.getByRole("link", { name: "Schedule by e-mail" }).click();
  await page.getByLabel("Subject").fill("Machines of the week");
  await page.getByLabel("Recipients").fill("it@acme.example\nnot-an-address");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("not-an-address is not an e-mail address.").waitFor();
  await page.reload();
  await page.getByText("What you had entered before is here again.").waitFor();
  expect(await page.getByLabel("Subject").inputValue()).toBe("Machines of the week");
  await page.getByLabel("Recipients").fill("it@acme.example");
  await page.getByLabel("Frequency").selectOption("Monthly");
  await page.getByLabel("Day of the month").fill("15");
  await page.getByLabel("Time zone").selectOption("Europe/Berlin");
  await page.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row", { name: /Machines of the week/ });
  await row.getByText("Monthly, day 15, 07:00 (Europe/Berlin)").waitFor();
  await row.getByRole("button", { name: "Send Now: Machines of the week" }).click();
  await page.getByText("Machines of the week is on its way to 1 recipient.").waitFor();
  expect((await mailsTo(service, "it@acme.example")).map(({ subject }) => subject)).toEqual(["Machines of the week"]);
  await row.getByRole("link", { name: "Machines of the week" }).click();
  await page.getByLabel("Frequency").selectOption("Daily");
  await page.getByRole("button", { name: "Save" }).click();
  await row.getByText("Daily, 07:00 (Europe/Berlin)").waitFor();
  await row.getByRole("button", { name: "Delete Machines of the week" }).click();
  await page
    .getByRole("dialog", { name: "Delete Machines of the week?" })
    .getByRole("button", { name: "Delete" })
    .click();
  await page.getByText("No report is mailed regularly").waitFor();
});

test("an e-mail alert is seen as it would be mailed, for chosen groups, and saved", async () => {
  const { service } = await started();
  const page = await openConsole(service, { as: service.first.admin, path: "/email-alerts" });
  await page.getByText("No e-mail alerts yet").waitFor();
  await page.getByRole("link", { name: "Add E-mail Alert" }).first().click();
  await page.getByLabel("Subject").fill(`Morning ${HOSTILE}`);
  await page.getByLabel("Backup summary").uncheck();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Choose at least one module.").waitFor();
  await page.getByLabel("Backup summary").check();
  await page.getByLabel("Users without recent backups").check();
  await page.getByLabel("Storage summary").check();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("heading", { name: "Backups of the last 7 days" }).waitFor();
  await page.getByRole("cell", { name: "bob@example.com" }).waitFor();
  await page.getByRole("radio", { name: "Chosen user groups" }).check();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Choose at least one group.").waitFor();
  await page.getByRole("checkbox", { name: "Sales" }).check();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("cell", { name: "bob@example.com" }).waitFor({ state: "detached" });
  await page.getByText("Plain text").click();
  await page.getByText("Users without a backup for 3 days").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("rowheader", { name: `Morning ${HOSTILE}` }).waitFor();
});

test("two admins edit one e-mail alert: the slower sees what is different now, and keeps what was typed", async () => {
  const { service, token } = await started();
  const timing = { time: "06:00" };
  const body = {
    subject: "Storage",
    frequency: "daily",
    timing,
    recipients: ["it@acme.example"],
    modules: ["storage-summary"],
  };
  const { json } = await service.call("createEmailAlert", { token, body });
  const mayFail = [/412/];
  const page = await openConsole(service, { as: service.first.admin, path: `/email-alerts/${json.id}`, mayFail });
  await page.getByLabel("Subject").fill("Storage of all");
  const params = { schedule: json.id };
  await service.call("changeEmailAlert", { token, params, body: { ...body, frequency: "monthly" } });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Somebody else changed this while you were editing.").waitFor();
  await page.getByText("Frequency is now: Monthly, day 1, 06:00 (UTC)").waitFor();
  expect(await page.getByLabel("Subject").inputValue()).toBe("Storage of all");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("rowheader", { name: "Storage of all" }).waitFor();
});

test.each(SCHEMES)("reports and their schedules can be read by everybody (%s)", async (colorScheme) => {
  const service = await startConsoleService();
  const world = await makeWorld(service);
  const { token } = await logInAs(service, world.admin.email, world.admin.password);
  const regular = { frequency: "weekly", timing: { time: "06:00", timeZone: "Europe/Berlin" } };
  const recipients = ["it@northwind.example", "chief@northwind.example", "more@northwind.example"];
  const report = { ...regular, recipients, subject: "Who is not backed up", report: "machine-watchlist" };
  const scoped = { ...report, groups: [world.groups.Design, world.groups.Workshop] };
  const made = await service.call("createReportSchedule", { token, body: scoped });
  const monthly = { ...report, subject: "Machines of the month", report: "machine-details", frequency: "monthly" };
  await service.call("createReportSchedule", { token, body: { ...monthly, recipients: recipients.slice(0, 1) } });
  const modules = ["backup-summary", "storage-summary", "nearing-limit"];
  await service.call("createEmailAlert", { token, body: { ...regular, recipients, subject: "Every Monday", modules } });
  const page = await openConsole(service, { as: world.admin, path: "/reports", colorScheme });
  await page.getByRole("rowheader", { name: "Who is not backed up" }).waitFor();
  if (colorScheme === "dark") await shot(page, "reports-dark");
  const look = async (picture: string) => {
    if (colorScheme === "light") await shot(page, picture);
    else await expectFitsPhone(page);
    await expectAccessible(page);
  };
  await look("reports");
  await page.goto(`${service.address}/reports/machine-watchlist`);
  await page.getByRole("rowheader").first().waitFor();
  await look("report");
  await page.goto(`${service.address}/report-schedules/${made.json.id}`);
  await page.getByRole("checkbox", { name: "Design" }).waitFor();
  await page.getByRole("rowheader").first().waitFor();
  await look("report-schedule");
  await page.goto(`${service.address}/email-alerts`);
  await page.getByRole("rowheader", { name: "Every Monday" }).waitFor();
  await look("email-alerts");
  await page.getByRole("link", { name: "Every Monday" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("heading", { name: "Storage", exact: true }).waitFor();
  await page.evaluate("scrollTo(0, 0)");
  await look("email-alert");
});
