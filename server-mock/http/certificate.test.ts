import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { makeCertificate } from "./certificate.ts";

test.each([0x00, 0x01, 0x7f, 0x80, 0xff])("a certificate whose randomness is all %i can be read", async (byte) => {
  const { cert, key } = await makeCertificate(["localhost", "127.0.0.1"], Date.now(), (length) =>
    Buffer.alloc(length, byte),
  );
  const read = new X509Certificate(cert);
  expect(read.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  expect(read.checkHost("localhost")).toBe("localhost");
  expect(key).toContain("PRIVATE KEY");
});
