import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nextSteps, quoted } from "./next-steps.ts";

test("a quoted name is one word for a shell, and the same word", () => {
  const name = fc.string({ unit: fc.constantFrom("a", " ", "'", '"', "$", "`", "\\", "*", "!", ";", "ä", "~", "#") });
  fc.assert(
    fc.property(
      fc.array(
        name.filter((each) => each !== ""),
        { minLength: 1, maxLength: 20 },
      ),
      (names) => {
        const said = execFileSync("sh", ["-c", `printf '%s\\0' ${names.map(quoted).join(" ")}`]).toString();
        expect(said.split("\0").slice(0, -1)).toEqual(names);
      },
    ),
    { numRuns: 30 },
  );
});

test("a name with control characters can't run anything when its command is pasted", () => {
  expect(quoted("x\nrm -rf ~\r")).toBe("'x\\nrm -rf ~\\r'");
});

test("the examples add a file of their own, never change one that is there, and end with the watching agent", () => {
  const options = { program: "holdfast", dataFolder: "/data", folder: "/f", snapshot: 3 };
  for (const file of [undefined, "/f/a"]) {
    expect(nextSteps({ ...options, file }).at(-1)).toBe("  holdfast run --data /data");
    const steps = nextSteps({ ...options, file }).filter((line) => line.includes(">"));
    expect(steps).toEqual(["  date > /f/holdfast-trial.txt"]);
  }
});
