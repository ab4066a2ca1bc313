import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

test("--quick makes everything small, and what is said beside it wins", () => {
  const quick = parseOptions({ quick: true, runs: "2", only: "image, dump" });
  expect(quick.scale).toBeLessThan(parseOptions({}).scale);
  expect(quick.runs).toBe(2);
  expect([...quick.only]).toEqual(["image", "dump"]);
});

test.each([[{ scale: "0" }], [{ runs: "many" }], [{ only: "documents,nothing" }], [{ tools: "tar" }]])(
  "%o is refused",
  (raw) => {
    expect(() => parseOptions(raw)).toThrow(/^--/);
  },
);
