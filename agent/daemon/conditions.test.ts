import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_READINGS, type Readings } from "../sensors/readings.ts";
import { type Conditions, conditions as schema } from "../settings/work.ts";
import { LOAD_STAYS_MS, type LoadState, mayRun } from "./conditions.ts";

const NOW = Date.UTC(2026, 10, 20, 12); // A Friday.

const asked = (said: Partial<Conditions>, readings: Partial<Readings>, nowMs = NOW) =>
  mayRun(schema.parse(said), { readings: { ...NO_READINGS, ...readings }, nowMs, timeZone: "UTC", isRunning: false })
    .decision;
const wifi = (...names: string[]) => ({ network: { names, isMetered: null } });

test("whoever sets no condition is held up by nothing", () => {
  const readings: Partial<Readings> = {
    cpuPercent: 100,
    idleMinutes: 0,
    battery: { isDischarging: true, percent: 1 },
    network: { names: [], isMetered: true },
  };
  expect(asked({}, readings)).toEqual({ may: true });
  expect(asked({}, NO_READINGS)).toEqual({ may: true });
});

test("a battery counts while it is what the machine runs on", () => {
  const on = (percent: number | null) => ({ battery: { isDischarging: true, percent } });
  expect(asked({ onBattery: "wait" }, on(80))).toEqual({ may: false, because: [{ kind: "on-battery", percent: 80 }] });
  expect(asked({ onBattery: "wait" }, { battery: { isDischarging: false, percent: 3 } }).may).toBe(true);
  expect(asked({ batteryPercentMin: 40 }, on(39))).toEqual({
    may: false,
    because: [{ kind: "battery-low", percent: 39, minPercent: 40 }],
  });
  expect(asked({ batteryPercentMin: 40 }, on(40)).may).toBe(true);
  expect(asked({ batteryPercentMin: 40 }, on(null)).may).toBe(true);
});

test("a metered network is waited out when it is known to be one", () => {
  const of = (isMetered: boolean | null) => asked({ metered: "wait" }, { network: { names: ["Phone"], isMetered } });
  expect(of(true)).toEqual({ may: false, because: [{ kind: "metered", names: ["Phone"] }] });
  expect([of(false).may, of(null).may]).toEqual([true, true]);
});

test("of named networks one must be there, or none may be", () => {
  expect(asked({ networksOnly: ["Office", "Home"] }, wifi("wlan0", "Home")).may).toBe(true);
  expect(asked({ networksOnly: ["Office"] }, wifi("Home"))).toMatchObject({
    because: [{ kind: "network-not-listed" }],
  });
  expect(asked({ networksOnly: ["Office"] }, { network: null }).may).toBe(false);
  expect(asked({ networksNever: ["Train"] }, wifi("wlan0", "Train"))).toEqual({
    may: false,
    because: [{ kind: "network-never", name: "Train" }],
  });
  expect(asked({ networksNever: ["Train"] }, { network: null }).may).toBe(true);
});

test("outside its hours a backup waits until they begin", () => {
  const windows: Conditions["windows"] = [{ weekdays: ["friday", "saturday"], from: "22:00", to: "06:00" }];
  const until = Date.UTC(2026, 10, 20, 22);
  expect(asked({ windows }, {})).toEqual({ may: false, because: [{ kind: "outside-hours", until }], until });
  expect(asked({ windows }, {}, until)).toEqual({ may: true, until: Date.UTC(2026, 10, 21, 6) });
});

test("all that holds it up is said", () => {
  const windows: Conditions["windows"] = [{ weekdays: ["monday"], from: "08:00", to: "09:00" }];
  const found = asked(
    { windows, onBattery: "wait", metered: "wait", loadBelowPercent: 10 },
    { cpuPercent: 50, battery: { isDischarging: true, percent: 5 }, network: { names: [], isMetered: true } },
  );
  expect(found.may ? [] : found.because.map(({ kind }) => kind)).toEqual([
    "on-battery",
    "metered",
    "load",
    "outside-hours",
  ]);
});

/** What is answered to readings in turn, so many seconds apart. */
function lived(limit: number, percents: readonly (number | null)[], seconds: number, isRunning = true): boolean[] {
  const said = schema.parse({ loadBelowPercent: limit });
  let load: LoadState | undefined;
  return percents.map((cpuPercent, step) => {
    const readings = { ...NO_READINGS, cpuPercent };
    const answer = mayRun(said, { readings, nowMs: NOW + step * seconds * 1000, timeZone: "UTC", isRunning, load });
    load = answer.load;
    return answer.decision.may;
  });
}

test("a running backup stops above the load's limit and goes on well below it", () => {
  expect(lived(50, [10, 60, 49, 41, 39, 45, 49, 50], 60)).toEqual([true, false, false, false, true, true, true, false]);
});

test("one that has not begun begins below the limit", () => {
  expect(lived(50, [60, 49, 51, 49], 10, false)).toEqual([false, true, false, true]);
});

test("before the first reading nothing runs that a load would hold up", () => {
  expect(lived(50, [null, 10], 1)).toEqual([false, true]);
});

test("however the load flickers, a backup neither stops nor goes on twice within a minute", () => {
  const percents = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 10, maxLength: 60 });
  fc.assert(
    fc.property(percents, fc.integer({ min: 1, max: 30 }), (all, seconds) => {
      const answers = lived(50, all, seconds);
      const turns = answers.flatMap((may, step) =>
        step > 0 && may !== answers[step - 1] ? [step * seconds * 1000] : [],
      );
      for (const [index, at] of turns.entries())
        if (index > 0) expect(at - (turns[index - 1] ?? 0)).toBeGreaterThanOrEqual(LOAD_STAYS_MS);
    }),
  );
});

test("a clock that is set back does not keep the load's last word", () => {
  const said = schema.parse({ loadBelowPercent: 50 });
  const at = { timeZone: "UTC", isRunning: true, nowMs: NOW };
  const held = mayRun(said, { ...at, readings: { ...NO_READINGS, cpuPercent: 90 } }).load;
  const later = { ...at, nowMs: NOW - 86_400_000, load: held, readings: { ...NO_READINGS, cpuPercent: 5 } };
  expect(mayRun(said, later).decision.may).toBe(true);
});
