/** Each setting of this machine as a person types and reads it. What is too rich for words is JSON, as in settings.json. */
import { resolve } from "node:path";
import type { ChangeableSetting, Settings } from "../agent/index.ts";
import { BYTE_SIZE_RULE, parseByteSize } from "../base/byte-size.ts";
import { nearestName } from "../base/nearest-name.ts";
import { HoldfastError } from "../protocol/errors.ts";
import { localText } from "./config-text.ts";
import { parseBandwidth, showBandwidth } from "./words/bandwidth.ts";
import { DAYS_RULE, HOURS_RULE, parseDays, parseHours, showDays } from "./words/days.ts";
import { parseSchedules, showSchedules } from "./words/schedules.ts";
import { showWords, type Words } from "./words/words.ts";

export interface SettingForm {
  /** As it is typed. */
  readonly name: string;
  readonly key: ChangeableSetting;
  /** How its value is written. */
  readonly how: string;
  parse(words: Words, before: Settings): unknown;
  /** `undefined`: nothing was said. */
  show(settings: Settings): string | undefined;
  /** As in settings.json. */
  read(settings: Settings): unknown;
  /** What is left when it is unset; without it, nothing. */
  without?(before: Settings): unknown;
}

type Show<Key extends ChangeableSetting> = (value: NonNullable<Settings[Key]>) => string;

const plain = (value: unknown): string => String(value);

function form<Key extends ChangeableSetting>(
  name: string,
  key: Key,
  how: string,
  { parse, show = plain }: { parse: SettingForm["parse"]; show?: Show<Key> },
): SettingForm {
  return {
    name,
    key,
    how,
    parse,
    read: ({ [key]: value }) => value,
    show: ({ [key]: value }) => (value === undefined || value === null ? undefined : show(value)),
  };
}

const SWITCH: Readonly<Record<string, boolean>> = {
  on: true,
  yes: true,
  true: true,
  off: false,
  no: false,
  false: false,
};
const asSwitch = {
  parse: (words: Words) => words.parse((word) => SWITCH[word.toLowerCase()], "say on or off"),
  show: (value: boolean) => (value ? "on" : "off"),
};
const asNumber = { parse: (words: Words) => words.number("say a number") };
const asWord = { parse: (words: Words) => words.next("say a value") };
const asJson = {
  parse: (words: Words) => words.parse(parseJson, "write it as JSON, in single quotes"),
  show: (value: unknown) => JSON.stringify(value),
};
const asFolders = {
  parse: (words: Words) => words.rest("name folders").map((folder) => resolve(folder)),
  show: (value: readonly string[]) => showWords(value) || "none",
};
const asRate = { parse: (words: Words) => words.rest("say 500k, 2M or off").join(" ") };

export const SETTING_FORMS: readonly SettingForm[] = [
  form("roots", "roots", "<folders…>", asFolders),
  form("excludes", "excludes", "<patterns…>, as in .gitignore", {
    parse: (words) => words.rest("say patterns"),
    show: (value) => showWords(value) || "none",
  }),
  form("one-file-system", "oneFileSystem", "on | off", asSwitch),
  form("sets", "sets", "JSON; `holdfast sets` is easier", asJson),
  form("defaults", "defaults", "on | off: leave out what `holdfast sets --defaults` shows", asSwitch),
  form("schedule", "schedules", "see the examples", {
    parse: (words) => parseSchedules(words.rest("say for example: daily 21:30")),
    show: (value) => showWords(showSchedules(value)) || "none",
  }),
  form("bandwidth", "bandwidth", "see the examples", {
    parse: (words) => parseBandwidth(words.rest("say for example: off mon-fri 08:00-18:00 500k")),
    show: (value) => showWords(showBandwidth(value)),
  }),
  form("upload-limit", "uploadLimit", "500k | 2M | off", asRate),
  form("download-limit", "downloadLimit", "500k | 2M | off", asRate),
  form("uploads", "uploads", "1 to 16 packs at the same time", asNumber),
  form("compression-level", "compressionLevel", "1 (fast) to 19 (small)", asNumber),
  form("warning-days", "warningDays", "1 to 365", asNumber),
  form("locations", "locations", "local-and-cloud | cloud-only", asWord),
  form("local-copy", "local", "<folder> [--cap 500G] [--keep 3-months]", {
    parse: parseLocalCopy,
    show: localText,
  }),
  form("restore-roots", "restoreRoots", "<folders…>; also `holdfast orders --approve`", asFolders),
  condition("on-battery", "onBattery", "run | wait", (words) => words.next("say run or wait")),
  condition("battery-percent-min", "batteryPercentMin", "0 to 100", (words) => words.number("say a number")),
  condition("metered", "metered", "run | wait", (words) => words.next("say run or wait")),
  condition("networks-only", "networksOnly", "<names…>", (words) => words.rest("say names of networks")),
  condition("networks-never", "networksNever", "<names…>", (words) => words.rest("say names of networks")),
  condition("load-below-percent", "loadBelowPercent", "1 to 100 | off", (words) =>
    words.take("off") ? null : words.number("say a number, or off"),
  ),
  condition("windows", "windows", "mon-fri 20:00-06:00 …", parseWindows),
  form("hooks", "hooks", "JSON", asJson),
  form("auto-update", "autoUpdate", "on | off", asSwitch),
  form("notifications", "notifications", "on | off", asSwitch),
  form("email", "email", "whose log-in restores ask for", asWord),
];

/** All conditions at once. */
const CONDITIONS = form("conditions", "conditions", "JSON", asJson);

/** Also by its name in settings.json. Throws `setting/invalid`. */
export function findForm(name: string): SettingForm {
  const wanted = name.toLowerCase();
  if (wanted === CONDITIONS.name) return CONDITIONS;
  const found =
    SETTING_FORMS.find((each) => each.name === wanted) ??
    SETTING_FORMS.find((each) => each.key.toLowerCase() === wanted);
  if (found) return found;
  const names = SETTING_FORMS.map((each) => each.name);
  const near = nearestName(wanted, names);
  const way = near === undefined ? "`holdfast settings` shows all" : `did you mean ${near}`;
  throw new HoldfastError("setting/invalid", { setting: name, reason: `there is no such setting; ${way}` });
}

type Conditions = NonNullable<Settings["conditions"]>;

/** One of several that are one setting. */
function condition<Part extends keyof Conditions>(
  name: string,
  part: Part,
  how: string,
  parse: (words: Words) => unknown,
): SettingForm {
  return {
    name: `conditions.${name}`,
    key: "conditions",
    how,
    parse: (words, { conditions }) => ({ ...conditions, [part]: parse(words) }),
    show: ({ conditions }) => (conditions === undefined ? undefined : showCondition(conditions[part])),
    read: ({ conditions }) => conditions?.[part],
    without: ({ conditions }) =>
      conditions && Object.fromEntries(Object.entries(conditions).filter(([each]) => each !== part)),
  };
}

function showCondition(value: Conditions[keyof Conditions]): string {
  if (value === null) return "off";
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return "any";
  return showWords(
    value.flatMap((each) => (typeof each === "string" ? [each] : [showDays(each.weekdays), `${each.from}-${each.to}`])),
  );
}

function parseWindows(words: Words): unknown {
  const windows: unknown[] = [];
  do windows.push({ weekdays: words.parse(parseDays, DAYS_RULE), ...words.parse(parseHours, HOURS_RULE) });
  while (!words.isEmpty);
  return windows;
}

function parseLocalCopy(words: Words): unknown {
  const folder = resolve(words.next("name a folder on another disk"));
  let capBytes: number | null = null;
  let keep = "3-months";
  while (!words.isEmpty) {
    if (words.take("--cap")) capBytes = words.parse(parseByteSize, BYTE_SIZE_RULE);
    else if (words.take("--keep")) keep = words.next("say how long, such as 3-months");
    else words.refuse("behind the folder there may be --cap <size> and --keep <how long>");
  }
  return { folder, capBytes, keep };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
