/** Schedules as people type them, several with `and` between. What is shown can be typed again. */
import type { Schedule } from "../../protocol/messages/policies.ts";
import { parseDuration } from "../durations.ts";
import { DAYS_RULE, parseDays, parseTime, showDays, type Weekday } from "./days.ts";
import { Words } from "./words.ts";

export const SCHEDULE_EXAMPLES: readonly (readonly [words: string, what: string])[] = [
  ["daily 21:30", "every day; up to 15 minutes earlier or later, so that not all machines start at once"],
  ["weekly mon,thu 21:30", "spread 0: exactly then; no-catch-up: a missed one is left out"],
  ["continuous", "soon after changes: after a minute without any; continuous 5m: after five"],
  ["automatic", "nobody works here for 10 minutes, CPU below 20 %, 4 hours since the last"],
  ["automatic cpu 50 idle 5 hours 12", "the same with other numbers"],
  ["manual", "only when somebody says so"],
  ["continuous and local /mnt/disk daily 12:00", "and once a day to the local copy"],
];

/** The schema's defaults, for leaving them unsaid. */
const USUAL = { spreadMinutes: 15, quietSeconds: 60, cpuBelowPercent: 20, idleMinutes: 10, hoursSinceLast: 4 } as const;

/** Throws `setting/invalid`. */
export function parseSchedules(given: readonly string[]): Schedule[] {
  const parts: string[][] = [[]];
  for (const word of given) {
    if (word === "and") parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts.map((part) => parseSchedule(new Words("schedule", part)));
}

function parseSchedule(words: Words): Schedule {
  const first = words.next("say for example: daily 21:30");
  switch (first.toLowerCase()) {
    case "manual":
      return words.end({ type: "Manual" });
    case "automatic":
      return parseAutomatic(words);
    case "continuous": {
      if (words.isEmpty) return { type: "Continuous", quietSeconds: USUAL.quietSeconds };
      const quietMs = words.parse(parseDuration, "say how long it must be quiet, such as 60s or 5m");
      return words.end({ type: "Continuous", quietSeconds: Math.max(1, Math.round(quietMs / 1000)) });
    }
    case "daily":
    case "weekly":
      return { type: "Scheduled", ...parseWhen(words, first.toLowerCase()) };
    case "local": {
      const folder = words.next("name the folder of the local copy");
      return { type: "Local", folder, ...parseWhen(words, words.next("say daily or weekly").toLowerCase()) };
    }
    default:
      return words.refuse(
        `“${first}” is no schedule; it is one of daily, weekly, continuous, automatic, manual and local`,
      );
  }
}

interface When {
  frequency: "daily" | "weekly";
  weekdays: Weekday[];
  at: string;
  spreadMinutes: number;
  catchUp: boolean;
}

function parseWhen(words: Words, frequency: string): When {
  if (frequency !== "daily" && frequency !== "weekly") return words.refuse("say daily or weekly");
  const weekdays = frequency === "weekly" ? words.parse(parseDays, DAYS_RULE) : [];
  const at = words.parse(parseTime, "say a time like 21:30");
  const when: When = { frequency, weekdays, at, spreadMinutes: USUAL.spreadMinutes, catchUp: true };
  while (!words.isEmpty) {
    if (words.take("no-catch-up")) when.catchUp = false;
    else if (words.take("spread")) when.spreadMinutes = words.number("spread is in minutes");
    else words.refuse(`“${words.next("")}” is not understood; it may be: spread <minutes>, no-catch-up`);
  }
  return when;
}

function parseAutomatic(words: Words): Schedule {
  const { cpuBelowPercent, idleMinutes, hoursSinceLast } = USUAL;
  const automatic = { type: "Automatic" as const, cpuBelowPercent, idleMinutes, hoursSinceLast };
  const set = { cpu: 0, idle: 0, hours: 0 };
  while (!words.isEmpty) {
    const name = words.next("");
    if (!(name in set))
      words.refuse(`“${name}” is not understood; it may be: cpu <percent>, idle <minutes>, hours <number>`);
    const value = words.number(`${name} is a number`);
    if (name === "cpu") Object.assign(automatic, { cpuBelowPercent: value });
    else if (name === "idle") Object.assign(automatic, { idleMinutes: value });
    else Object.assign(automatic, { hoursSinceLast: value });
  }
  return automatic;
}

/** Words, one of which may have spaces in it. */
export const showSchedules = (schedules: readonly Schedule[]): string[] =>
  schedules.flatMap((schedule, index) => [...(index === 0 ? [] : ["and"]), ...showSchedule(schedule)]);

function showSchedule(schedule: Schedule): string[] {
  switch (schedule.type) {
    case "Manual":
      return ["manual"];
    case "Automatic": {
      const { cpuBelowPercent, idleMinutes, hoursSinceLast } = schedule;
      return ["automatic", "cpu", `${cpuBelowPercent}`, "idle", `${idleMinutes}`, "hours", `${hoursSinceLast}`];
    }
    case "Continuous":
      return ["continuous", showSpan(schedule.quietSeconds)];
    case "Scheduled":
      return showWhen(schedule);
    case "Local":
      return ["local", schedule.folder, ...showWhen(schedule)];
  }
}

const showSpan = (seconds: number): string => (seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`);

const showWhen = ({ frequency, weekdays, at, spreadMinutes, catchUp }: When): string[] => [
  frequency,
  ...(frequency === "weekly" ? [showDays(weekdays)] : []),
  at,
  ...(spreadMinutes === USUAL.spreadMinutes ? [] : ["spread", `${spreadMinutes}`]),
  ...(catchUp ? [] : ["no-catch-up"]),
];
