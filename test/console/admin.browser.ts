/** Audit log, outbox, webhooks. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { sendMails } from "../../server-mock/domain/mail/send-mails.ts";
import { openReportAttachment } from "../../server-mock/domain/reports/run-report.ts";
import { expectAccessible } from "../support/console/accessible.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeWorld } from "../support/console/world.ts";
import { logInAs } from "../support/logged-in.ts";
import { mailSink } from "../support/mail-sink.ts";
import { addGroup, addUser } from "../support/people.ts";
import { settleNotices } from "../support/settle-notices.ts";
import { steeredClock } from "../support/steered-clock.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const HOSTILE = '=HYPERLINK("http://evil.example") <script>alert(1)</script>';

/** A web server that answers as it is told. */
async function receiver() {
  const got: string[] = [];
  const answer = { status: 200 };
  const server = createServer(async (request, response) => {
    got.push(Buffer.concat(await Array.fromAsync(request)).toString());
    response.writeHead(answer.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got, answer }; // A listening TCP server's.
}

test("an admin finds in the Audit Log who did what, narrows it down, and takes it as CSV", async () => {
  const service = await startConsoleService();
  const first = await service.logIn("admin");
  await addGroup(service, first, HOSTILE);
  await addUser(service, first, "ann");
  service.clock.advance(2 * DAY);
  const token = await service.logIn("admin");
  const person = await addUser(service, token, "bob");
  await service.call("changeUser", { token, params: { user: person.id }, body: { name: "Robert" } });
  const page = await openConsole(service, { as: service.first.admin, path: "/audit" });
  await page.getByRole("rowheader", { name: HOSTILE }).waitFor();
  expect(await page.getByRole("columnheader").allInnerTexts()).toEqual([
    "Time",
    "Who",
    "Action",
    "Subject",
    "Detail",
    "Address",
  ]);
  await expectAccessible(page);
  await page.getByLabel("From", { exact: true }).fill("2026-11-23");
  await page.getByRole("rowheader", { name: HOSTILE }).waitFor({ state: "detached" });
  await page.getByLabel("Action", { exact: true }).selectOption("Users");
  await page.getByRole("button", { name: /^users\/change/ }).click();
  const dialog = page.getByRole("dialog", { name: "Audit row" });
  await dialog.getByText("Robert").waitFor();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Only this action" }).click();
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => page.getByRole("row").count()).toBe(2);
  const exported = await page.getByRole("link", { name: "Export to Excel (CSV)" }).getAttribute("href");
  expect(exported).toContain("action=users%2Fchange");
  await page.getByRole("button", { name: "Clear search" }).click();
  await page.getByRole("rowheader", { name: HOSTILE }).waitFor();
  await page.getByLabel("Who", { exact: true }).fill("nobody@acme.example");
  await page.keyboard.press("Enter");
  await page.getByText("Nothing found").waitFor();
});

test("the Outbox says what became of each mail; a failed one is tried again; what opens something is shown to nobody", async () => {
  const sink = await mailSink();
  const mail = { smtpUrl: `smtp://127.0.0.1:${sink.port}`, mailFrom: "backup@example.org" };
  const service = await startConsoleService({ config: { ...mail, publicUrl: "https://backup.example" } });
  const token = await service.logIn("admin");
  const users = [{ email: "ann@example.com", name: "Ann" }];
  await service.call("createUsers", { token, body: { kind: "desktop", users } });
  const regular = { frequency: "daily", timing: { time: "06:00" }, modules: ["storage-summary"] };
  const alert = { ...regular, subject: HOSTILE, recipients: ["gone@example.com"] };
  const { json } = await service.call("createEmailAlert", { token, body: alert });
  sink.refuseWith(550);
  await service.call("sendEmailAlert", { token, params: { schedule: json.id } });
  const clock = steeredClock(service.clock.now());
  await sendMails({ ...service.service.domain, clock }, openReportAttachment);
  const page = await openConsole(service, { as: service.first.admin, path: "/mails" });
  const row = page.getByRole("row", { name: HOSTILE });
  await row.getByText("Failed").waitFor();
  await expectAccessible(page);
  await row.getByRole("button", { name: /^Show/ }).click();
  await page.getByRole("dialog").getByText("not this one").waitFor();
  await page.getByRole("dialog").getByText("Storage Used: 0 B").waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  sink.refuseWith(undefined);
  await row.getByRole("button", { name: /^Try again/ }).click();
  await row.getByText("Waiting").waitFor();
  await page
    .getByRole("row", { name: /Set up backups/ })
    .getByRole("button", { name: /^Show/ })
    .click();
  await page.getByText("This mail opens something: a link, or keys. Nobody is shown it.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByLabel("State", { exact: true }).selectOption("Expired");
  await page.getByText("Nothing found").waitFor();
});

test("a service that can't send mails says so, and what the operator does", async () => {
  const service = await startConsoleService();
  const page = await openConsole(service, { as: service.first.admin, path: "/mails" });
  await page.getByText("Mails don't leave yet").waitFor();
  await page.getByText("HOLDFAST_SMTP_URL").waitFor();
});

test("a webhook is added with its secret shown once, tried, turned off and on, given a new secret, deleted", async () => {
  const hook = await receiver();
  const service = await startConsoleService({ config: { allowPrivateWebhooks: true } });
  const page = await openConsole(service, { as: service.first.admin, path: "/webhooks", mayFail: [/422/] });
  await page.getByText("No webhooks yet").waitFor();
  await page.getByRole("link", { name: "Add Webhook" }).first().click();
  await page.getByLabel("URL").fill("ftp://files.example/");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(/Events can't be sent to ftp/).waitFor();
  await page.getByLabel("URL").fill(hook.url);
  await page.getByRole("radio", { name: "Chosen events" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Choose at least one event.").waitFor();
  await page.getByRole("checkbox", { name: "A backup failed", exact: true }).check();
  await page.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog", { name: "The webhook's secret" });
  const secret = await dialog.getByRole("group", { name: "Secret" }).locator("pre").innerText();
  expect(secret).toMatch(/^whsec_/);
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await page.getByText("Nothing was sent yet").waitFor();
  expect(await page.content()).not.toContain(secret);
  await page.getByRole("button", { name: "Send a test" }).click();
  const row = page.getByRole("row", { name: /webhook\.test/ });
  await row.getByText("Waiting").waitFor();
  await settleNotices(service.service.domain);
  await page.reload();
  await row.getByText("Delivered").waitFor();
  expect(hook.got.map((body) => JSON.parse(body).kind)).toEqual(["webhook.test"]);
  await row.getByRole("button", { name: "Show" }).click();
  await page.getByRole("dialog", { name: "webhook.test" }).getByText('"kind": "webhook.test"').waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Turn off" }).click();
  await page.getByText("It is off and gets nothing.").waitFor();
  await page.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("button", { name: "Turn off" }).waitFor();
  await page.getByRole("button", { name: "New secret" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "New secret" }).click();
  expect(await dialog.getByRole("group", { name: "Secret" }).locator("pre").innerText()).not.toBe(secret);
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByText(hook.url).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("No webhooks yet").waitFor();
});

test.each(["light", "dark"] as const)(
  "audit, outbox and webhooks can be read by everybody (%s)",
  async (colorScheme) => {
    const hook = await receiver();
    hook.answer.status = 503;
    const service = await startConsoleService({ config: { allowPrivateWebhooks: true } });
    const world = await makeWorld(service);
    const { token } = await logInAs(service, world.admin.email, world.admin.password);
    const { json } = await service.call("createWebhook", { token, body: { url: hook.url } });
    const chat = "https://chat.northwind.example/hooks/backups";
    const body = { url: chat, events: ["machine.backup-failed", "machine.overdue"] };
    await service.call("createWebhook", { token, body });
    const users = ["ann", "bob", "carol"].map((name) => ({ name, email: `${name}@northwind.example` }));
    await service.call("createUsers", { token, body: { kind: "desktop", users } });
    await settleNotices(service.service.domain);
    service.clock.advance(40 * MINUTE);
    const page = await openConsole(service, { as: world.admin, path: "/audit", colorScheme });
    await page.getByRole("rowheader").first().waitFor();
    const look = async (picture: string) => {
      if (colorScheme === "light") await shot(page, picture);
      else await expectFitsPhone(page);
      await expectAccessible(page);
    };
    await look("audit");
    await page.goto(`${service.address}/webhooks`);
    await page.getByRole("rowheader", { name: hook.url }).waitFor();
    await look("webhooks");
    await page.goto(`${service.address}/webhooks/${json.id}`);
    await page.getByRole("rowheader", { name: "user.created" }).first().waitFor();
    await look("webhook");
    await page.goto(`${service.address}/mails`);
    await page.getByRole("rowheader").first().waitFor();
    await look("outbox");
  },
);
