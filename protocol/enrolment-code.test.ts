import { expect, test } from "vitest";
import { enrolmentCode, parseEnrolmentCode } from "./enrolment-code.ts";

const productKey = "ABCDE-FGHJK-MNPQR-STVWX";
const [fingerprint, recoveryFingerprint] = ["ab".repeat(32), "0c".repeat(32)];

test.each([
  { productKey },
  { productKey, fingerprint },
  { productKey, fingerprint, recoveryFingerprint },
  { productKey, recoveryFingerprint },
])("an enrolment code says what it was made of: %j", (code) => {
  expect(parseEnrolmentCode(enrolmentCode(code))).toEqual(code);
});

test("fingerprints are read as people copy them, in groups and capitals", () => {
  const grouped = fingerprint.toUpperCase().replace(/(.{4})(?=.)/g, "$1:");
  expect(parseEnrolmentCode(` ${productKey} # ${grouped} `)).toEqual({ productKey, fingerprint });
});

test.each(["", "#", `${productKey}#abc`, `${productKey}#${fingerprint}#${fingerprint}#x`, `#${fingerprint}`])(
  "what is no enrolment code is refused: %s",
  (text) => expect(parseEnrolmentCode(text)).toBeUndefined(),
);
