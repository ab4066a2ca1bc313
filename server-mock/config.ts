/** Reads the settings from options, environment and file; the only reader of the service's environment. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { nearestName } from "../base/nearest-name.ts";
import { HoldfastError } from "../protocol/errors.ts";
import {
  optionOf,
  SETTINGS,
  type Setting,
  type SettingName,
  type Settings,
  settingRows,
  variableOf,
} from "./settings/settings.ts";

export type Config = Settings;

export const CONFIG_FILE = "holdfast-server.json";

/** Where a value came from. */
export type Origin =
  | { readonly kind: "option"; readonly name: string }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "file"; readonly name: string; readonly path: string }
  | { readonly kind: "default" };

export interface ReadSettings {
  readonly config: Config;
  readonly origins: Readonly<Record<SettingName, Origin>>;
  /** Values as they were given, for people; secrets are hidden. */
  readonly shown: Readonly<Record<SettingName, string>>;
}

/** Options as commander gives them: by the setting's name, and `config`: the settings file. */
export type GivenOptions = Readonly<Record<string, unknown>>;

interface Given {
  readonly value: unknown;
  readonly origin: Origin;
}

/** Throws `config/invalid`, or `config/problems` when there are several: all are told at once. */
export const readConfig = (options: GivenOptions = {}): Config => readSettings(options).config;

export function readSettings(options: GivenOptions, environment: NodeJS.ProcessEnv = process.env): ReadSettings {
  const problems = new Problems();
  const file = readFile(options, environment, problems);
  checkVariables(environment, problems);
  const config: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  const shown: Record<string, string> = {};
  for (const [name, setting] of settingRows()) {
    const given = givenOf(name, setting, { options, environment, file, problems });
    const value = given.value === undefined ? undefined : parse(name, setting, given, problems);
    config[name] = setting.isPath && typeof value === "string" ? resolve(folderOf(given.origin), value) : value;
    origins[name] = given.origin;
    shown[name] = setting.isPath ? String(config[name] ?? "") : textOf(setting, given.value);
  }
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined))
    problems.add("tlsCert and tlsKey", "one needs the other");
  problems.throwIfAny();
  // Each name of the table was given what its schema made, or the loop above found a problem.
  const settings = config as unknown as Config;
  const { listen, port } = settings;
  return {
    config: port === undefined ? settings : { ...settings, listen: { ...listen, port } },
    // As above.
    origins: origins as Record<SettingName, Origin>,
    shown: shown as Record<SettingName, string>,
  };
}

/** All defaults, and what is given; for whoever starts a service from code. */
export function configWith(given: Partial<Config>): Config {
  const { config } = readSettings({}, {});
  return { ...config, ...given };
}

interface Sources {
  readonly options: GivenOptions;
  readonly environment: NodeJS.ProcessEnv;
  readonly file: SettingsFile | undefined;
  readonly problems: Problems;
}

function givenOf(name: SettingName, setting: Setting, { options, environment, file, problems }: Sources): Given {
  const variable = variableOf(name);
  if (options[name] !== undefined) return { value: options[name], origin: { kind: "option", name: optionOf(name) } };
  if (environment[variable]) return { value: environment[variable], origin: { kind: "variable", name: variable } };
  const secretFile = setting.secret ? environment[`${variable}_FILE`] : undefined;
  if (secretFile) {
    const origin = { kind: "variable", name: `${variable}_FILE` } as const;
    return { value: readSecret(secretFile, origin.name, problems), origin };
  }
  if (file && Object.hasOwn(file.values, name))
    return { value: file.values[name], origin: { kind: "file", name, path: file.path } };
  return { value: setting.default, origin: { kind: "default" } };
}

function parse(name: SettingName, setting: Setting, { value, origin }: Given, problems: Problems): unknown {
  const parsed = setting.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  problems.add(
    `${describe(origin, name)} ${textOf(setting, value)}`,
    parsed.error.issues[0]?.message ?? "it does not fit",
  );
  return undefined;
}

function textOf({ secret }: Setting, given: unknown): string {
  if (given === undefined) return "";
  if (secret) return "(secret)";
  return typeof given === "string" ? given : JSON.stringify(given);
}

/** For people: `--listen`, `HOLDFAST_LISTEN`, `listen in /etc/holdfast-server.json`. */
export function describe(origin: Origin, name: string): string {
  switch (origin.kind) {
    case "option":
    case "variable":
      return origin.name;
    case "file":
      return `${origin.name} in ${origin.path}`;
    case "default":
      return name;
  }
}

const folderOf = (origin: Origin): string => (origin.kind === "file" ? dirname(origin.path) : ".");

interface SettingsFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The one that was named, or `holdfast-server.json` in the working folder if it is there. */
function readFile(options: GivenOptions, environment: NodeJS.ProcessEnv, problems: Problems): SettingsFile | undefined {
  const named = typeof options.config === "string" ? options.config : environment.HOLDFAST_CONFIG;
  const path = resolve(named || CONFIG_FILE);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isAbsent && !named) return undefined;
    problems.add(`the settings file ${path}`, isAbsent ? "it is not there" : "it can't be read");
    return undefined;
  }
  const values = parseObject(text);
  if (values === undefined) {
    problems.add(`the settings file ${path}`, "it is not a JSON object");
    return undefined;
  }
  const names = Object.keys(SETTINGS);
  for (const key of Object.keys(values)) {
    if (names.includes(key)) continue;
    problems.add(`${key} in ${path}`, `there is no such setting${meant(nearestName(key, names))}`);
  }
  return { path, values };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // An object that is no array has members by name.
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function readSecret(path: string, variable: string, problems: Problems): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    problems.add(`${variable} ${path}`, "it can't be read");
    return undefined;
  }
}

/** A variable that is nearly one of ours was meant to be it: silently keeping the default could mean the wrong database. */
function checkVariables(environment: NodeJS.ProcessEnv, problems: Problems): void {
  const known = settingRows().flatMap(([name, { secret }]) => [
    variableOf(name),
    ...(secret ? [`${variableOf(name)}_FILE`] : []),
  ]);
  for (const name of Object.keys(environment)) {
    if (!name.startsWith("HOLDFAST_") || known.includes(name) || OTHERS.has(name)) continue;
    const near = nearestName(
      name.slice("HOLDFAST_".length),
      known.map((each) => each.slice("HOLDFAST_".length)),
    );
    if (near !== undefined) problems.add(name, `there is no such setting${meant(`HOLDFAST_${near}`)}`);
  }
}

/** Of the agent and the commands, which may run in the same environment. */
const OTHERS: ReadonlySet<string> = new Set([
  "HOLDFAST_CONFIG",
  "HOLDFAST_HOME",
  "HOLDFAST_PASSWORD",
  "HOLDFAST_PASSPHRASE",
  "HOLDFAST_TEST_RUN",
]);

const meant = (near: string | undefined): string => (near === undefined ? "" : `; did you mean ${near}?`);

class Problems {
  readonly #found: { setting: string; reason: string }[] = [];

  add(setting: string, reason: string): void {
    this.#found.push({ setting, reason });
  }

  throwIfAny(): void {
    const [first, second] = this.#found;
    if (first === undefined) return;
    if (second === undefined) throw new HoldfastError("config/invalid", first);
    const reason = this.#found.map((each) => `\n  ${each.setting}: ${each.reason}`).join("");
    throw new HoldfastError("config/problems", { count: this.#found.length, reason });
  }
}
