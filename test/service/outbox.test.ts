/** Mails: from the act that queues them to a real mail server. */
import { expect, test } from "vitest";
import type { Domain } from "../../server-mock/domain/domain.ts";
import { mailActivation, mailInstructions, mailProductKeys } from "../../server-mock/domain/mail/account-mails.ts";
import { queueMail } from "../../server-mock/domain/mail/queue-mail.ts";
import { mailSecurityNotice } from "../../server-mock/domain/mail/security-mails.ts";
import { sendMails } from "../../server-mock/domain/mail/send-mails.ts";
import { mailSink, type SinkOptions } from "../support/mail-sink.ts";
import { settleNotices } from "../support/settle-notices.ts";
import { steeredClock } from "../support/steered-clock.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

const HOUR = 3_600_000;
const link = (service: TestService) => ({
  url: "https://backup.example/activate#abc",
  expiresAt: service.clock.now() + HOUR,
});

async function withSink(options: SinkOptions = {}) {
  const sink = await mailSink(options);
  const config = {
    smtpUrl: `smtp://127.0.0.1:${sink.port}`,
    mailFrom: "backup@example.org",
    publicUrl: "https://backup.example",
  };
  const service = await startTestService({ config });
  // Time goes on for the test alone: the service's own jobs sleep.
  const clock = steeredClock(service.clock.now());
  return { service, sink, clock, domain: { ...service.service.domain, clock } };
}

async function user(service: TestService, more: object = {}) {
  const row = await service.service.domain.records.accounts.findByLogin(service.first.user.email);
  if (row === undefined) throw new Error("no user");
  return { ...row, ...more };
}

const states = async (domain: Domain) => (await domain.records.mails.list({ limit: 50 }, {})).map(({ state }) => state);

test("a mail is queued with its act or not at all, and arrives once", async () => {
  const { service, sink, domain } = await withSink();
  const reader = await user(service);
  const failing = domain.records.transaction(async (stores) => {
    await mailActivation(domain, stores, reader, link(service));
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  await domain.records.transaction((stores) => mailActivation(domain, stores, reader, link(service)));
  for (let turn = 0; turn < 3; turn++) await settleNotices(domain);
  expect(sink.mails.length).toBe(1);
  const { email, to } = sink.mails[0] ?? {};
  expect(to).toEqual([reader.email]);
  expect(email?.from).toEqual({ name: service.first.organization, address: "backup@example.org" });
  for (const form of [email?.text, email?.html]) expect(form).toContain("https://backup.example/activate#abc");
  expect(await states(domain)).toEqual(["sent"]);
});

test("what opens something is shown to nobody, and forgotten once it was sent", async () => {
  const { service, domain } = await withSink();
  const reader = await user(service);
  await domain.records.transaction((stores) => mailActivation(domain, stores, reader, link(service)));
  const token = await service.logIn("admin");
  const [shown] = (await service.call("listMails", { token })).json.items;
  expect(shown).toMatchObject({ letter: "activation", isSecret: true, text: "", state: "queued" });
  await settleNotices(domain);
  const [row] = await domain.records.mails.list({ limit: 1 }, {});
  expect(row).toMatchObject({ state: "sent", text: "", html: "" });
});

test("instructions have a link to choose a password and the way to install; keys come whole", async () => {
  const { service, sink, domain } = await withSink();
  const reader = await user(service);
  const keys = [
    { kind: "desktop", productKey: "AAAAA-BBBBB-CCCCC-DDDDD" },
    { kind: "server", productKey: "EEEEE-FFFFF-GGGGG-HHHHH" },
  ] as const;
  await domain.records.transaction(async (stores) => {
    await mailInstructions(domain, stores, reader, link(service));
    await mailProductKeys(domain, stores, reader, keys);
  });
  await settleNotices(domain);
  const texts = sink.mails.map(({ email }) => email.text ?? "");
  const instructions = texts.find((text) => text.includes("#abc"));
  expect(instructions).toContain(`holdfast register --service https://backup.example --email ${reader.login}`);
  const sent = texts.find((text) => text.includes("AAAAA-BBBBB-CCCCC-DDDDD"));
  expect(sent).toContain("Desktop: AAAAA-BBBBB-CCCCC-DDDDD");
  expect(sent).toContain("Server: EEEEE-FFFFF-GGGGG-HHHHH");
});

test("a link that has expired is not sent any more", async () => {
  const { service, sink, clock, domain } = await withSink();
  const reader = await user(service);
  await domain.records.transaction((stores) => mailActivation(domain, stores, reader, link(service)));
  clock.advance(HOUR);
  await settleNotices(domain);
  expect(sink.mails).toEqual([]);
  expect(await domain.records.mails.list({ limit: 1 }, {})).toMatchObject([{ state: "expired", text: "" }]);
});

test("a mail server that is down is tried again later and later, and the mail arrives when it is back", async () => {
  const { service, sink, clock, domain } = await withSink();
  const reader = await user(service);
  sink.refuseWith(451);
  await domain.records.transaction((stores) =>
    queueMail(domain, stores, reader, "backup-succeeded", { values: BACKUP }),
  );
  await settleNotices(domain);
  await settleNotices(domain); // Not yet again.
  const [waiting] = await domain.records.mails.list({ limit: 1 }, {});
  expect(waiting).toMatchObject({ state: "queued", attempts: 1, nextAt: clock.now() + 60_000 });
  expect(waiting?.problem).toContain("not this one");
  clock.advance(60_000);
  await sendMails(domain, async () => undefined);
  expect(await domain.records.mails.list({ limit: 1 }, {})).toMatchObject([
    { attempts: 2, nextAt: clock.now() + 300_000 },
  ]);
  sink.refuseWith(undefined);
  clock.advance(300_000);
  await sendMails(domain, async () => undefined);
  expect(await states(domain)).toEqual(["sent"]);
  expect(sink.mails.length).toBe(1);
});

test("a mail that is refused is given up with an alert; an admin sees why and sends it again", async () => {
  const { service, sink, domain } = await withSink();
  const reader = await user(service);
  sink.refuseWith(550);
  await domain.records.transaction((stores) =>
    queueMail(domain, stores, reader, "backup-succeeded", { values: BACKUP }),
  );
  await settleNotices(domain);
  const token = await service.logIn("admin");
  const [failed] = (await service.call("listMails", { token, query: { state: "failed" } })).json.items;
  expect(failed).toMatchObject({ recipient: reader.email, problem: expect.stringContaining("550"), nextAt: null });
  const alerts = async () => (await service.call("listAlerts", { token, query: { state: "open" } })).json.items;
  expect(await alerts()).toMatchObject([{ kind: "mail.failed", subject: reader.email }]);
  sink.refuseWith(undefined);
  expect((await service.call("retryMail", { token, params: { mail: failed.id } })).json.state).toBe("queued");
  expect(await alerts()).toEqual([]);
  await settleNotices(domain);
  expect(sink.mails.length).toBe(1);
  expect((await service.call("retryMail", { token, params: { mail: failed.id } })).code).toBe("mail/not-waiting");
});

test("a mail server that never takes anything: given up after a day of attempts", async () => {
  const { service, sink, clock, domain } = await withSink();
  const reader = await user(service);
  await sink.close();
  await domain.records.transaction((stores) =>
    queueMail(domain, stores, reader, "backup-succeeded", { values: BACKUP }),
  );
  const begun = clock.now();
  for (let turn = 0; turn < 20 && (await states(domain))[0] === "queued"; turn++) {
    await sendMails(domain, async () => undefined);
    const [mail] = await domain.records.mails.list({ limit: 1 }, {});
    if (mail?.state === "queued") clock.advance(mail.nextAt - clock.now());
  }
  expect(await states(domain)).toEqual(["failed"]);
  expect((clock.now() - begun) / HOUR).toBeGreaterThan(20);
});

test("a process that dies between sending and noting it sends again under the same Message-ID, and not before its claim has run out", async () => {
  const { service, sink, clock, domain } = await withSink();
  const reader = await user(service);
  await domain.records.transaction((stores) =>
    queueMail(domain, stores, reader, "backup-succeeded", { values: BACKUP }),
  );
  const dying: Domain = {
    ...domain,
    records: {
      ...domain.records,
      mails: {
        ...domain.records.mails,
        change: async () => {
          throw new Error("killed");
        },
      },
    },
  };
  await expect(sendMails(dying, async () => undefined)).rejects.toThrow("killed");
  await sendMails(domain, async () => undefined);
  expect(sink.mails.length).toBe(1);
  clock.advance(15 * 60_000);
  await sendMails(domain, async () => undefined);
  expect(new Set(sink.mails.map(({ email }) => email.messageId)).size).toBe(1);
  expect(sink.mails.length).toBe(2);
  expect(await states(domain)).toEqual(["sent"]);
});

test("two processes that send at once send each mail once", async () => {
  const { service, sink, domain } = await withSink();
  const reader = await user(service);
  await domain.records.transaction(async (stores) => {
    for (let count = 0; count < 7; count++)
      await queueMail(domain, stores, reader, "backup-succeeded", { values: BACKUP });
  });
  await Promise.all([1, 2].map(() => sendMails(domain, async () => undefined)));
  expect(new Set(sink.mails.map(({ email }) => email.messageId)).size).toBe(7);
  expect(sink.mails.length).toBe(7);
});

test("without a mail server mails wait, and the admin is told what to set", async () => {
  const service = await startTestService();
  const { domain } = service.service;
  const reader = await user(service);
  await domain.records.transaction((stores) =>
    queueMail(domain, stores, reader, "backup-succeeded", { values: BACKUP }),
  );
  await settleNotices(domain);
  const token = await service.logIn("admin");
  const { items, isConfigured, hint } = (await service.call("listMails", { token })).json;
  expect(items).toMatchObject([{ state: "queued", attempts: 0, text: expect.stringContaining("den") }]);
  expect(isConfigured).toBe(false);
  expect(hint).toContain("HOLDFAST_SMTP_URL");
  const { mail } = (await service.call("overview", { token })).json;
  expect(mail).toMatchObject({ isConfigured: false, waiting: 1, failed: 0, hint });
});

test("the same topic is told once a day", async () => {
  const { service, clock, domain } = await withSink();
  const reader = await user(service);
  const tell = () =>
    domain.records.transaction((stores) =>
      queueMail(domain, stores, reader, "backup-succeeded", { values: BACKUP, topic: "t" }),
    );
  expect(await tell()).toBeDefined();
  clock.advance(23 * HOUR);
  expect(await tell()).toBeUndefined();
  clock.advance(2 * HOUR);
  expect(await tell()).toBeDefined();
});

test("security notices reach the account and say who did it", async () => {
  const { service, sink, domain } = await withSink();
  const reader = await user(service, { name: "Eve\r\nBcc: x@example.com <script>" });
  const by = { actor: "admin@example.com", address: "192.0.2.7" };
  await domain.records.transaction((stores) => mailSecurityNotice(domain, stores, reader, { kind: "acted-as" }, by));
  await settleNotices(domain);
  const [mail] = sink.mails;
  expect(mail?.email.text).toContain("admin@example.com logged in as you");
  expect(mail?.email.text).toContain("192.0.2.7");
  expect(mail?.raw).not.toMatch(/^Bcc/im);
  expect(mail?.email.html).not.toContain("<script>");
});

test("users and admins of single groups don't see the outbox", async () => {
  const service = await startTestService();
  const token = await service.logIn("user");
  expect((await service.call("listMails", { token })).code).toBe("role/not-allowed");
});

const BACKUP = { machine: "den", at: "now", files: 3, size: "3 kB", sent: "1 kB" };
