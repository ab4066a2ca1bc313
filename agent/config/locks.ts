/** What can't be changed at this machine because its policy locks it. The one place where that is decided; nothing of the policy's is secret or safe from whoever owns the machine's files. */
import { HoldfastError } from "../../protocol/errors.ts";
import { type EffectiveSettings, POLICY_SETTINGS } from "../../protocol/messages/policies.ts";
import type { Settings } from "../settings.ts";
import { type KeptPolicy, readPolicy } from "./policy-file.ts";

export type PolicySetting = keyof EffectiveSettings;

/** Settings of this machine by which the policy's setting is another. Of the others the machine alone decides. */
const GOVERNED: Readonly<Partial<Record<keyof Settings, PolicySetting>>> = {
  roots: "backupSets",
  excludes: "backupSets",
  oneFileSystem: "backupSets",
  sets: "backupSets",
  autoUpdate: "agentVersion",
  schedules: "schedules",
  bandwidth: "bandwidth",
  warningDays: "warningDays",
  locations: "locations",
};

/** `setting`: as in settings.json, or the policy's. Throws `setting/locked`. */
export async function mayChange(
  dataFolder: string,
  setting: keyof Settings | PolicySetting,
  shownAs: string = setting,
): Promise<void> {
  const policy = await readPolicy(dataFolder);
  const lock = policy && lockOf(policy, setting);
  if (lock) throw new HoldfastError("setting/locked", { setting: shownAs, ...lock });
}

/** By which level a setting is locked, and in words by whom. */
export function lockOf(
  policy: KeptPolicy,
  setting: keyof Settings | PolicySetting,
): { readonly level: string; readonly by: string } | undefined {
  const name = isPolicySetting(setting) ? setting : GOVERNED[setting];
  if (name === undefined || !policy.settings[name].locked) return undefined;
  const { level } = policy.settings[name];
  return { level, by: holderText(policy, level) };
}

/** Of each setting that is locked, in words by whom. */
export function locksOf(policy: KeptPolicy | undefined): Readonly<Record<string, string>> {
  if (policy === undefined) return {};
  const names: readonly string[] = [...Object.keys(GOVERNED), ...Object.keys(POLICY_SETTINGS)];
  return Object.fromEntries(
    names.flatMap((name) => {
      const by = isPolicySetting(name) || isGoverned(name) ? lockOf(policy, name)?.by : undefined;
      return by === undefined ? [] : [[name, by]];
    }),
  );
}

function holderText({ holders }: KeptPolicy, level: string): string {
  switch (level) {
    case "organization":
      return `the organization ${holders.organization}`;
    case "group":
      return `the user group ${holders.group}`;
    case "user":
      return `the account of ${holders.user}`;
    default:
      return `an administrator of ${holders.organization} for this machine`;
  }
}

/** Throws `encryption/not-allowed`. The service has the last word. */
export async function mayUseKeyKind(
  dataFolder: string,
  kind: EffectiveSettings["keyKinds"]["value"][number],
): Promise<void> {
  const kinds = (await readPolicy(dataFolder))?.settings.keyKinds.value;
  if (kinds && !kinds.includes(kind))
    throw new HoldfastError("encryption/not-allowed", { kind, allowed: kinds.join(", ") });
}

const isGoverned = (name: string): name is keyof Settings => name in GOVERNED;
const isPolicySetting = (name: string): name is PolicySetting => name in POLICY_SETTINGS;
