/** One setting of this machine, changed by its owner: never one that is locked, never to what makes no sense. */
import { HoldfastError } from "../../protocol/errors.ts";
import { changeSettings, DEFAULT_SETTINGS, SETTING_SHAPES, type Settings } from "../settings.ts";
import { mayChange } from "./locks.ts";

/** Decided when the machine was registered. */
export type ChangeableSetting = Exclude<keyof Settings, "service" | "machine" | "name" | "identifiedBy">;

/** `undefined`: as if it had never been said. Throws `setting/locked`, `setting/invalid`, and what reading the settings throws. */
export async function changeSetting(dataFolder: string, setting: ChangeableSetting, value: unknown): Promise<Settings> {
  await mayChange(dataFolder, setting);
  return await changeSettings(dataFolder, {
    [setting]: value === undefined ? fallback(setting) : checked(setting, value),
  });
}

function checked(setting: ChangeableSetting, value: unknown): unknown {
  const result = SETTING_SHAPES[setting].safeParse(value);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  const where = first?.path.map((part) => (typeof part === "number" ? part + 1 : String(part))).join(".");
  const reason = `${where ? `${where}: ` : ""}${first?.message ?? "it does not fit"}`.replace(/\.$/, "");
  throw new HoldfastError("setting/invalid", { setting, reason });
}

/** Some are always there. */
const fallback = (setting: ChangeableSetting): unknown =>
  Object.entries(DEFAULT_SETTINGS).find(([name]) => name === setting)?.[1];
