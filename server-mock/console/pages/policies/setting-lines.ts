/** A setting of the client configuration in words: one line for each thing it says. */
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { EffectiveSettings } from "../../../../protocol/messages/policies.ts";
import { text } from "../../messages/messages.ts";

export type SettingName = keyof EffectiveSettings;
export type SettingValue<Name extends SettingName> = EffectiveSettings[Name]["value"];

/** In the order of pages. */
export const SETTING_NAMES = [
  "backupSets",
  "schedules",
  "bandwidth",
  "keyKinds",
  "warningDays",
  "locations",
  "webRestore",
  "agentVersion",
] as const satisfies readonly SettingName[];

const { values: says } = text.machines.configuration;

const LINES: { readonly [Name in SettingName]: (value: SettingValue<Name>) => readonly string[] } = {
  backupSets: (sets) => (sets.length === 0 ? [says.noSets] : sets.map(setLine)),
  schedules: (schedules) => (schedules.length === 0 ? [says.noSchedules] : schedules.map(scheduleLine)),
  bandwidth: ({ hours, ...otherwise }) => {
    const rest = rateText(otherwise);
    if (hours.length === 0) return [rest];
    return [
      ...hours.map((rule) => says.hours(daysText(rule.weekdays), rule.from, rule.to, rateText(rule))),
      says.otherwise(rest),
    ];
  },
  keyKinds: (kinds) => [kinds.map((kind) => says.keyKinds[kind]).join(", ")],
  warningDays: (days) => [says.warning(days)],
  locations: (locations) => [says.locations[locations]],
  webRestore: (isOn) => [isOn ? says.on : says.off],
  agentVersion: ({ autoUpdate, minimum, pinned }) => [
    [
      autoUpdate ? says.autoUpdate : says.noAutoUpdate,
      ...(minimum === null ? [] : [says.minimum(minimum)]),
      ...(pinned === null ? [] : [says.pinned(pinned)]),
    ].join(", "),
  ],
};

export const settingLines = <Name extends SettingName>(name: Name, value: SettingValue<Name>): readonly string[] =>
  LINES[name](value);

type BackupSet = SettingValue<"backupSets">[number];
type Schedule = SettingValue<"schedules">[number];
type Rates = Omit<SettingValue<"bandwidth">, "hours">;

function setLine({ name, exclusionary, roots, include, exclude }: BackupSet): string {
  const [only, without] = [rulesText(include), rulesText(exclude)];
  const what = says.set(name, roots.join(", "));
  return [
    exclusionary ? says.exclusionary(what) : what,
    ...(only === "" ? [] : [says.only(only)]),
    ...(without === "" ? [] : [exclusionary ? says.keeping(without) : says.without(without)]),
  ].join("; ");
}

function rulesText(rules: BackupSet["include"]): string {
  const { paths, names, types, largerThanBytes, smallerThanBytes, olderThanDays, newerThanDays } = rules;
  return [
    ...paths,
    ...names,
    ...types.map((type) => `.${type}`),
    ...(largerThanBytes === null ? [] : [says.larger(formatBytes(largerThanBytes))]),
    ...(smallerThanBytes === null ? [] : [says.smaller(formatBytes(smallerThanBytes))]),
    ...(olderThanDays === null ? [] : [says.older(olderThanDays)]),
    ...(newerThanDays === null ? [] : [says.newer(newerThanDays)]),
  ].join(", ");
}

function scheduleLine(schedule: Schedule): string {
  switch (schedule.type) {
    case "Automatic":
      return says.automatic(schedule.cpuBelowPercent, schedule.idleMinutes, schedule.hoursSinceLast);
    case "Continuous":
      return says.continuous(schedule.quietSeconds);
    case "Manual":
      return says.manual;
    case "Scheduled":
      return timesText(schedule);
    case "Local":
      return `${timesText(schedule)}, ${says.to(schedule.folder)}`;
  }
}

function timesText(schedule: Extract<Schedule, { readonly at: string }>): string {
  const { type, frequency, weekdays, at, spreadMinutes, catchUp } = schedule;
  const when = frequency === "daily" ? says.daily(type, at) : says.onDays(type, daysText(weekdays), at);
  return [when, ...(spreadMinutes === 0 ? [] : [says.spread(spreadMinutes)]), ...(catchUp ? [says.catchUp] : [])].join(
    ", ",
  );
}

const daysText = (days: readonly (keyof typeof says.days)[]): string => days.map((day) => says.days[day]).join(", ");

export function rateText({ uploadBytesPerSecond: up, downloadBytesPerSecond: down }: Rates): string {
  if (up === null && down === null) return says.fast;
  return [...(up === null ? [] : [says.up(rate(up))]), ...(down === null ? [] : [says.down(rate(down))])].join(", ");
}

/** Networks are counted in bits. */
const rate = (bytesPerSecond: number): string =>
  `${(bytesPerSecond / MEGABIT_BYTES).toLocaleString("en", { maximumFractionDigits: 2 })} Mbit/s`;

export const MEGABIT_BYTES = 125_000;
