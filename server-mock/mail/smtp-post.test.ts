import { Readable } from "node:stream";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { mailSink } from "../../test/support/mail-sink.ts";
import type { OutgoingMail } from "./post.ts";
import { smtpPost } from "./smtp-post.ts";
import { parseSmtpUrl } from "./smtp-url.ts";

const mail = (more: Partial<OutgoingMail> = {}): OutgoingMail => ({
  id: "01-a",
  from: { name: "Müller & Söhne", address: "backup@example.org" },
  to: "ada@example.com",
  subject: "Grüße 🙂",
  text: "plain ü\n",
  html: "<p>html ü</p>",
  ...more,
});

const login = { user: "holdfast", password: "p@ss:word" };

function postTo(url: string) {
  const post = smtpPost(parseSmtpUrl(url));
  onTestFinished(() => post.rest());
  return post;
}

function trust(cert: string): void {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, cert]);
  onTestFinished(() => setDefaultCACertificates(before));
}

test("a mail arrives in both forms, with its sender, its Message-ID and the way to turn it off", async () => {
  const sink = await mailSink();
  const post = postTo(`smtp://127.0.0.1:${sink.port}`);
  expect(await post.send(mail({ unsubscribeUrl: "https://backup.example.org/account" }))).toEqual({ kind: "sent" });
  const [received] = sink.mails;
  expect(received?.email).toMatchObject({
    subject: "Grüße 🙂",
    text: expect.stringMatching(/^plain ü\n+$/),
    messageId: "<01-a@example.org>",
    from: { name: "Müller & Söhne", address: "backup@example.org" },
    to: [{ address: "ada@example.com" }],
  });
  expect(received?.email.html).toContain("<p>html ü</p>");
  expect(received?.raw).toMatch(/^List-Unsubscribe: <https:\/\/backup\.example\.org\/account>\r$/m);
  expect(received?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
});

test("an attachment is sent as it is read", async () => {
  const sink = await mailSink();
  const attachment = { name: "machines.csv", media: "text/csv", content: Readable.from(["a,b\r\n", "1,ü\r\n"]) };
  expect(await postTo(`smtp://127.0.0.1:${sink.port}`).send(mail({ attachment }))).toEqual({ kind: "sent" });
  const [found] = sink.mails[0]?.email.attachments ?? [];
  expect(found?.filename).toBe("machines.csv");
  expect(Buffer.from(found?.content as ArrayBuffer).toString()).toBe("a,b\r\n1,ü\r\n");
});

test("STARTTLS with a trusted certificate carries log-in and mail", async () => {
  const sink = await mailSink({ tls: "starttls", login });
  trust(sink.cert);
  const post = postTo(`smtp://holdfast:p%40ss%3Aword@localhost:${sink.port}?tls=required`);
  expect(await post.send(mail())).toEqual({ kind: "sent" });
  expect(sink.mails[0]).toMatchObject({ isSecure: true, user: "holdfast" });
});

test("encryption from the start", async () => {
  const sink = await mailSink({ tls: "implicit", login });
  trust(sink.cert);
  expect(await postTo(`smtps://holdfast:p%40ss%3Aword@localhost:${sink.port}`).send(mail())).toEqual({ kind: "sent" });
  expect(sink.mails[0]?.isSecure).toBe(true);
});

test("a server without STARTTLS, or with a certificate of nobody, gets neither password nor mail where TLS is required", async () => {
  const plain = await mailSink({ login });
  const stranger = await mailSink({ tls: "starttls", login });
  for (const { port } of [plain, stranger])
    expect((await postTo(`smtp://holdfast:p%40ss%3Aword@localhost:${port}?tls=required`).send(mail())).kind).toBe(
      "failed",
    );
  expect([...plain.mails, ...stranger.mails]).toEqual([]);
});

test.each([
  [550, "refused"],
  [552, "refused"],
  [451, "failed"],
] as const)("a server that answers %i: %s", async (code, kind) => {
  const sink = await mailSink();
  sink.refuseWith(code);
  const post = postTo(`smtp://127.0.0.1:${sink.port}`);
  expect((await post.send(mail())).kind).toBe(kind);
  sink.refuseWith(undefined);
  expect((await post.send(mail())).kind).toBe("sent");
});

test("a wrong password or a server that isn't there may be mended: the mail waits", async () => {
  const sink = await mailSink({ tls: "starttls", login });
  expect((await postTo(`smtp://holdfast:wrong@127.0.0.1:${sink.port}`).send(mail())).kind).toBe("failed");
  await sink.close();
  expect((await postTo(`smtp://127.0.0.1:${sink.port}`).send(mail())).kind).toBe("failed");
});

test("names and subjects with line ends, quotes and addresses add no header and no reader", async () => {
  const sink = await mailSink();
  const hostile = 'A\r\nBcc: eve@example.com\r\n\r\n"<eve@example.com>, b';
  const from = { name: hostile, address: "backup@example.org" };
  expect(await postTo(`smtp://127.0.0.1:${sink.port}`).send(mail({ from, subject: hostile }))).toEqual({
    kind: "sent",
  });
  const [received] = sink.mails;
  expect(received?.to).toEqual(["ada@example.com"]);
  expect(received?.email.bcc).toBeUndefined();
  expect(received?.raw).not.toMatch(/^Bcc/im);
  expect(received?.email.from?.address).toBe("backup@example.org");
});
