/** What holds on this machine, read from the two files that say it. */
import { statSync } from "node:fs";
import { loadSettings, settingsPath } from "../settings.ts";
import { type Config, effectiveConfig } from "./effective.ts";
import { policyPath, readPolicy } from "./policy-file.ts";

/** Throws `settings/not-registered`, `settings/invalid`. */
export async function loadConfig(dataFolder: string): Promise<Config> {
  const [settings, policy] = await Promise.all([loadSettings(dataFolder), readPolicy(dataFolder)]);
  return effectiveConfig(settings, policy?.settings);
}

/** Another one when either file is another: both are replaced whole, never written over. */
export function configMark(dataFolder: string): string {
  return [settingsPath(dataFolder), policyPath(dataFolder)].map(markOf).join(" ");
}

function markOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.ino}:${found.mtimeNs}:${found.size}`;
}
