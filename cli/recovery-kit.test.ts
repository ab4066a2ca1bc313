import { expect, test } from "vitest";
import { systemRandom } from "../base/random.ts";
import { someOf } from "./recovery-kit.ts";

test("words are asked for at different places, in their order", () => {
  for (let round = 0; round < 200; round++) {
    const asked = someOf(24, 3, systemRandom);
    expect(new Set(asked).size).toBe(3);
    expect(asked).toEqual(asked.toSorted((a, b) => a - b));
    expect(asked.every((each) => each >= 0 && each < 24)).toBe(true);
  }
});
