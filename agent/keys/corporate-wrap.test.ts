import { createPrivateKey, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { openCorporate, trustedCertificate, wrapCorporate } from "./corporate-wrap.ts";
import { makeRecoveryKey, openRecoveryKey } from "./recovery-key-file.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const made = await makeRecoveryKey({
  name: "Bücher & Söhne",
  passphrase: "korrektes Pferd",
  now,
  random: systemRandom,
});
const other = await makeRecoveryKey({ name: "Other", passphrase: "other horse", now, random: systemRandom });
const key = openRecoveryKey(made.p12, "korrektes Pferd", "acme.p12");
const secret = systemRandom(32);
const scope = { vault: Buffer.alloc(16, 3), epoch: 2 };
const wrap = wrapCorporate(secret, scope, trustedCertificate(made.certificate, made.fingerprint));

test("what is sealed to an organization's certificate opens with its key, for that vault and epoch only", () => {
  expect(openCorporate(wrap, scope, key)).toEqual(secret);
  for (const elsewhere of [
    { ...scope, vault: Buffer.alloc(16, 4) },
    { ...scope, epoch: 3 },
  ])
    expect(() => openCorporate(wrap, elsewhere, key)).toThrow(expect.objectContaining({ code: "key/not-this-vault" }));
  const bytes = Buffer.from(wrap.ciphertext, "base64");
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  const altered = { ...wrap, ciphertext: bytes.toString("base64") };
  expect(() => openCorporate(altered, scope, key)).toThrow(expect.objectContaining({ code: "key/not-this-vault" }));
  const wrong = openRecoveryKey(other.p12, "other horse", "other.p12");
  expect(() => openCorporate(wrap, scope, wrong)).toThrow(
    expect.objectContaining({ code: "key/recovery-key-other", data: { fingerprint: made.fingerprint } }),
  );
});

test("a certificate in the place of the one that was told is seen before anything is sealed to it", () => {
  expect(() => trustedCertificate(other.certificate, made.fingerprint)).toThrow(
    expect.objectContaining({ code: "recovery-certificate/swapped", data: { fingerprint: other.fingerprint } }),
  );
  expect(() => trustedCertificate("nothing", made.fingerprint)).toThrow(
    expect.objectContaining({ code: "recovery-certificate/invalid" }),
  );
});

test("the certificate is what others take it for: RSA-3072, signed with SHA-256 by its own key, twenty years", () => {
  const certificate = new X509Certificate(made.certificate);
  expect(certificate.subject).toBe("CN=Bücher & Söhne");
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(key.privateKey.export({ format: "pem", type: "pkcs8" })))).toBe(
    true,
  );
  expect(Date.parse(certificate.validTo) - now).toBe(20 * 365 * 24 * 3600_000);
});

test("a recovery key's file opens with its passphrase only, and what is no such file is told", () => {
  const reason = (bytes: Buffer, passphrase = "korrektes Pferd") => {
    try {
      return openRecoveryKey(bytes, passphrase, "acme.p12").fingerprint;
    } catch (error) {
      return (error as { data: { reason: string } }).data.reason;
    }
  };
  expect(reason(made.p12)).toBe(made.fingerprint);
  expect(reason(made.p12, "wrong")).toContain("passphrase");
  expect(reason(made.p12.subarray(0, 500))).toContain("no PKCS#12");
  expect(reason(Buffer.from("hello"))).toContain("no PKCS#12");
  expect(reason(Buffer.from(made.certificate))).toContain("no PKCS#12");
  expect(reason(Buffer.alloc(70_000))).toContain("too large");
});
