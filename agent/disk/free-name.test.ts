import { expect, test } from "vitest";
import { freeName } from "./free-name.ts";

test("the mark goes before a file's ending, and names stay within 255 bytes", () => {
  const cases: readonly [string, string][] = [
    ["report.txt", "report (restored 2).txt"],
    ["folder", "folder (restored 2)"],
    [".bashrc", ".bashrc (restored 2)"],
    ["a.b.c", "a.b (restored 2).c"],
    ["no.such long ending", "no.such long ending (restored 2)"],
    ["x".repeat(255), `${"x".repeat(242)} (restored 2)`],
    [`${"ü".repeat(125)}.txt`, `${"ü".repeat(119)} (restored 2).txt`],
  ];
  for (const [name, wanted] of cases) {
    const free = freeName(Buffer.from(name), 2);
    expect(free.toString()).toBe(wanted);
    expect(free.length).toBeLessThanOrEqual(255);
  }
});
