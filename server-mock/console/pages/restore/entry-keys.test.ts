import { expect, test } from "vitest";
import { moveOf, rowTyped, typedNow } from "./entry-keys.ts";

test.each([
  ["ArrowDown", { kind: "to", row: 6 }],
  ["ArrowUp", { kind: "to", row: 4 }],
  ["PageDown", { kind: "to", row: 9 }],
  ["PageUp", { kind: "to", row: 0 }],
  ["Home", { kind: "to", row: 0 }],
  ["End", { kind: "end" }],
  ["Enter", { kind: "open" }],
  ["Backspace", { kind: "up" }],
  [" ", { kind: "select" }],
  ["Tab", undefined],
])("%s, in row 5 of 10, seven of them seen", (key, move) => {
  expect(moveOf(key, { row: 5, rows: 10, seen: 7 })).toEqual(move);
});

test("letters find names that begin with them; one letter again goes to the next", () => {
  const names = ["alpha", "beta", "Bravo", "gamma"].map((name) => ({ name }));
  expect(rowTyped(names, 0, "b")).toBe(1);
  expect(rowTyped(names, 1, "b")).toBe(2);
  expect(rowTyped(names, 2, "b")).toBe(1);
  expect(rowTyped(names, 1, "br")).toBe(2);
  expect(rowTyped(names, 0, "x")).toBeUndefined();
});

test("a pause begins a new word", () => {
  const first = typedNow({ text: "", atMs: -5000 }, "b", 0);
  const second = typedNow(first, "r", 400);
  expect(second.text).toBe("br");
  expect(typedNow(second, "g", 2000).text).toBe("g");
});
