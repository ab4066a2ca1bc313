import { expect, test } from "vitest";
import { asTyped } from "./as-typed.ts";

test("whoever types what they read means the name, with whatever it has that nobody sees", () => {
  expect(asTyped("lap\u200btop  of\u00a0Zoe\u0308 ")).toBe(asTyped("laptop of Zo\u00eb"));
  expect(asTyped("laptop")).not.toBe(asTyped("Laptop"));
});
