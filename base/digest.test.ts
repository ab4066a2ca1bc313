import { expect, test } from "vitest";
import { crc32, equalSecrets, hkdfSha256, hmacSha256, sha256, sha256Stream } from "./digest.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");

test("digests are those of their standards", () => {
  // FIPS 180-2, RFC 4231 case 1, RFC 5869 case 3, and the check value of CRC-32.
  expect(sha256(Buffer.from("abc"))).toEqual(hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  expect(hmacSha256(Buffer.alloc(20, 0x0b), Buffer.from("Hi "), Buffer.from("There"))).toEqual(
    hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
  );
  expect(hkdfSha256(Buffer.alloc(22, 0x0b), Buffer.alloc(0), "", 42)).toEqual(
    hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
  );
  expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
});

test("a digest in parts is the digest of the whole", () => {
  expect(sha256Stream().update("a").update("bc").digest()).toEqual(sha256(Buffer.from("abc")));
});

test("secrets of unequal length are unequal, and that is no error", () => {
  expect(equalSecrets(Buffer.from("a"), Buffer.from("a"))).toBe(true);
  expect(equalSecrets(Buffer.from("a"), Buffer.from("b"))).toBe(false);
  expect(equalSecrets(Buffer.from("a"), Buffer.from("aa"))).toBe(false);
});
