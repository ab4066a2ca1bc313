/** One setting of this machine, changed by its owner: never one that is locked, never to what makes no sense. */
import type { z } from "zod";
import { HoldfastError } from "../../protocol/errors.ts";
import { changeSettings, DEFAULT_SETTINGS, SETTING_SHAPES, type Settings } from "../settings.ts";
import { mayChange } from "./locks.ts";

/** All but what was decided when the machine was registered. */
export type ChangeableSetting = Exclude<keyof Settings, "service" | "machine" | "name" | "kind" | "identifiedBy">;

export interface SettingChange {
  readonly setting: ChangeableSetting;
  /** `undefined`: as if it had never been said. */
  readonly value: unknown;
  /** What the person calls it. */
  readonly shownAs?: string;
}

/** Throws `setting/locked`, `setting/invalid`, and what reading the settings throws. */
export async function changeSetting(
  dataFolder: string,
  { setting, value, shownAs = setting }: SettingChange,
): Promise<Settings> {
  await mayChange(dataFolder, setting, shownAs);
  if (value === undefined) return await changeSettings(dataFolder, { [setting]: fallback(setting) });
  const result = SETTING_SHAPES[setting].safeParse(value);
  if (!result.success) throw new HoldfastError("setting/invalid", { setting: shownAs, reason: reasonOf(result.error) });
  return await changeSettings(dataFolder, { [setting]: result.data });
}

/** Some are always there. */
const fallback = (setting: ChangeableSetting): unknown =>
  Object.entries(DEFAULT_SETTINGS).find(([name]) => name === setting)?.[1];

function reasonOf({ issues: [first] }: z.ZodError): string {
  if (first === undefined) return "it does not fit";
  const where = first.path.map((part) => (typeof part === "number" ? part + 1 : String(part))).join(".");
  return `${where ? `${where}: ` : ""}${wordsOf(first).replace(/\.$/, "")}`;
}

function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_big":
      return `at most ${issue.maximum}`;
    case "too_small":
      return `at least ${issue.minimum}`;
    case "invalid_value":
      return `one of ${issue.values.join(", ")}`;
    case "invalid_union":
      return wordsOf(nearest(issue) ?? { ...issue, code: "custom" });
    case "unrecognized_keys":
      return `there is no ${issue.keys.join(", ")}`;
    default:
      return issue.message;
  }
}

/** Of a value that may be one of several shapes: the words that it may be, since that is what people write. */
const nearest = ({ errors }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue | undefined =>
  errors.flat().find((issue) => issue.code === "invalid_value") ?? errors.flat()[0];
