import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { pick } from "../support/console/pick.ts";
import { shot } from "../support/console/shot.ts";
import { addMachine, addUser } from "../support/people.ts";
import type { TestService } from "../support/test-service.ts";

const DAY = 24 * 3600 * 1000;
const WORK = ["monday", "tuesday", "wednesday", "thursday", "friday"];

async function start() {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const user = await addUser(service, token, "ann");
  const machine = await addMachine(service, user, { name: "cad-01" });
  const { group } = (await service.call("getUser", { token, params: { user: user.id } })).json;
  return { service, token, machine, group: group.id as string };
}

/** A snapshot a day, until now. */
async function backUpDaily({ service, machine }: Awaited<ReturnType<typeof start>>, days: number): Promise<void> {
  const { records } = service.service.domain;
  for (let day = 0; day < days; day++) await machine.backUp(1);
  const vault = await records.vaults.findByMachine(machine.id);
  for (let day = 0; day < days; day++)
    await records.reach.changeSnapshots(vault?.number ?? 0, [day + 1], {
      receivedAt: service.clock.now() - (days - 1 - day) * DAY,
    });
}

const settingsOf = async (service: TestService, token: string) =>
  (await service.call("getPolicy", { token, params: { kind: "desktop" } })).json.settings;

test("an admin says what agents back up and when; what is wrong is told beside its field, and nothing typed is lost", async () => {
  const { service, token } = await start();
  const page = await openConsole(service, { as: service.first.admin, path: "/policies", mayFail: [/400|412/] });
  await page.getByRole("link", { name: "Edit: Desktop agents", exact: true }).click();
  const sets = page.getByRole("region", { name: "Backup sets" });
  await sets.getByText("No sets: the agent's own choice").waitFor();
  await sets.getByRole("button", { name: "Set here: Backup sets" }).click();
  await sets.getByRole("button", { name: "Add a backup set" }).click();
  await sets.getByLabel("Name of the set").fill("Home <b>");
  await sets.getByLabel("Folders to back up").fill("/home\n\n/srv");
  await sets.getByRole("button", { name: /Leave out/ }).click();
  await sets.getByLabel("Names").first().fill("*.iso");
  await sets.getByLabel("Types").first().fill(".tmp");
  await sets.getByLabel("Changed more than so many days ago").first().fill("365");
  await sets.getByRole("checkbox", { name: "Exclusionary" }).check();
  await sets.getByRole("checkbox", { name: "Lock: Backup sets" }).check();

  const schedules = page.getByRole("region", { name: "Schedules" });
  await schedules.getByRole("button", { name: "Set here: Schedules" }).click();
  await schedules.getByRole("button", { name: "Remove schedule 1" }).click();
  await schedules.getByRole("button", { name: "Add a schedule" }).click();
  await schedules.getByLabel("How often").selectOption("Weekly");
  await schedules.getByRole("button", { name: "Add a schedule" }).click();
  await schedules.getByLabel("Type").nth(1).selectOption("Continuous");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await schedules.getByText("a weekly schedule names its days").waitFor();
  expect(await sets.getByLabel("Name of the set").inputValue()).toBe("Home <b>");
  await page.reload();
  await page.getByText("What you had entered before is here again.").waitFor();
  await schedules.getByLabel("Monday").check();
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("The configuration was saved.").waitFor();
  expect(await settingsOf(service, token)).toMatchObject({
    backupSets: {
      locked: true,
      value: [
        {
          name: "Home <b>",
          exclusionary: true,
          roots: ["/home", "/srv"],
          exclude: { names: ["*.iso"], types: ["tmp"], olderThanDays: 365 },
        },
      ],
    },
    schedules: {
      locked: false,
      value: [
        { type: "Scheduled", frequency: "weekly", weekdays: ["monday"] },
        { type: "Continuous", quietSeconds: 60 },
      ],
    },
  });

  // Somebody else is quicker.
  const others = { warningDays: { value: 9 } };
  await service.call("putPolicy", { token, params: { kind: "desktop" }, body: { settings: others } });
  await sets.getByLabel("Name of the set").fill("Homes");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("Warning days is now: when the last backup is older than 9 days").waitFor();
  expect(await sets.getByLabel("Name of the set").inputValue()).toBe("Homes");
});

test("bandwidth is painted into a week with the mouse and with keys, or filled by numbers", async () => {
  const { service, token } = await start();
  const page = await openConsole(service, { as: service.first.admin, path: "/policies/desktop" });
  // Last of all: nothing moves under the mouse any more.
  await page.getByRole("row", { name: /cad-01/ }).waitFor();
  const bandwidth = page.getByRole("region", { name: "Bandwidth" });
  await bandwidth.getByRole("button", { name: "Set here: Bandwidth" }).click();
  await bandwidth.getByRole("button", { name: "Add a speed" }).click();
  await bandwidth.getByLabel("Speed 1: Upload (Mbit/s)").fill("4");
  await bandwidth.getByRole("button", { name: "Fill hours" }).click();
  const cell = (name: string) => bandwidth.getByRole("gridcell", { name });
  await cell("Friday 17:00–18:00: up 4 Mbit/s").waitFor();

  await bandwidth.getByRole("button", { name: "Add a speed" }).click();
  await bandwidth.getByLabel("Speed 2: Upload (Mbit/s)").fill("1");
  await cell("Saturday 10:00–11:00: as fast as it goes").hover();
  await page.mouse.down();
  await cell("Saturday 11:00–12:00: as fast as it goes").hover();
  await page.mouse.up();
  await cell("Saturday 11:00–12:00: up 1 Mbit/s").press("ArrowDown");
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowRight");
  await cell("Sunday 12:00–13:00: up 1 Mbit/s").waitFor();
  await bandwidth.evaluate((section) => section.scrollIntoView());
  await page.evaluate("scrollBy(0, -70)");
  await shot(page, "bandwidth");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByText("The configuration was saved.").waitFor();
  const { hours } = (await settingsOf(service, token)).bandwidth.value;
  const rates = (upload: number) => ({ uploadBytesPerSecond: upload, downloadBytesPerSecond: null });
  expect(hours).toEqual([
    { weekdays: WORK, from: "08:00", to: "18:00", ...rates(500_000) },
    { weekdays: ["saturday"], from: "10:00", to: "12:00", ...rates(125_000) },
    { weekdays: ["sunday"], from: "11:00", to: "13:00", ...rates(125_000) },
  ]);
});

test("a group inherits what the organization says and shows it, says otherwise, inherits again; which machines have it is listed", async () => {
  const { service, token, machine, group } = await start();
  const settings = { warningDays: { value: 9, locked: true } };
  await service.call("putPolicy", { token, params: { kind: "desktop" }, body: { settings } });
  const { tag } = (await service.call("ownPolicy", { token: machine.token, query: {} })).json;
  await service.call("takePolicy", { token: machine.token, body: { tag } });
  const page = await openConsole(service, { as: service.first.admin, path: `/groups/${group}/policies/desktop` });
  const warning = page.getByRole("region", { name: "Warning days" });
  await warning.getByText("Inherited from the organization").waitFor();
  await warning.getByText("Locked").waitFor();
  await warning.getByText("when the last backup is older than 9 days").waitFor();
  await page.getByRole("row", { name: /cad-01 .* Up to date/ }).waitFor();
  await warning.getByRole("button", { name: "Set here: Warning days" }).click();
  await warning.getByLabel("Days without a backup").fill("4");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByRole("row", { name: /cad-01 .* Not taken over yet/ }).waitFor();
  await warning.getByText("Inherited would be: when the last backup is older than 9 days").waitFor();
  await warning.getByRole("button", { name: "Inherit again: Warning days" }).click();
  await page.getByRole("button", { name: "Save Changes" }).click();
  await page.getByRole("row", { name: /cad-01 .* Up to date/ }).waitFor();
});

test("a shorter retention shows what it would drop, names what is lost, asks for the password, and holds", async () => {
  const at = await start();
  const { service, token, machine } = at;
  await backUpDaily(at, 24);
  const page = await openConsole(service, { as: service.first.admin, path: "/retention", mayFail: [/40[13]/] });
  await page.getByLabel("Policy").selectOption("7 Days");
  await page.getByText("Keeps the newest of 8 days.").waitFor();
  await page.getByLabel("Grace for deleted files (days)").fill("3");
  await pick(page.getByPlaceholder("Type a part of the name"), "cad", "cad-01");
  await page.getByText("8 snapshots kept").waitFor();
  await page.getByText("16 dropped").waitFor();
  await page.getByText("16 of them are kept today").waitFor();
  await page.getByRole("img", { name: "21 Nov 2026: 1 kept, 0 dropped" }).waitFor();
  await page.getByRole("img", { name: "1 Nov 2026: 0 kept, 1 dropped", exact: true }).waitFor();
  await expectAccessible(page);
  await page.evaluate("scrollTo(0, 0)");
  await shot(page, "retention");
  service.clock.advance(10 * 60_000);
  await page.getByRole("button", { name: "Shorten retention" }).click();
  const dialog = page.getByRole("dialog", { name: "Keep backups for a shorter time?" });
  await dialog.getByText("16 snapshots of cad-01 would be dropped at once").waitFor();
  await dialog.getByRole("button", { name: "Shorten retention" }).click();
  const proof = page.getByRole("dialog", { name: "Your password, please" });
  await proof.getByLabel("Password", { exact: true }).fill(service.first.admin.password);
  await proof.getByRole("button", { name: "Continue" }).click();
  await page.getByText("Retention was saved.").waitFor();
  const { effective } = (await service.call("getMachineRetention", { token, params: { machine: machine.id } })).json;
  expect(effective).toMatchObject({ policy: "7-days", policyFrom: "organization", graceDays: 3 });
});

test("a legal hold is added with its reason, is listed, and ends with the password", async () => {
  const { service, token } = await start();
  const page = await openConsole(service, { as: service.first.admin, path: "/retention", mayFail: [/40[13]/] });
  await page.getByRole("button", { name: "Add a legal hold" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a legal hold" });
  await dialog.getByRole("button", { name: "Add a legal hold" }).click();
  await dialog.getByText("Choose one.").waitFor();
  await dialog.getByText("Say why.").waitFor();
  await pick(dialog.getByPlaceholder("Type a part of the name"), "cad", "cad-01");
  await dialog.getByLabel("Reason").fill("<script>case 7</script>");
  await dialog.getByRole("button", { name: "Add a legal hold" }).click();
  await page.getByRole("row", { name: /A machine: cad-01 <script>case 7<\/script>/ }).waitFor();
  service.clock.advance(10 * 60_000);
  await page.getByRole("button", { name: "End hold: cad-01" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End hold" }).click();
  const proof = page.getByRole("dialog", { name: "Your password, please" });
  await proof.getByLabel("Password", { exact: true }).fill(service.first.admin.password);
  await proof.getByRole("button", { name: "Continue" }).click();
  await page.getByText("The legal hold on cad-01 has ended.").waitFor();
  expect((await service.call("listHolds", { token })).json.items).toEqual([]);
});

test.each(["light", "dark"] as const)(
  "configuration and retention can be read by everybody (%s)",
  async (colorScheme) => {
    const { service, token, group } = await start();
    const rules = { names: ["*.iso", "node_modules"], types: ["tmp"] };
    const settings = {
      backupSets: { value: [{ name: "Documents", roots: ["/home", "/srv/projects"], exclude: rules }], locked: true },
      schedules: {
        value: [
          { type: "Scheduled", at: "21:30" },
          { type: "Local", folder: "/mnt/disk", at: "12:00" },
        ],
      },
      bandwidth: {
        value: { hours: [{ weekdays: WORK, from: "08:00", to: "18:00", uploadBytesPerSecond: 250_000 }] },
      },
      keyKinds: { value: ["default"] },
      agentVersion: { value: { minimum: "0.1.0" } },
    };
    await service.call("putPolicy", { token, params: { kind: "desktop" }, body: { settings } });
    const page = await openConsole(service, { as: service.first.admin, path: "/policies/desktop", colorScheme });
    await page.getByRole("gridcell").first().waitFor();
    await page.getByRole("row", { name: /cad-01/ }).waitFor();
    await expectAccessible(page);
    await shot(page, `client-configuration${colorScheme === "dark" ? "-dark" : ""}`);
    for (const [path, isReady] of [
      ["/policies", "Server agents"],
      [`/groups/${group}/policies/desktop`, "Inherited from the organization"],
      ["/retention", "Legal holds"],
      [`/groups/${group}/retention`, "In effect"],
    ] as const) {
      await page.goto(`${service.address}${path}`);
      await page.getByText(isReady).first().waitFor();
      await page.getByText("…", { exact: true }).waitFor({ state: "detached" });
      await expectAccessible(page);
    }
    if (colorScheme === "dark") return;
    for (const path of ["/policies/desktop", "/retention"]) {
      await page.goto(`${service.address}${path}`);
      await page.getByRole("heading", { level: 2 }).first().waitFor();
      await expectFitsPhone(page);
    }
  },
);
