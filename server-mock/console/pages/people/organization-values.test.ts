import { expect, test } from "vitest";
import { organizationSettings } from "../../../../protocol/messages/organizations.ts";
import { areRegions, DAYS, isDays, organizationChange, organizationValues } from "./organization-values.ts";

const shown = organizationValues({ name: "Acme", subdomain: null, settings: organizationSettings.parse({}) });

test("what was not touched is not sent", () => {
  expect(organizationChange(shown, shown)).toEqual({});
  expect(organizationChange(shown, { ...shown, name: " Acme Ltd ", timeZone: "Europe/Berlin" })).toEqual({
    name: "Acme Ltd",
    settings: { timeZone: "Europe/Berlin" },
  });
});

test("blank fields are none, days are numbers, regions are lines, versions go together", () => {
  const given = { ...shown, subdomain: "Acme", overdueDays: "7", installRegions: " eu \n\nus", minimumAgent: "1.2" };
  const change = organizationChange(shown, given);
  expect(change).toEqual({
    subdomain: "acme",
    settings: {
      overdueDays: 7,
      installRegions: ["eu", "us"],
      agentVersions: { minimum: "1.2", pinned: null, autoUpdate: true },
    },
  });
  expect(organizationChange(given, { ...given, subdomain: " " })).toEqual({ subdomain: null });
});

test.each([
  ["1", true],
  ["365", true],
  ["0", false],
  ["366", false],
  ["1.5", false],
  ["", false],
  ["-1", false],
])("overdue after %j days: %j", (typed, isFine) => {
  expect(isDays(typed, DAYS.overdueDays)).toBe(isFine);
});

test("regions are short and few", () => {
  expect(areRegions("")).toBe(true);
  expect(areRegions("x".repeat(61))).toBe(false);
  expect(areRegions("a\n".repeat(101))).toBe(false);
});
