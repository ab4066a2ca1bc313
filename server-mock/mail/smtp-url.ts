/** `HOLDFAST_SMTP_URL`: `smtp://user:password@host:587` or `smtps://…:465`, with `?tls=` off, optional or required. */
import { HoldfastError } from "../../protocol/errors.ts";

const TLS_MODES = ["off", "optional", "required"] as const;

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** `implicit`: from the first byte; the others are about STARTTLS. */
  readonly tls: "implicit" | (typeof TLS_MODES)[number];
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

/** STARTTLS is required unless the server is on this machine or the URL says otherwise. Throws `config/invalid`; the password is never shown. */
export function parseSmtpUrl(text: string): SmtpSettings {
  const refuse = (reason: string) => new HoldfastError("config/invalid", { setting: "HOLDFAST_SMTP_URL", reason });
  const url = URL.parse(text);
  if (url === null || !["smtp:", "smtps:"].includes(url.protocol) || url.hostname === "")
    throw refuse("it is smtp://user:password@host:port or smtps://…");
  if (!["", "/"].includes(url.pathname)) throw refuse("nothing follows the port but ?tls=");
  const unknown = [...url.searchParams.keys()].find((key) => key !== "tls");
  if (unknown !== undefined) throw refuse(`it knows no ?${unknown}=`);
  const asked = url.searchParams.get("tls");
  const mode = TLS_MODES.find((each) => each === asked);
  if (asked !== null && mode === undefined) throw refuse(`tls is ${TLS_MODES.join(", ")}`);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isImplicit = url.protocol === "smtps:";
  if (isImplicit && asked !== null) throw refuse("smtps is encrypted from the start; leave ?tls= out");
  const tls = isImplicit ? "implicit" : (mode ?? (isHere(host) ? "optional" : "required"));
  const login =
    url.username === ""
      ? undefined
      : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  if (login !== undefined && tls !== "implicit" && tls !== "required" && !isHere(host))
    throw refuse("a password goes over TLS only: leave ?tls= out");
  return { host, port: url.port === "" ? (isImplicit ? 465 : 587) : Number(url.port), tls, login };
}

const isHere = (host: string): boolean => host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
