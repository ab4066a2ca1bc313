/** The backup sets of this machine: shown, added, removed; which folders its licence covers; what it could begin with. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { HoldfastError } from "../protocol/errors.ts";
import type { BackupSet } from "../protocol/messages/policies.ts";
import { effectiveConfig, type HeldSet } from "./config/effective.ts";
import { readPolicy } from "./config/policy-file.ts";
import { suggestSet } from "./disk/defaults/suggest.ts";
import { type DefaultRule, defaultRules } from "./disk/defaults/table.ts";
import { catalogPath } from "./disk/disk-path.ts";
import { type NetworkMount, networkMounts } from "./disk/platform/network-mounts.ts";
import { resolveParent } from "./disk/selection.ts";
import { networkDrive } from "./disk/stops.ts";
import { describeMachine } from "./enrol/machine-facts.ts";
import { isWithin } from "./model/path-order.ts";
import { changeOwnSetting } from "./own-setting.ts";
import { loadSettings, type Settings } from "./settings.ts";

/** All that count: the policy's and the machine's own. */
export async function listSets(dataFolder: string): Promise<readonly HeldSet[]> {
  const settings = await loadSettings(dataFolder);
  return effectiveConfig(settings, (await readPolicy(dataFolder))?.settings).backupSets.value;
}

/** Throws `setting/locked`, `setting/invalid`, `licence/network-drive`. */
export async function addSet(dataFolder: string, set: BackupSet): Promise<void> {
  const { sets = [] } = await loadSettings(dataFolder);
  if (sets.some(({ name }) => name === set.name))
    throw new HoldfastError("setting/invalid", {
      setting: "sets",
      reason: `there is a set called ${set.name} already`,
    });
  if (!set.exclusionary) await checkRoots(dataFolder, set.roots);
  await changeOwnSetting(dataFolder, { setting: "sets", value: [...sets, set] });
}

/** Throws `setting/locked`, `setting/invalid` when this machine has no set of that name. */
export async function removeSet(dataFolder: string, name: string): Promise<void> {
  const { sets = [] } = await loadSettings(dataFolder);
  const kept = sets.filter((set) => set.name !== name);
  if (kept.length === sets.length) {
    const reason = `this machine has no set of its own called ${name}; \`holdfast sets\` shows them`;
    throw new HoldfastError("setting/invalid", { setting: "sets", reason });
  }
  await changeOwnSetting(dataFolder, { setting: "sets", value: kept.length === 0 ? undefined : kept });
}

/** Roots that somebody names now. Throws `licence/network-drive` on a machine with a Desktop licence. */
export async function checkRoots(
  dataFolder: string,
  roots: readonly string[],
  mounts: readonly NetworkMount[] = networkMounts(),
): Promise<void> {
  const { kind } = await loadSettings(dataFolder);
  if (kind === "desktop") for (const root of roots) refuseNetwork(root, mounts);
}

function refuseNetwork(root: string, mounts: readonly NetworkMount[]): void {
  const path = catalogPath(root);
  const share = /^\\\\[^\\]+\\[^\\]+/.exec(root)?.[0];
  if (share !== undefined) throw networkDrive(path, { path: catalogPath(share), kind: "a network share" });
  const real = resolveParent(path, () => undefined) ?? path;
  const mount = mounts.find((each) => isWithin(real, each.path));
  if (mount) throw networkDrive(path, mount);
}

/** What is left out on this kind of system unless a root names it itself. */
export const listDefaults = (): readonly DefaultRule[] => defaultRules(process.platform);

/** What a machine that nobody has told anything could back up; nothing is changed. `kind`: guessed when nobody says. */
export async function suggestSets(kind?: Settings["kind"]): Promise<readonly BackupSet[]> {
  const known = kind ?? (await describeMachine()).kind;
  const exists = (path: string) => existsSync(path);
  return suggestSet({ kind: known, platform: process.platform, home: resolve(homedir()), exists });
}
