import { expect, test } from "vitest";
import { currentFingerprint, identify } from "./fingerprint.ts";

const SYSTEM = { system: "5f1c", hardware: "" };
const WHOLE = { system: "5f1c", hardware: "ab-12" };

test("a computer is the same at every call, a copy of its disk on other hardware is not", async () => {
  const { fingerprint, identifiedBy } = await identify(WHOLE);
  expect(await currentFingerprint(identifiedBy, WHOLE)).toBe(fingerprint);
  expect(await currentFingerprint(identifiedBy, { ...WHOLE, hardware: "cd-34" })).not.toBe(fingerprint);
});

test("whoever may not read the hardware's number says nothing about a registration that has it", async () => {
  const { identifiedBy } = await identify(WHOLE);
  expect(await currentFingerprint(identifiedBy, SYSTEM)).toBeUndefined();
});

test("what was registered without the hardware's number is compared without it", async () => {
  const { fingerprint, identifiedBy } = await identify(SYSTEM);
  expect(await currentFingerprint(identifiedBy, WHOLE)).toBe(fingerprint);
  expect(await currentFingerprint(identifiedBy, { ...WHOLE, system: "9999" })).not.toBe(fingerprint);
});

test("a container, which has no number of its own, is never taken for a copy", async () => {
  const { identifiedBy } = await identify({ system: "", hardware: "ab-12" });
  expect(await currentFingerprint(identifiedBy, { system: "", hardware: "ab-12" })).toBeUndefined();
  expect(await currentFingerprint(undefined, WHOLE)).toBeUndefined();
});
