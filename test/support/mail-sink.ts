/** A real SMTP server on a free port that keeps what it gets, parsed. Its log-in, encryption and refusals are the test's. */
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";
import { onTestFinished } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { makeCertificate } from "../../server-mock/http/certificate.ts";

export interface MailSink {
  readonly port: number;
  /** PEM, self-signed for localhost; empty without TLS. */
  readonly cert: string;
  readonly mails: ReceivedMail[];
  /** From now on mails are refused with this reply; undefined: accepted again. */
  refuseWith(code: number | undefined): void;
  close(): Promise<void>;
}

export interface ReceivedMail {
  readonly email: Email;
  readonly raw: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

export interface SinkOptions {
  readonly tls?: "none" | "starttls" | "implicit";
  readonly login?: { readonly user: string; readonly password: string };
  readonly port?: number;
}

export async function mailSink({ tls = "none", login, port = 0 }: SinkOptions = {}): Promise<MailSink> {
  const mails: ReceivedMail[] = [];
  let refusal: number | undefined;
  const shown =
    tls === "none" ? undefined : await makeCertificate(["localhost", "127.0.0.1"], Date.now(), systemRandom);
  const server = new SMTPServer({
    secure: tls === "implicit",
    ...shown,
    disabledCommands: [...(tls === "none" ? ["STARTTLS"] : []), ...(login === undefined ? ["AUTH"] : [])],
    authOptional: login === undefined,
    allowInsecureAuth: tls === "none",
    disableReverseLookup: true,
    logger: false,
    onAuth({ username, password }, _, callback) {
      const isRight = username === login?.user && password === login?.password;
      if (isRight) callback(null, { user: username });
      else callback(new Error("wrong user or password"));
    },
    onData(stream, session, callback) {
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => pieces.push(piece));
      stream.on("end", () => {
        if (refusal !== undefined) return callback(Object.assign(new Error("not this one"), { responseCode: refusal }));
        const raw = Buffer.concat(pieces);
        const { mailFrom, rcptTo } = session.envelope;
        void PostalMime.parse(raw).then((email) => {
          mails.push({
            email,
            raw: raw.toString(),
            from: mailFrom === false ? "" : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            isSecure: session.secure,
            user: session.user,
          });
          callback();
        }, callback);
      });
    },
  });
  server.on("error", () => undefined); // Of connections that tests break.
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.server.address();
  let isClosed = false;
  const close = () =>
    new Promise<void>((resolve) => {
      if (isClosed) return resolve();
      isClosed = true;
      server.close(resolve);
    });
  onTestFinished(close);
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    cert: shown?.cert ?? "",
    mails,
    refuseWith: (code) => {
      refusal = code;
    },
    close,
  };
}
