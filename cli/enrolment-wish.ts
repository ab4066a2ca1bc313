/**
 * All that a machine is told when nobody sits in front of it: from a file (JSON, or lines of NAME=value) and from the environment. Names in lines are
 * those of the environment. What the file says counts.
 */
import { readFile } from "node:fs/promises";
import { delimiter, resolve } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { z } from "zod";
import { writeDurably } from "../base/durable-file.ts";
import { HoldfastError } from "../protocol/errors.ts";
import type { Context } from "./context.ts";
import { parseSchedules } from "./words/schedules.ts";

const word = z.string().min(1).max(4096);

const wish = z.strictObject({
  service: word.optional(),
  /** Of the service's certificate. */
  fingerprint: word.optional(),
  /** A product key, or an enrolment code. */
  key: word.optional(),
  email: word.optional(),
  password: word.optional(),
  /** Makes a custom key. */
  passphrase: word.optional(),
  recoveryFingerprint: word.optional(),
  /** Of the machine. */
  name: word.optional(),
  kind: z.enum(["desktop", "server"]).optional(),
  roots: z.array(word).optional(),
  /** As `holdfast settings set schedule` takes it. */
  schedule: word.optional(),
  /** As in settings.json. */
  settings: z.record(z.string(), z.unknown()).optional(),
});
export type EnrolmentWish = z.infer<typeof wish>;

const VARIABLES = {
  HOLDFAST_SERVICE: "service",
  HOLDFAST_FINGERPRINT: "fingerprint",
  HOLDFAST_PRODUCT_KEY: "key",
  HOLDFAST_EMAIL: "email",
  HOLDFAST_PASSWORD: "password",
  HOLDFAST_PASSPHRASE: "passphrase",
  HOLDFAST_RECOVERY_FINGERPRINT: "recoveryFingerprint",
  HOLDFAST_NAME: "name",
  HOLDFAST_KIND: "kind",
  HOLDFAST_ROOTS: "roots",
  HOLDFAST_SCHEDULE: "schedule",
} as const satisfies Readonly<Record<string, keyof EnrolmentWish>>;

const SECRETS: readonly string[] = ["key", "password", "passphrase"];

/** `from`: a file, `-` for the standard input; without it the environment alone. Throws `enrolment/invalid`. */
export async function readWish(context: Context, from: string | undefined): Promise<EnrolmentWish> {
  const around = check(
    fromVariables(context.surroundings.environment, () => undefined),
    "the environment",
  );
  if (from === undefined) return around;
  const text = await (from === "-"
    ? textOf(context.terminal.streams.stdin)
    : readFile(resolve(context.surroundings.calledFrom, from), "utf8")
  ).catch((cause: Error) => {
    throw invalid(from, `it can't be read (${cause.message})`, cause);
  });
  return { ...around, ...parseWish(text, from) };
}

/** `where`: for messages. Throws `enrolment/invalid`; no value is in its words. */
export function parseWish(text: string, where: string): EnrolmentWish {
  if (isJson(text)) return check(parseJson(text, where), where);
  const lines = Object.fromEntries(
    text.split(/\r?\n/).flatMap((line, at) => parseLine(line, `${where}, line ${at + 1}`)),
  );
  const given = fromVariables(lines, (name) => {
    throw invalid(where, `${name} is no name that is known here`);
  });
  return check(given, where);
}

/** What is to be set, in names of settings.json. Throws `setting/invalid`. */
export const settingsOf = ({ roots, schedule, settings }: EnrolmentWish): Readonly<Record<string, unknown>> => ({
  ...(roots ? { roots } : {}),
  ...(schedule === undefined ? {} : { schedules: parseSchedules(schedule.split(/\s+/)) }),
  ...settings,
});

/** The file without what opens anything, so that it may stay and be used again: a registered machine needs no key. */
export async function wipeSecrets(path: string): Promise<void> {
  const text = await readFile(path, "utf8");
  await writeDurably(path, Buffer.from(withoutSecrets(text, path)), { mode: 0o600 });
}

export function withoutSecrets(text: string, where: string): string {
  if (!isJson(text)) {
    const isSecret = (line: string) =>
      parseLine(line, where).some(([name]) =>
        SECRETS.some((secret) => Object.entries(VARIABLES).some(([each, key]) => each === name && key === secret)),
      );
    return text
      .split("\n")
      .filter((line) => !isSecret(line.replace(/\r$/, "")))
      .join("\n");
  }
  const kept = Object.entries(check(parseJson(text, where), where)).filter(([name]) => !SECRETS.includes(name));
  return `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`;
}

const isJson = (text: string): boolean =>
  text
    .replace(/^\ufeff/, "")
    .trimStart()
    .startsWith("{");

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    // Its own words quote the text, in which there are secrets.
    throw invalid(where, "it is not whole JSON");
  }
}

/** As shells and `EnvironmentFile=` read it, in simple cases: comments, `export`, one pair of quotes around a value. */
function parseLine(line: string, where: string): [name: string, value: string][] {
  const text = line.replace(/^\ufeff/, "").trim();
  if (text === "" || text.startsWith("#")) return [];
  const [, name = "", value = ""] = /^(?:export\s+)?([A-Z_]+)\s*=\s*(.*)$/.exec(text) ?? [];
  if (name === "") throw invalid(where, "it is no NAME=value");
  return [[name, /^(["'])(.*)\1$/.exec(value)?.[2] ?? value]];
}

type Given = Record<string, unknown>;

function fromVariables(
  variables: Readonly<Record<string, string | undefined>>,
  onUnknown: (name: string) => void,
): Given {
  const given: Given = {};
  const known: Readonly<Record<string, string>> = VARIABLES;
  for (const [name, value] of Object.entries(variables)) {
    const key = known[name];
    if (key === undefined) onUnknown(name);
    else if (value) given[key] = key === "roots" ? value.split(delimiter).filter((root) => root !== "") : value;
  }
  return given;
}

function check(given: unknown, where: string): EnrolmentWish {
  const checked = wish.safeParse(given);
  if (checked.success) return checked.data;
  const [first] = checked.error.issues;
  const name = first?.path.join(".");
  throw invalid(where, `${name ? `${name}: ` : ""}${first?.message.replace(/\.$/, "") ?? "it does not fit"}`);
}

const invalid = (path: string, reason: string, cause?: unknown): HoldfastError =>
  new HoldfastError("enrolment/invalid", { path, reason }, { cause });
