import { expect, test } from "vitest";
import { addressesOf, scheduleBody, scheduleChecks, scheduleValues, shownTiming } from "./schedule-values.ts";

const SHOWN = {
  subject: "Every Monday",
  frequency: "weekly",
  timing: { time: "06:30", weekday: 1, monthday: 1, timeZone: "Europe/Berlin" },
  groups: ["g1"],
  recipients: ["it@acme.example", "chief@acme.example"],
  isActive: true,
} as const;

test("what the service shows becomes the same body again when nothing was changed", () => {
  expect(scheduleBody(scheduleValues(SHOWN))).toEqual(SHOWN);
  expect(scheduleBody(scheduleValues({ ...SHOWN, groups: null }))).toEqual({ ...SHOWN, groups: null });
});

test("addresses are taken line by line, and from pasted lists", () => {
  expect(addressesOf("a@x.example, b@x.example;\n\n c@x.example \n")).toEqual([
    "a@x.example",
    "b@x.example",
    "c@x.example",
  ]);
});

test("a wrong address is named, none at all is refused, and so is a choice of no groups", () => {
  expect(scheduleChecks.recipients("a@x.example\nnobody")).toContain("nobody");
  expect(scheduleChecks.recipients(" \n")).not.toBeNull();
  expect(scheduleChecks.recipients("a@x.example")).toBeNull();
  expect(scheduleChecks.groups([], { scope: "chosen" })).not.toBeNull();
  expect(scheduleChecks.groups([], { scope: "all" })).toBeNull();
});

test.each([
  ["daily", "Daily, 06:30 (Europe/Berlin)"],
  ["weekly", "Weekly, Monday 06:30 (Europe/Berlin)"],
  ["monthly", "Monthly, day 1, 06:30 (Europe/Berlin)"],
] as const)("a %s schedule says when it is mailed", (frequency, said) => {
  expect(shownTiming({ frequency, timing: SHOWN.timing })).toBe(said);
});
