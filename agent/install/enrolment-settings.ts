/** Settings that a deployment brings along: checked before a machine is registered, set where its owner has said nothing. */
import { isDeepStrictEqual } from "node:util";
import { HoldfastError } from "../../protocol/errors.ts";
import { type ChangeableSetting, changeSetting } from "../config/change-setting.ts";
import { DEFAULT_SETTINGS, loadSettings, SETTING_SHAPES, type Settings } from "../settings.ts";

/** As in settings.json. */
export type WantedSettings = Readonly<Record<string, unknown>>;

/** What is decided by registering, or by the person at the machine alone. */
const NOT_BROUGHT: readonly (keyof Settings)[] = [
  "service",
  "machine",
  "name",
  "kind",
  "identifiedBy",
  "recoveryKitAt",
  "email",
];

/** Throws `setting/invalid`. */
export function checkWanted(wanted: WantedSettings): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (!isChangeable(name))
      throw new HoldfastError("setting/invalid", { setting: name, reason: "there is no such setting" });
    const { success, error } = SETTING_SHAPES[name].safeParse(value);
    if (!success)
      throw new HoldfastError("setting/invalid", {
        setting: name,
        reason: error.issues[0]?.message ?? "it does not fit",
      });
  }
}

/** Names of what was set: nothing, the second time. Throws `setting/invalid`, `setting/locked`. */
export async function applyWanted(dataFolder: string, wanted: WantedSettings): Promise<string[]> {
  checkWanted(wanted);
  const changed: string[] = [];
  for (const [setting, value] of Object.entries(wanted)) {
    if (!isChangeable(setting) || !isUnsaid(await loadSettings(dataFolder), setting)) continue;
    await changeSetting(dataFolder, { setting, value });
    changed.push(setting);
  }
  return changed;
}

const isChangeable = (name: string): name is ChangeableSetting =>
  Object.hasOwn(SETTING_SHAPES, name) && !NOT_BROUGHT.some((each) => each === name);

/** A default that somebody typed looks like one that nobody did. */
function isUnsaid(settings: Settings, name: ChangeableSetting): boolean {
  const defaults: Readonly<Record<string, unknown>> = DEFAULT_SETTINGS;
  return settings[name] === undefined || isDeepStrictEqual(settings[name], defaults[name]);
}
