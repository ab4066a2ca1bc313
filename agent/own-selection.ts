/** What this machine backs up, as its settings and the service's policy together say, in the words of a walk. */
import { resolve } from "node:path";
import { effectiveConfig } from "./config/effective.ts";
import { readPolicy } from "./config/policy-file.ts";
import { platformDefaults } from "./disk/defaults/default-rules.ts";
import { type NetworkMount, networkMounts } from "./disk/platform/network-mounts.ts";
import { findCopySettings } from "./local/copy-settings.ts";
import type { Settings } from "./settings.ts";

export interface SaidNow {
  /** Absolute paths; those of the settings when absent. */
  readonly roots?: readonly string[] | undefined;
  readonly excludes?: readonly string[] | undefined;
  readonly oneFileSystem?: boolean | undefined;
  /** The mounted network drives; the system's when absent. */
  readonly networkMounts?: readonly NetworkMount[] | undefined;
}

/** `kind`: the licence. What was said now stands for what the settings say, unless the policy locks it. */
export async function ownSelection(dataFolder: string, settings: Settings, kind: Settings["kind"], now: SaidNow = {}) {
  const { roots, excludes, oneFileSystem } = now;
  const said = {
    ...settings,
    ...(roots && { roots: roots.map((root) => resolve(root)) }),
    ...(excludes && { excludes: [...excludes] }),
    ...(oneFileSystem !== undefined && { oneFileSystem }),
  };
  const config = effectiveConfig(said, (await readPolicy(dataFolder))?.settings);
  return {
    roots: [],
    sets: config.backupSets.value,
    excludes: config.excludes.value,
    oneFileSystem: config.oneFileSystem.value,
    /** Where local copies go, if there are any. */
    copyFolder: findCopySettings(config)?.folder,
    defaults: settings.defaults === false ? undefined : platformDefaults(),
    refusedMounts: kind === "desktop" ? (now.networkMounts ?? networkMounts()) : [],
  };
}
