/**
 * What a machine was told: its service, its identity there, what it backs up and how. `settings.json` in the data folder,
 * for people to read and to correct; no secrets. Nobody's mistake in it is repaired silently: it is `settings/invalid`.
 */
import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { BYTE_RATE_RULE, parseByteRate } from "../base/byte-rate.ts";
import { systemCode, systemReason } from "../base/system-reason.ts";
import { HoldfastError } from "../protocol/errors.ts";
import { deviceKind, email, id16, instant, name } from "../protocol/messages/fields.ts";
import { POLICY_SETTINGS } from "../protocol/messages/policies.ts";
import { conditions, hooks, localCopy, restoreRoots } from "./settings/work.ts";

const path = z.string().min(1).max(4096);
const byteRate = z
  .string()
  .max(40)
  .regex(/^(?:off|\d[\d.]* ?[A-Za-z/]+)$/, { error: BYTE_RATE_RULE }) // As much of the rule as JSON's schemas can say.
  .refine((text) => parseByteRate(text) !== undefined, { error: BYTE_RATE_RULE });

const settings = z.strictObject({
  service: z.strictObject({
    url: z.string().min(1).max(1000),
    /** SHA-256 of the certificate's public key, hexadecimal. */
    fingerprint: z.string().max(200).optional(),
  }),
  /** By the service. */
  machine: id16,
  name,
  /** Whose log-in restores ask for when no other is given. */
  email: email.optional(),
  /** When somebody made a recovery kit and had it by them when asked: a reminder, it opens nothing. */
  recoveryKitAt: instant.optional(),
  /** The licence. Absent in settings of earlier versions: the service is asked, once. */
  kind: deviceKind.optional(),
  /** By which numbers the service knows this computer (agent/enrol/fingerprint.ts). */
  identifiedBy: z.enum(["hardware", "system", "none"]).optional(),
  /** Absolute paths. */
  roots: z.array(path).max(1000),
  /** Patterns as in .gitignore. */
  excludes: z.array(z.string().max(4096)).max(10_000),
  oneFileSystem: z.boolean(),
  /** Packs sent at the same time. */
  uploads: z.int().min(1).max(16),
  /** Of zstd. */
  compressionLevel: z.int().min(1).max(19),
  /** At most so much a second, such as `2M`; absent or `off`: no limit. */
  uploadLimit: byteRate.optional(),
  downloadLimit: byteRate.optional(),
  /** Named sets besides `roots` and `excludes`, which are the set called default. */
  sets: POLICY_SETTINGS.backupSets.optional(),
  /** Whether caches, trash and the like (`holdfast sets --defaults`) are left out; absent: they are. */
  defaults: z.boolean().optional(),
  /** What the service's policy may say, too (agent/config): absent here, that counts. */
  schedules: POLICY_SETTINGS.schedules.optional(),
  bandwidth: POLICY_SETTINGS.bandwidth.optional(),
  warningDays: POLICY_SETTINGS.warningDays.optional(),
  locations: POLICY_SETTINGS.locations.optional(),
  autoUpdate: z.boolean().optional(),
  /** Whose updates are taken besides those that were built in: Ed25519 public keys, hexadecimal. */
  updateKeys: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .max(10)
    .optional(),
  conditions: conditions.optional(),
  hooks: hooks.optional(),
  local: localCopy.optional(),
  /** Where restores that somebody ordered may be made unasked, here and below. Absent: nowhere. */
  restoreRoots: restoreRoots.optional(),
  /** Messages on the desktop about what somebody must do. */
  notifications: z.boolean().optional(),
});
export type Settings = Readonly<z.infer<typeof settings>>;
/** Of each setting, for checking one alone. */
export const SETTING_SHAPES = settings.shape;

export const DEFAULT_SETTINGS = {
  roots: [],
  excludes: [],
  oneFileSystem: false,
  uploads: 4,
  compressionLevel: 2,
} as const satisfies Partial<Settings>;

export const settingsPath = (dataFolder: string): string => join(dataFolder, "settings.json");

/** Throws `settings/not-registered`, `settings/unreadable`, `settings/invalid`. */
export async function loadSettings(dataFolder: string): Promise<Settings> {
  const found = await findSettings(dataFolder);
  if (!found) throw new HoldfastError("settings/not-registered", { path: settingsPath(dataFolder) });
  return found;
}

/** `undefined` when there is no file. Throws `settings/unreadable`, `settings/invalid`. */
export async function findSettings(dataFolder: string): Promise<Settings | undefined> {
  const text = await readFile(settingsPath(dataFolder), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    const path = settingsPath(dataFolder);
    throw new HoldfastError("settings/unreadable", { path, reason: systemReason(error) }, { cause: error });
  });
  return text === undefined ? undefined : parse(dataFolder, text);
}

/** Replaces the whole file, durably. Makes the data folder if there is none. Throws `settings/unwritable`, `settings/invalid`. */
export async function saveSettings(dataFolder: string, next: Settings): Promise<void> {
  const checked = check(dataFolder, next);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  try {
    // Absent and undefined members are the same in JSON only.
    (await openFile(dataFolder)).store = JSON.parse(JSON.stringify(checked));
  } catch (cause) {
    if (systemCode(cause) === undefined) throw invalid(dataFolder, reasonOf(cause), cause);
    const path = settingsPath(dataFolder);
    throw new HoldfastError("settings/unwritable", { path, reason: systemReason(cause) }, { cause });
  }
}

/** Writes only what differs. */
export async function changeSettings(dataFolder: string, change: Partial<Settings>): Promise<Settings> {
  const before = await loadSettings(dataFolder);
  const next = { ...before, ...change };
  if (!isDeepStrictEqual(next, before)) await saveSettings(dataFolder, next);
  return next;
}

/**
 * `conf` writes: atomically, and never over a file that does not fit. It is loaded for that alone; with its checker it takes 90 ms, and what
 * it would check when it reads is checked by our own schema (decision 0010).
 */
async function openFile(dataFolder: string) {
  const { default: Conf } = await import("conf");
  const { properties, required } = z.toJSONSchema(settings);
  return new Conf<Record<string, unknown>>({
    cwd: dataFolder,
    configName: "settings",
    configFileMode: 0o600,
    clearInvalidConfig: false,
    schema: JSON.parse(JSON.stringify(properties ?? {})),
    ...((await isWritten(dataFolder)) ? { rootSchema: { additionalProperties: false, required: required ?? [] } } : {}),
    ajvOptions: { strict: false, useDefaults: false },
  });
}

function parse(dataFolder: string, text: string): Settings {
  try {
    return check(dataFolder, JSON.parse(text));
  } catch (error) {
    throw error instanceof SyntaxError ? invalid(dataFolder, reasonOf(error), error) : error;
  }
}

function check(dataFolder: string, found: unknown): Settings {
  const checked = settings.safeParse(found);
  if (checked.success) return checked.data;
  const [first] = checked.error.issues;
  const where = first?.path.join(".");
  throw invalid(dataFolder, `${where ? `${where}: ` : ""}${first?.message ?? "it does not fit"}`, checked.error);
}

const isWritten = (dataFolder: string): Promise<boolean> =>
  stat(settingsPath(dataFolder)).then(
    () => true,
    () => false,
  );

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return `it is not JSON (${error.message})`;
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^Config schema violation: /, "").replaceAll("`", "");
}

const invalid = (dataFolder: string, reason: string, cause: unknown): HoldfastError =>
  new HoldfastError("settings/invalid", { path: settingsPath(dataFolder), reason }, { cause });
