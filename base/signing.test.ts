import { expect, test } from "vitest";
import { signingKey, verifySignature } from "./signing.ts";

// RFC 8032 §7.1, test 2.
const SEED = Buffer.from("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "hex");
const PUBLIC = Buffer.from("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "hex");
const SIGNATURE = Buffer.from(
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  "hex",
);

test("signatures are those of the standard", () => {
  const key = signingKey(SEED);
  expect(key.publicKey).toEqual(PUBLIC);
  expect(key.sign(Buffer.of(0x72))).toEqual(SIGNATURE);
  expect(verifySignature(PUBLIC, Buffer.of(0x72), SIGNATURE)).toBe(true);
});

test("another message, signature or key does not hold, and nothing crashes", () => {
  const other = Buffer.from(SIGNATURE);
  other[3] = (other[3] ?? 0) ^ 1;
  expect(verifySignature(PUBLIC, Buffer.of(0x73), SIGNATURE)).toBe(false);
  expect(verifySignature(PUBLIC, Buffer.of(0x72), other)).toBe(false);
  expect(verifySignature(signingKey(Buffer.alloc(32, 1)).publicKey, Buffer.of(0x72), SIGNATURE)).toBe(false);
  for (const [key, signature] of [
    [Buffer.alloc(0), SIGNATURE],
    [Buffer.alloc(31), SIGNATURE],
    [PUBLIC, Buffer.alloc(0)],
    [PUBLIC, Buffer.alloc(63)],
  ] as const)
    expect(verifySignature(key, Buffer.of(0x72), signature)).toBe(false);
});
