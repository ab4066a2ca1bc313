import fc from "fast-check";
import { expect, test } from "vitest";
import { POLICY_SETTINGS, type Schedule } from "../../protocol/messages/policies.ts";
import { parseBandwidth, showBandwidth } from "./bandwidth.ts";
import { parseDays, parseHours, showDays, type Weekday } from "./days.ts";
import { parseSchedules, showSchedules } from "./schedules.ts";
import { showWords } from "./words.ts";

const ALL: Weekday[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const days = fc.subarray(ALL, { minLength: 1 });
const two = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, "0"));
const time = fc.tuple(two(23), two(59)).map(([hours, minutes]) => `${hours}:${minutes}`);

test.each([
  ["mon-fri", ALL.slice(0, 5)],
  ["sun,Mon", ["monday", "sunday"]],
  ["fri-mon", ["monday", "friday", "saturday", "sunday"]],
  ["weekend", ["saturday", "sunday"]],
  ["wednesday", ["wednesday"]],
  ["daily", ALL],
  ["m", undefined],
  ["mon-", undefined],
  ["mon-tue-wed", undefined],
  ["", undefined],
  ["someday", undefined],
])("the days %j are %j", (text, expected) => {
  expect(parseDays(text)).toEqual(expected);
});

test.each([
  ["8:00-18:30", { from: "08:00", to: "18:30" }],
  ["22:00-06:00", { from: "22:00", to: "06:00" }],
  ["8-18", undefined],
  ["24:00-01:00", undefined],
  ["08:00", undefined],
])("the hours %j are %j", (text, expected) => {
  expect(parseHours(text)).toEqual(expected);
});

test("days that are shown can be typed again", () => {
  fc.assert(
    fc.property(days, (some) => {
      expect(parseDays(showDays(some))).toEqual(some);
    }),
  );
});

const at = { spreadMinutes: 15, catchUp: true };
test.each<[string, Schedule[]]>([
  ["daily 21:30", [{ type: "Scheduled", frequency: "daily", weekdays: [], at: "21:30", ...at }]],
  [
    "weekly mon,thu 9:05 spread 0 no-catch-up",
    [
      {
        type: "Scheduled",
        frequency: "weekly",
        weekdays: ["monday", "thursday"],
        at: "09:05",
        spreadMinutes: 0,
        catchUp: false,
      },
    ],
  ],
  ["continuous", [{ type: "Continuous", quietSeconds: 60 }]],
  ["continuous 5m", [{ type: "Continuous", quietSeconds: 300 }]],
  ["automatic", [{ type: "Automatic", cpuBelowPercent: 20, idleMinutes: 10, hoursSinceLast: 4 }]],
  ["automatic hours 12", [{ type: "Automatic", cpuBelowPercent: 20, idleMinutes: 10, hoursSinceLast: 12 }]],
  ["Manual", [{ type: "Manual" }]],
  [
    "manual and local /mnt/disk daily 12:00",
    [{ type: "Manual" }, { type: "Local", folder: "/mnt/disk", frequency: "daily", weekdays: [], at: "12:00", ...at }],
  ],
])("the schedule %j is understood", (text, expected) => {
  expect(parseSchedules(text.split(" "))).toEqual(expected);
  expect(POLICY_SETTINGS.schedules.parse(expected)).toEqual(expected);
});

test.each([
  ["", "daily 21:30"],
  ["dayly 21:30", "is no schedule"],
  ["daily", "a time like 21:30"],
  ["daily 25:00", "25:00"],
  ["weekly 21:30", "mon,thu"],
  ["daily 21:30 gently", "gently"],
  ["manual now", "now"],
  ["continuous soon", "60s"],
  ["automatic ram 5", "ram"],
  ["automatic cpu", "a number"],
  ["daily 21:30 and", "daily 21:30"],
  ["local /mnt/disk", "daily or weekly"],
])("the schedule %j is refused with what was expected", (text, reason) => {
  const words = text.split(" ").filter((word) => word !== "");
  expect(() => parseSchedules(words)).toThrow(
    expect.objectContaining({ code: "setting/invalid", message: expect.stringContaining(reason) }),
  );
});

const when = fc
  .record({ at: time, spreadMinutes: fc.integer({ min: 0, max: 120 }), catchUp: fc.boolean() })
  .chain((rest) =>
    fc.oneof(
      fc.constant({ ...rest, frequency: "daily" as const, weekdays: [] as Weekday[] }),
      days.map((weekdays) => ({ ...rest, frequency: "weekly" as const, weekdays })),
    ),
  );
const folder = fc.string({ minLength: 1, maxLength: 9 }).filter((text) => text.trim() === text && text !== "and");
const schedule: fc.Arbitrary<Schedule> = fc.oneof(
  fc.constant<Schedule>({ type: "Manual" }),
  fc.integer({ min: 1, max: 86_400 }).map((quietSeconds): Schedule => ({ type: "Continuous", quietSeconds })),
  when.map((each): Schedule => ({ type: "Scheduled", ...each })),
  fc.tuple(folder, when).map(([name, each]): Schedule => ({ type: "Local", folder: name, ...each })),
  fc
    .record({
      cpuBelowPercent: fc.integer({ min: 1, max: 100 }),
      idleMinutes: fc.integer({ min: 0, max: 1440 }),
      hoursSinceLast: fc.integer({ min: 1, max: 720 }),
    })
    .map((each): Schedule => ({ type: "Automatic", ...each })),
);

test("schedules that are shown can be typed again", () => {
  const schedules = fc.array(schedule, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(schedules, (some) => {
      expect(parseSchedules(showSchedules(some))).toEqual(some);
    }),
  );
});

const speed = fc.option(fc.integer({ min: 1024, max: 2 ** 33 }), { nil: null });
const speeds = { uploadBytesPerSecond: speed, downloadBytesPerSecond: speed };

test("bandwidth that is shown can be typed again, to the byte", () => {
  const hours = fc.array(fc.record({ weekdays: days, from: time, to: time, ...speeds }), { maxLength: 4 });
  fc.assert(
    fc.property(fc.record({ hours, ...speeds }), (some) => {
      expect(parseBandwidth(showBandwidth(some))).toEqual(some);
    }),
  );
});

test.each(["", "2", "2M,", "2M,1M,1M", "2M mon-fri", "2M mon-fri 08:00-18:00", "off 08:00-18:00 1M"])(
  "the bandwidth %j is refused",
  (text) => {
    const words = text.split(" ").filter((word) => word !== "");
    expect(() => parseBandwidth(words)).toThrow(expect.objectContaining({ code: "setting/invalid" }));
  },
);

test("words with spaces are shown as a shell takes them", () => {
  expect(showWords(["local", "/mnt/my disk", "it's"])).toBe("local '/mnt/my disk' 'it'\\''s'");
});
