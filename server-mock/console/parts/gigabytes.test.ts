import { expect, test } from "vitest";
import { ApiError } from "../api/api-error.ts";
import {
  fromGigabytes,
  GB,
  gigabyteRange,
  inGigabytes,
  shownSize,
  sizeRangeText,
  toGigabytes,
  wholeGigabytes,
} from "./gigabytes.ts";

test("a field's whole GB are the same bytes again; an empty one is no limit", () => {
  expect([toGigabytes(5 * GB), toGigabytes(null), fromGigabytes(5), fromGigabytes("5"), fromGigabytes("")]).toEqual([
    5,
    "",
    5 * GB,
    5 * GB,
    null,
  ]);
});

test.each([
  ["5", 5_000_000_000],
  [" 12 GB ", 12_000_000_000],
  ["0", undefined],
  ["-3", undefined],
  ["1.5", undefined],
  ["1e3", undefined],
  ["", undefined],
  ["five", undefined],
])("a limit of %j is %j bytes", (typed, bytes) => {
  expect(wholeGigabytes(typed)).toBe(bytes);
});

test("nothing used is 0", () => {
  expect([shownSize(0), shownSize(5 * GB)]).toEqual(["0", "5 GB"]);
});

test("of a range in bytes only whole GB inside are offered", () => {
  expect(gigabyteRange({ minimum: 2.1 * GB, maximum: 9.9 * GB })).toEqual({ minimum: 3, maximum: 9 });
  expect(sizeRangeText({ minimum: 0, maximum: null })).toBe("MIN 0 GB, no MAX");
});

test("a limit that is refused is refused in GB", () => {
  const data = { minimum: GB, maximum: 20 * GB, above: "organization", field: "pools.0.limitBytes" };
  const refused = new ApiError(422, { code: "limit/out-of-range", message: "in bytes", hint: "Choose.", data });
  expect(inGigabytes(refused)).toMatchObject({
    message: "The limit must be between: MIN 1 GB, MAX 20 GB.",
    field: "pools.0.limitBytes",
  });
  const other = new ApiError(409, { code: "group/exists", message: "It exists.", hint: "", data: {} });
  expect(inGigabytes(other)).toBe(other);
});
