import { expect, test } from "vitest";
import { heldText, numbersText, ruleOf, valuesOf, wouldHold } from "./retention-rule.ts";

const NONE = { last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, quarterly: 0, yearly: 0 };
const effective = {
  policy: "1-year",
  numbers: { ...NONE, monthly: 13 },
  policyFrom: "default",
  graceDays: 60,
  graceFrom: "default",
  timeZone: "UTC",
} as const;

test("a rule is the same rule when it went through the form", () => {
  for (const own of [
    { policy: null, graceDays: null },
    { policy: "7-days", graceDays: 0 },
    { policy: { ...NONE, daily: 5 }, graceDays: 30 },
  ] as const)
    expect(ruleOf(valuesOf({ own, effective }))).toEqual(own);
});

test("what a rule doesn't say is inherited", () => {
  expect(wouldHold({ policy: "7-days", graceDays: null }, effective)).toEqual({
    numbers: { ...NONE, daily: 8 },
    graceDays: 60,
  });
  expect(wouldHold({ policy: null, graceDays: 5 }, effective)).toEqual({ numbers: effective.numbers, graceDays: 5 });
});

test("numbers are said in words", () => {
  expect(numbersText({ ...NONE, last: 3, daily: 1 })).toBe("the 3 newest, the newest of 1 day");
  expect(heldText({ numbers: NONE, graceDays: 0 })).toBe("Keeps only the newest. No grace for deleted files.");
});
