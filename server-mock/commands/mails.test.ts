/** The outbox from the service's own machine, in processes of their own. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { mailSink } from "../../test/support/mail-sink.ts";
import { server } from "../../test/support/run-program.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { startTestService } from "../../test/support/test-service.ts";
import { mailActivation } from "../domain/mail/account-mails.ts";

test("where no mail server is, the operator hands over what a mail says; that is audited", async () => {
  const service = await startTestService();
  const { domain } = service.service;
  const reader = await domain.records.accounts.findByLogin(service.first.user.email);
  if (reader === undefined) throw new Error("no user");
  const link = { url: "https://backup.example/activate#abc", expiresAt: service.clock.now() + 1e9 };
  await domain.records.transaction((stores) => mailActivation(domain, stores, reader, link));
  const run = (...words: string[]) => server(["mails", ...words, "--data", service.data]);
  const listed = await run("list", "--state", "queued", "--json");
  const [mail] = JSON.parse(listed.stdout);
  expect(mail).toMatchObject({ recipient: reader.email, state: "queued", attempts: 0 });
  expect(listed.stdout).not.toContain("#abc");
  expect((await run("show", mail.id)).stdout).toContain("https://backup.example/activate#abc");
  const [row] = await domain.records.audit.list({ limit: 1 }, {});
  expect(row).toMatchObject({ actor: "holdfast-server", action: "mails/show", subject: reader.email });
  expect((await run("show", "nothing")).stderr).toContain("mail/missing");
});

test("a mail by the settings: it arrives, or the mail server's words are told", async () => {
  const data = join(tempFolder(), "service");
  expect((await server(["init", "--data", data])).code).toBe(0);
  const run = (variables: Record<string, string>) =>
    server(["mails", "test", "--to", "ada@example.com", "--data", data], variables);
  expect((await run({})).stderr).toContain("HOLDFAST_SMTP_URL");
  const sink = await mailSink();
  const variables = { HOLDFAST_SMTP_URL: `smtp://127.0.0.1:${sink.port}`, HOLDFAST_MAIL_FROM: "backup@example.org" };
  expect((await run(variables)).stdout).toBe(
    "The mail server took a mail from backup@example.org to ada@example.com.\n",
  );
  expect(sink.mails.map(({ from, to }) => [from, ...to])).toEqual([["backup@example.org", "ada@example.com"]]);
  sink.refuseWith(550);
  const refused = await run(variables);
  expect([refused.code, refused.stderr]).toEqual([7, expect.stringContaining("550")]);
});
