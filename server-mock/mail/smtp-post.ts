/** `Post` over SMTP. nodemailer is loaded with the first mail: a service that sends none never loads it. */
import type { Transporter } from "nodemailer";
import type { Outcome, OutgoingMail, Post } from "./post.ts";
import type { SmtpSettings } from "./smtp-url.ts";

const CONNECT_MS = 15_000;
const SILENCE_MS = 60_000;
const CONNECTIONS_MAX = 3;

export function smtpPost(settings: SmtpSettings): Post {
  let transport: Promise<Transporter> | undefined;
  let sending = 0;
  return {
    async send(mail) {
      sending++;
      try {
        transport ??= openTransport(settings);
        await (await transport).sendMail(messageOf(mail));
        return { kind: "sent" };
      } catch (error) {
        mail.attachment?.content.destroy();
        return outcomeOf(error);
      } finally {
        sending--;
      }
    },
    rest() {
      // Somebody else's mail may be on its way: whoever ends last closes.
      if (sending > 0) return;
      void transport?.then((open) => open.close());
      transport = undefined;
    },
  };
}

async function openTransport({ host, port, tls, login }: SmtpSettings): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  return createTransport({
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    host,
    port,
    secure: tls === "implicit",
    ignoreTLS: tls === "off",
    requireTLS: tls === "required",
    // A server that offers TLS only if it likes is on this machine or was chosen so: its certificate says nothing then.
    tls: { minVersion: "TLSv1.2", rejectUnauthorized: tls !== "optional" },
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** Addresses are objects and an envelope of their own: no text of ours is ever parsed for addresses. */
function messageOf({ id, from, to, subject, text, html, unsubscribeUrl, attachment }: OutgoingMail) {
  const domain = from.address.slice(from.address.lastIndexOf("@") + 1);
  return {
    messageId: `<${id}@${domain}>`,
    from,
    to: { name: "", address: to },
    envelope: { from: from.address, to: [to] },
    subject,
    text,
    html,
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    ...(unsubscribeUrl === undefined ? {} : { list: { unsubscribe: unsubscribeUrl } }),
    ...(attachment === undefined
      ? {}
      : { attachments: [{ filename: attachment.name, contentType: attachment.media, content: attachment.content }] }),
  };
}

/** 5xx is the server's last word on this mail, except where it is about us: log-in and encryption can be mended. */
function outcomeOf(error: unknown): Outcome {
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").slice(0, 500);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const response = error instanceof Error && "responseCode" in error ? Number(error.responseCode) : 0;
  const isOurs = ["EAUTH", "ETLS", "ECONNECTION", "ESOCKET", "ETIMEDOUT", "EDNS"].includes(code);
  return { kind: response >= 500 && response < 600 && !isOurs ? "refused" : "failed", reason };
}
