/** What holds on this machine, for people: each setting with its values in words, and who says so. */
import type { Config, Held, OwnPolicyState } from "../agent/index.ts";
import type { BackupSet, FileRules } from "../protocol/messages/policies.ts";
import { size } from "./units.ts";
import { showBandwidth, showSpeed } from "./words/bandwidth.ts";
import { showDays } from "./words/days.ts";
import { showSchedules } from "./words/schedules.ts";
import { showWords } from "./words/words.ts";

export interface ConfigLine {
  /** Empty when it goes on with the setting of the line before. */
  readonly setting: string;
  readonly value: string;
  readonly saidBy: string;
  readonly isLocked: boolean;
}

type Holders = NonNullable<OwnPolicyState["kept"]>["holders"];

/** Names in it are not escaped yet. */
export function configLines(config: Config, holders: Holders | undefined): ConfigLine[] {
  const lines: ConfigLine[] = [];
  const add = <Value>(
    setting: string,
    { value, origin, locked }: Held<Value>,
    show: (value: Value) => string | string[],
  ) => {
    const [first = "none", ...more] = [show(value)].flat();
    const saidBy = originText(origin, holders);
    lines.push({ setting, value: first || "none", saidBy, isLocked: locked });
    for (const each of more) lines.push({ setting: "", value: each, saidBy: "", isLocked: false });
  };
  addSets(lines, config.backupSets, holders);
  add("excludes", config.excludes, showWords);
  add("one file system", config.oneFileSystem, onOff);
  add("schedule", config.schedules, (value) => showWords(showSchedules(value)));
  add("bandwidth", config.bandwidth, (value) => showWords(showBandwidth(value)));
  add("upload limit", config.uploadLimit, limit);
  add("download limit", config.downloadLimit, limit);
  add("kinds of keys", config.keyKinds, (value) => value.join(", "));
  add("warning days", config.warningDays, String);
  add("locations", config.locations, String);
  add("local copy", config.local, (value) => localText(value));
  add("web restore", config.webRestore, onOff);
  add("restore roots", config.restoreRoots, (value) => [...value]);
  add("conditions", config.conditions, conditionTexts);
  add("hooks", config.hooks, ({ before, after }) => [
    ...before.map(({ command }) => `before: ${showWords(command)}`),
    ...after.map(({ command }) => `after: ${showWords(command)}`),
  ]);
  add("auto-update", config.autoUpdate, onOff);
  add("agent version", config.agentVersion, ({ minimum, pinned }) =>
    pinned === null ? (minimum === null ? "any" : `${minimum} or newer`) : `exactly ${pinned}`,
  );
  add("notifications", config.notifications, onOff);
  return lines;
}

/** Each has an origin of its own. */
function addSets(
  lines: ConfigLine[],
  { value, origin, locked }: Config["backupSets"],
  holders: Holders | undefined,
): void {
  if (value.length === 0)
    lines.push({ setting: "backup sets", value: "none", saidBy: originText(origin, holders), isLocked: locked });
  for (const [index, set] of value.entries())
    lines.push({
      setting: index === 0 ? "backup sets" : "",
      value: setText(set),
      saidBy: originText(set.origin, holders),
      isLocked: locked,
    });
}

function setText({ name, exclusionary, roots, include, exclude }: BackupSet): string {
  const only = rulesText(include);
  const without = rulesText(exclude);
  return [
    `${name}: ${exclusionary ? "never " : ""}${showWords(roots)}`,
    only === "" ? "" : `, only ${only}`,
    without === "" ? "" : `, without ${without}`,
  ].join("");
}

function rulesText(rules: FileRules): string {
  const { paths, names, types, largerThanBytes, smallerThanBytes, olderThanDays, newerThanDays } = rules;
  return [
    ...paths,
    ...names,
    ...types.map((type) => `*.${type}`),
    ...(largerThanBytes === null ? [] : [`over ${size(largerThanBytes)}`]),
    ...(smallerThanBytes === null ? [] : [`under ${size(smallerThanBytes)}`]),
    ...(olderThanDays === null ? [] : [`older than ${olderThanDays} days`]),
    ...(newerThanDays === null ? [] : [`newer than ${newerThanDays} days`]),
  ].join(", ");
}

/** What differs from a machine that always may. */
function conditionTexts(conditions: Config["conditions"]["value"]): string[] {
  const { onBattery, batteryPercentMin, metered, networksOnly, networksNever, loadBelowPercent, windows } = conditions;
  const texts = [
    onBattery === "wait" ? "wait while on battery" : "",
    batteryPercentMin > 0 ? `battery at ${batteryPercentMin} % at least` : "",
    metered === "wait" ? "wait on metered networks" : "",
    networksOnly.length > 0 ? `only on ${showWords(networksOnly)}` : "",
    networksNever.length > 0 ? `never on ${showWords(networksNever)}` : "",
    loadBelowPercent === null ? "" : `CPU below ${loadBelowPercent} %`,
    windows.length > 0
      ? `only ${windows.map((each) => `${showDays(each.weekdays)} ${each.from}-${each.to}`).join(", ")}`
      : "",
  ].filter((text) => text !== "");
  return texts.length === 0 ? ["always"] : texts;
}

const onOff = (value: boolean): string => (value ? "on" : "off");
const limit = (rate: number): string => showSpeed(Number.isFinite(rate) ? rate : null);

export function localText(local: Config["local"]["value"]): string {
  if (local === undefined) return "none";
  const cap = local.capBytes === null ? "no cap" : `at most ${size(local.capBytes)}`;
  const keeps = typeof local.keep === "string" ? local.keep : JSON.stringify(local.keep);
  return `${showWords([local.folder])}, ${cap}, keeps ${keeps}`;
}

function originText(origin: Held<unknown>["origin"], holders: Holders | undefined): string {
  switch (origin) {
    case "default":
      return "default";
    case "local":
      return "this machine";
    case "organization":
      return `organization ${holders?.organization ?? ""}`.trim();
    case "group":
      return `user group ${holders?.group ?? ""}`.trim();
    case "user":
      return `account ${holders?.user ?? ""}`.trim();
    case "machine":
      return "administrator, for this machine";
  }
}
