import { expect, test } from "vitest";
import { settingLines } from "./setting-lines.ts";

const NO_RULES = {
  paths: [],
  names: [],
  types: [],
  largerThanBytes: null,
  smallerThanBytes: null,
  olderThanDays: null,
  newerThanDays: null,
};

test("backup sets say their roots and what they leave out", () => {
  const exclude = { ...NO_RULES, names: ["*.iso"], types: ["tmp"], largerThanBytes: 5e9 };
  expect(
    settingLines("backupSets", [{ name: "Home", exclusionary: false, roots: ["/home"], include: NO_RULES, exclude }]),
  ).toEqual(["Home: /home; without *.iso, .tmp, larger than 5 GB"]);
  expect(settingLines("backupSets", [])).toEqual(["No sets: the agent's own choice"]);
});

test("ages are said, and that a set leaves out of all others", () => {
  const include = { ...NO_RULES, types: ["iso"], olderThanDays: 365 };
  const exclude = { ...NO_RULES, names: ["keep"], newerThanDays: 1 };
  expect(settingLines("backupSets", [{ name: "Never", exclusionary: true, roots: ["/"], include, exclude }])).toEqual([
    "Never: /: left out of all sets; only .iso, changed more than 365 days ago; but not keep, changed within 1 day",
  ]);
});

test("schedules of every type are said", () => {
  const at = { at: "21:30", spreadMinutes: 15, catchUp: true };
  expect(
    settingLines("schedules", [
      { type: "Automatic", cpuBelowPercent: 20, idleMinutes: 10, hoursSinceLast: 4 },
      { type: "Scheduled", frequency: "weekly", weekdays: ["monday", "friday"], ...at },
      { type: "Continuous", quietSeconds: 60 },
      { type: "Local", folder: "/mnt/disk", frequency: "daily", weekdays: [], ...at, spreadMinutes: 0, catchUp: false },
      { type: "Manual" },
    ]),
  ).toEqual([
    "Automatic: CPU below 20 %, idle for 10 minutes, 4 hours since the last",
    "Scheduled: Mon, Fri at 21:30, ±15 minutes, a missed one is caught up",
    "Continuous: on change, after 60 quiet seconds",
    "Local: daily at 21:30, to /mnt/disk",
    "Manual",
  ]);
});

test("bandwidth says its hours, and what holds otherwise", () => {
  const rule = { weekdays: ["monday"] as ["monday"], from: "08:00", to: "18:00" };
  expect(
    settingLines("bandwidth", {
      hours: [{ ...rule, uploadBytesPerSecond: 250_000, downloadBytesPerSecond: null }],
      uploadBytesPerSecond: null,
      downloadBytesPerSecond: null,
    }),
  ).toEqual(["Mon 08:00–18:00: up 2 Mbit/s", "otherwise as fast as it goes"]);
});
