/**
 * What holds on this machine, and who says so: the service's policy together with the machine's own settings. A locked setting is the policy's;
 * of any other the machine's own word counts, then the policy's, then the default. Pure.
 */
import { parseByteRate } from "../../base/byte-rate.ts";
import {
  type BackupSet,
  type Bandwidth,
  type EffectiveSettings,
  NO_FILE_RULES,
  POLICY_DEFAULTS,
  type PolicyLevel,
  type Schedule,
} from "../../protocol/messages/policies.ts";
import { type Conditions, conditions, type Hooks, hooks, type LocalCopy } from "../settings/work.ts";
import type { Settings } from "../settings.ts";

/** `local`: the machine's own settings. The others are the policy's levels. */
export type Origin = PolicyLevel | "local";

export interface Held<Value> {
  readonly value: Value;
  readonly origin: Origin;
  /** It can't be changed at the machine. */
  readonly locked: boolean;
}

/** One of the sets that together make the snapshot. */
export type HeldSet = BackupSet & { readonly origin: Origin };

export interface Config {
  /** Of which something comes from the machine has origin `local`; each set names its own. */
  readonly backupSets: Held<readonly HeldSet[]>;
  /** Patterns as in .gitignore, for everything; none where the sets are locked. */
  readonly excludes: Held<readonly string[]>;
  readonly oneFileSystem: Held<boolean>;
  readonly schedules: Held<readonly Schedule[]>;
  readonly bandwidth: Held<Bandwidth>;
  readonly keyKinds: Held<EffectiveSettings["keyKinds"]["value"]>;
  readonly warningDays: Held<number>;
  readonly locations: Held<EffectiveSettings["locations"]["value"]>;
  readonly webRestore: Held<boolean>;
  readonly agentVersion: Held<{ readonly minimum: string | null; readonly pinned: string | null }>;
  readonly autoUpdate: Held<boolean>;
  readonly conditions: Held<Conditions>;
  readonly hooks: Held<Hooks>;
  /** None where locations are cloud-only, whatever the settings say. */
  readonly local: Held<LocalCopy | undefined>;
  readonly restoreRoots: Held<readonly string[]>;
  readonly notifications: Held<boolean>;
  /** Bytes a second; Infinity: no limit. Beside `bandwidth`: the lower of both counts. */
  readonly uploadLimit: Held<number>;
  readonly downloadLimit: Held<number>;
}
export type ConfigName = keyof Config;

/** What the policy may say and the machine, too. */
type Shared = "schedules" | "bandwidth" | "warningDays" | "locations";

export function effectiveConfig(settings: Settings, policy: EffectiveSettings = NO_POLICY): Config {
  const shared = <Name extends Shared>(name: Name): Held<EffectiveSettings[Name]["value"]> =>
    decide<EffectiveSettings[Name]["value"]>(policy[name], settings[name]);
  const { autoUpdate, ...version } = policy.agentVersion.value;
  const locations = shared("locations");
  // Who may not say which files are backed up may not say it by leaving some out, either.
  const ofChoice = policy.backupSets.locked ? { ...settings, excludes: [], oneFileSystem: false } : settings;
  return {
    backupSets: heldSets(settings, policy.backupSets),
    excludes: own(ofChoice.excludes, [], ofChoice.excludes.length > 0),
    oneFileSystem: own(ofChoice.oneFileSystem, false, ofChoice.oneFileSystem),
    schedules: shared("schedules"),
    bandwidth: shared("bandwidth"),
    keyKinds: decide(policy.keyKinds, undefined),
    warningDays: shared("warningDays"),
    locations,
    webRestore: decide(policy.webRestore, undefined),
    agentVersion: decide({ ...policy.agentVersion, value: version }, undefined),
    autoUpdate: decide({ ...policy.agentVersion, value: autoUpdate }, settings.autoUpdate),
    conditions: own(settings.conditions, conditions.parse({})),
    hooks: own(settings.hooks, hooks.parse({})),
    local: locations.value === "cloud-only" ? { ...locations, value: undefined } : own(settings.local, undefined),
    restoreRoots: own(settings.restoreRoots, []),
    notifications: own(settings.notifications, true),
    uploadLimit: own(rateOf(settings.uploadLimit), Number.POSITIVE_INFINITY),
    downloadLimit: own(rateOf(settings.downloadLimit), Number.POSITIVE_INFINITY),
  };
}

interface Told<Value> {
  readonly value: Value;
  readonly locked: boolean;
  readonly level: PolicyLevel;
}

function decide<Value>({ value, locked, level }: Told<Value>, local: Value | undefined): Held<Value> {
  return locked || local === undefined ? { value, locked, origin: level } : { value: local, locked, origin: "local" };
}

/** Of what only the machine can say. */
function own<Value>(said: Value | undefined, fallback: Value, isSaid = said !== undefined): Held<Value> {
  return isSaid && said !== undefined
    ? { value: said, origin: "local", locked: false }
    : { value: fallback, origin: "default", locked: false };
}

const rateOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : parseByteRate(text));

/**
 * Unlocked, the machine's sets come beside the policy's; a named one takes the place of the policy's of that name. The folders
 * of `roots` are a set as well, but nobody gave it its name, so it takes no place.
 */
function heldSets(settings: Settings, { value, locked, level }: Told<readonly BackupSet[]>): Held<readonly HeldSet[]> {
  const told = value.map((set) => ({ ...set, origin: level }));
  const named = settings.sets ?? [];
  if (locked || (named.length === 0 && settings.roots.length === 0)) return { value: told, locked, origin: level };
  const names = new Set(named.map(({ name }) => name));
  const sets = [...(settings.roots.length === 0 ? [] : [ownFolders(settings.roots)]), ...named];
  const kept = told.filter(({ name }) => !names.has(name));
  return { value: [...kept, ...sets.map((set) => ({ ...set, origin: "local" as const }))], locked, origin: "local" };
}

/** The name of the set that `roots` of the settings are. */
export const DEFAULT_SET_NAME = "default";

const ownFolders = (roots: readonly string[]): BackupSet => ({
  name: DEFAULT_SET_NAME,
  exclusionary: false,
  roots: [...roots],
  include: NO_FILE_RULES,
  exclude: NO_FILE_RULES,
});

/** Before the service has said anything. */
export const NO_POLICY: EffectiveSettings = {
  backupSets: unsaid([...POLICY_DEFAULTS.backupSets]),
  schedules: unsaid([...POLICY_DEFAULTS.schedules]),
  bandwidth: unsaid({ ...POLICY_DEFAULTS.bandwidth, hours: [] }),
  keyKinds: unsaid([...POLICY_DEFAULTS.keyKinds]),
  warningDays: unsaid(POLICY_DEFAULTS.warningDays),
  locations: unsaid(POLICY_DEFAULTS.locations),
  webRestore: unsaid(POLICY_DEFAULTS.webRestore),
  agentVersion: unsaid({ ...POLICY_DEFAULTS.agentVersion }),
};

function unsaid<Value>(value: Value): Told<Value> {
  return { value, locked: false, level: "default" };
}
