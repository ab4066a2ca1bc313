/** Bandwidth as people type it: a speed for all times, then days, hours and the speed there. What is shown can be typed again. */
import { BYTE_RATE_RULE, parseByteRate } from "../../base/byte-rate.ts";
import type { Bandwidth } from "../../protocol/messages/policies.ts";
import { DAYS_RULE, HOURS_RULE, parseDays, parseHours, showDays } from "./days.ts";
import { Words } from "./words.ts";

export const BANDWIDTH_EXAMPLES: readonly (readonly [words: string, what: string])[] = [
  ["2M", "send at most 2 MiB a second, always; 2M,16Mbit: and receive at most so much"],
  ["off mon-fri 08:00-18:00 500k", "slow while people work, else as fast as it goes"],
  ["2M mon-fri 08:00-18:00 500k daily 22:00-06:00 off", "of several the first that fits counts; over midnight, too"],
];

interface Speeds {
  readonly uploadBytesPerSecond: number | null;
  readonly downloadBytesPerSecond: number | null;
}

/** Throws `setting/invalid`. */
export function parseBandwidth(given: readonly string[]): Bandwidth {
  const words = new Words("bandwidth", given);
  const always = words.parse(parseSpeeds, SPEEDS_RULE);
  const hours: Bandwidth["hours"] = [];
  while (!words.isEmpty) {
    const weekdays = words.parse(parseDays, DAYS_RULE);
    const { from, to } = words.parse(parseHours, HOURS_RULE);
    hours.push({ weekdays, from, to, ...words.parse(parseSpeeds, SPEEDS_RULE) });
  }
  return { hours, ...always };
}

const SPEEDS_RULE = `${BYTE_RATE_RULE}; a second one behind a comma is for receiving`;

function parseSpeeds(text: string): Speeds | undefined {
  const [up, down = "off", ...more] = text.split(",");
  const [upload, download] = [parseByteRate(up ?? ""), parseByteRate(down)];
  if (upload === undefined || download === undefined || more.length > 0) return undefined;
  return { uploadBytesPerSecond: limitOf(upload), downloadBytesPerSecond: limitOf(download) };
}

const limitOf = (rate: number): number | null => (Number.isFinite(rate) ? Math.round(rate) : null);

/** Words. */
export const showBandwidth = ({ hours, ...always }: Bandwidth): string[] => [
  showSpeeds(always),
  ...hours.flatMap(({ weekdays, from, to, ...speeds }) => [showDays(weekdays), `${from}-${to}`, showSpeeds(speeds)]),
];

function showSpeeds({ uploadBytesPerSecond: up, downloadBytesPerSecond: down }: Speeds): string {
  return down === null ? showSpeed(up) : `${showSpeed(up)},${showSpeed(down)}`;
}

const UNITS = [
  ["G", 2 ** 30],
  ["M", 2 ** 20],
] as const;

/** To the byte. */
export function showSpeed(bytes: number | null): string {
  if (bytes === null) return "off";
  const [unit, factor] = UNITS.find(([, each]) => bytes % each === 0) ?? ["k", 1024];
  return `${Number((bytes / factor).toFixed(6))}${unit}`;
}
