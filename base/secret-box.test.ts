import { expect, test } from "vitest";
import { systemRandom } from "./random.ts";
import { secretBox } from "./secret-box.ts";

const box = secretBox(Buffer.alloc(32, 1), systemRandom);
const secret = Buffer.from("hunter2");

test("what was sealed is opened with the same key for the same purpose, and never otherwise", () => {
  const sealed = box.seal(secret, "account/1");
  expect(box.open(sealed, "account/1")).toEqual(secret);
  expect(box.open(sealed, "account/2")).toBeUndefined();
  expect(secretBox(Buffer.alloc(32, 2), systemRandom).open(sealed, "account/1")).toBeUndefined();
  expect(box.seal(secret, "account/1")).not.toEqual(sealed);
});

test("a changed bit anywhere, or a cut, opens nothing", () => {
  const sealed = box.seal(secret, "x");
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(box.open(changed, "x")).toBeUndefined();
    expect(box.open(sealed.subarray(0, at), "x")).toBeUndefined();
  }
});
