/**
 * THE table of settings: what the operator can tell the service. Each has a name in the settings file (`drainSeconds`), a variable
 * (`HOLDFAST_DRAIN_SECONDS`) and, unless it is secret, an option of `start` (`--drain-seconds`). Options win over variables, variables over the file,
 * the file over defaults. Help, docs/operations.md and validation are made from this table.
 */
import { isIP } from "node:net";
import type { z } from "zod";
import { LOG_LEVELS } from "../http/log.ts";
import { bucketUrl } from "./bucket.ts";
import { kind, listOf, oneOf, text, url, whole, yesNo } from "./kinds.ts";
import { DEFAULT_PORT, listenAddress, port } from "./listen.ts";
import { rate } from "./rate.ts";

export interface Setting {
  /** Reads what was given, or the default, which is written as a person would write it. */
  readonly schema: z.ZodType;
  readonly default?: string;
  /** One line for people; begins small, no full stop. */
  readonly says: string;
  /** What stands for the value in help: `<seconds>`. */
  readonly value: string;
  /** Never shown, never an option: command lines can be read by everybody on the machine. `…_FILE` names a file that holds it. */
  readonly secret?: true;
  /** A path: in the settings file it begins at that file's folder. */
  readonly isPath?: true;
}

export const SETTINGS = {
  data: {
    schema: text("a folder"),
    default: ".holdfast/service",
    value: "<folder>",
    isPath: true,
    says: "database, storage and keys",
  },
  listen: {
    schema: listenAddress,
    default: `127.0.0.1:${DEFAULT_PORT}`,
    value: "<host:port>",
    says: "where to listen; TLS is used beyond loopback",
  },
  port: { schema: port, value: "<port>", says: "another port than --listen says; 0 takes any free one" },
  log: {
    schema: oneOf(LOG_LEVELS),
    default: "info",
    value: "<level>",
    says: `what goes to standard error: ${LOG_LEVELS.join(", ")}`,
  },
  tlsCert: {
    schema: text("a file"),
    value: "<file>",
    isPath: true,
    says: "PEM certificate chain to show instead of a self-made one; needs tlsKey",
  },
  tlsKey: { schema: text("a file"), value: "<file>", isPath: true, says: "PEM key of tlsCert" },
  drainSeconds: {
    schema: whole({ min: 0, max: 3600 }),
    default: "10",
    value: "<seconds>",
    says: "how long calls in progress may go on after SIGTERM",
  },
  trustProxy: {
    schema: listOf("an address, a network like 10.0.0.0/8, or loopback", parseProxy),
    default: "",
    value: "<addresses>",
    says: "proxies whose X-Forwarded-For is believed, with commas between",
  },
  connections: {
    schema: whole({ min: 1, max: 1_000_000 }),
    default: "10000",
    value: "<number>",
    says: "connections at a time; more are closed at once",
  },
  selfBackupPassphrase: {
    schema: text(),
    value: "<passphrase>",
    secret: true,
    says: "seals and opens what backup-self makes, when nobody can type it",
  },
  metricsToken: {
    schema: text(),
    value: "<token>",
    secret: true,
    says: "bearer token that may read /metrics; without it only this machine may",
  },
  rateAgent: { schema: rate, default: "6000/minute", value: "<rate>", says: "calls of one machine or restore" },
  rateConsole: { schema: rate, default: "1200/minute", value: "<rate>", says: "calls of one log-in or API token" },
  rateAddress: { schema: rate, default: "60000/minute", value: "<rate>", says: "calls from one network address" },
  rateLogin: {
    schema: rate,
    default: "60/minute",
    value: "<rate>",
    says: "log-ins, registrations, password resets from one address",
  },
  rateExport: { schema: rate, default: "30/minute", value: "<rate>", says: "exports and reports of one log-in" },
  databaseUrl: {
    schema: url("postgres:", "postgresql:"),
    value: "<postgres://…>",
    secret: true,
    says: "PostgreSQL instead of the SQLite file in the data folder",
  },
  blobs: {
    schema: bucketUrl,
    value: "<s3://bucket/prefix>",
    says: "S3-compatible storage instead of a folder in the data folder",
  },
  s3Endpoint: {
    schema: url("https:", "http:"),
    value: "<https://…>",
    says: "the S3 server; without it AWS's of the region",
  },
  s3Region: { schema: text("a region"), value: "<region>", says: "the bucket's region; AWS_REGION if absent" },
  s3AccessKey: {
    schema: text("an access key"),
    value: "<key>",
    says: "who the service is to the S3 server; AWS's own variables and roles if absent",
  },
  s3SecretKey: { schema: text(), value: "<secret>", secret: true, says: "the secret of s3AccessKey" },
  s3PathStyle: {
    schema: yesNo,
    value: "<yes|no>",
    says: "endpoint/bucket/name instead of bucket.endpoint/name; yes if absent and s3Endpoint is given",
  },
  keys: {
    schema: text("a folder"),
    value: "<folder>",
    isPath: true,
    says: "the service's keys; all processes on one database need the same; keys/ in the data folder if absent",
  },
  publicUrl: {
    schema: url("https:", "http:"),
    value: "<https://…>",
    says: "how people reach the service; links in mails begin with it",
  },
  smtpUrl: {
    schema: url("smtp:", "smtps:"),
    value: "<smtp://user:password@host:587>",
    secret: true,
    says: "the mail server; smtps:// is encrypted from the start, smtp:// by STARTTLS unless ?tls=off; without it mails wait in the outbox",
  },
  mailFrom: {
    schema: kind("an e-mail address", (given) => (/^[^\s@<>"]+@[^\s@<>"]+$/.test(given) ? given : undefined)),
    value: "<address>",
    says: "the address that mails come from; holdfast@ and publicUrl's host if absent",
  },
  baseDomain: {
    schema: text("a domain"),
    value: "<domain>",
    says: "organizations log in at <subdomain>.<domain> instead of /o/<subdomain>",
  },
  allowPrivateWebhooks: {
    schema: yesNo,
    default: "no",
    value: "<yes|no>",
    says: "webhooks may go to private and loopback addresses",
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

type Value<Name extends SettingName> = z.output<(typeof SETTINGS)[Name]["schema"]>;

/** All values, parsed; those without a default may be undefined. */
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends { default: string }
    ? Value<Name>
    : Value<Name> | undefined;
};

export const settingRows = (): readonly (readonly [SettingName, Setting])[] =>
  Object.entries(SETTINGS) as [SettingName, Setting][]; // The table's own keys and rows.

/** `drainSeconds` → `HOLDFAST_DRAIN_SECONDS` */
export const variableOf = (name: string): string => `HOLDFAST_${snake(name).toUpperCase()}`;

/** `drainSeconds` → `--drain-seconds` */
export const optionOf = (name: string): string => `--${snake(name).replaceAll("_", "-")}`;

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function parseProxy(given: string): string | undefined {
  if (["loopback", "linklocal", "uniquelocal"].includes(given)) return given;
  const [address = "", bits = "0", ...more] = given.split("/");
  const bitsMax = isIP(address) === 6 ? 128 : 32;
  return more.length === 0 && isIP(address) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax
    ? given
    : undefined;
}
