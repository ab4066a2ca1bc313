import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

const NAMES = ["listen", "log", "databaseUrl", "HOLDFAST_DATABASE_URL"];

test.each([
  ["lsiten", "listen"],
  ["databaseURL", "databaseUrl"],
  ["HOLDFAST_DATABSE_URL", "HOLDFAST_DATABASE_URL"],
  ["lgo", "log"],
  ["something", undefined],
  ["", undefined],
])("%s may mean %s", (typed, expected) => {
  expect(nearestName(typed, NAMES)).toBe(expected);
});
