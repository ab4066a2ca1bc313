import { expect, test } from "vitest";
import { bytesOfGb, gbOfBytes, shownSize } from "./whole-gb.ts";

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
  expect(bytesOfGb(typed)).toBe(bytes);
});

test("nothing used is 0, and a limit goes back into its field", () => {
  expect([shownSize(0), shownSize(5_000_000_000)]).toEqual(["0", "5 GB"]);
  expect([gbOfBytes(null), gbOfBytes(7_000_000_000)]).toEqual(["", "7"]);
});
