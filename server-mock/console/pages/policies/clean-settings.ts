/** What is sent of what stands in the fields: lines of text without the empty ones. Texts are trimmed by the service. */
import type { PolicySettings } from "../../../../protocol/messages/policies.ts";
import type { SettingValue } from "./setting-lines.ts";

type BackupSet = SettingValue<"backupSets">[number];

export function cleanSettings(settings: PolicySettings): PolicySettings {
  const { backupSets } = settings;
  return backupSets === undefined
    ? settings
    : { ...settings, backupSets: { ...backupSets, value: backupSets.value.map(cleanSet) } };
}

const cleanSet = ({ include, exclude, roots, ...set }: BackupSet): BackupSet => ({
  ...set,
  roots: filled(roots),
  include: cleanRules(include),
  exclude: cleanRules(exclude),
});

const cleanRules = (rules: BackupSet["include"]): BackupSet["include"] => ({
  ...rules,
  paths: filled(rules.paths),
  names: filled(rules.names),
  types: filled(rules.types).map((type) => type.replace(/^\./, "")),
});

const filled = (lines: readonly string[]): string[] => lines.map((line) => line.trim()).filter((line) => line !== "");
