/**
 * An organization's recovery key: RSA-3072 by node:crypto, its certificate and PKCS#12 file by node-forge. It is made where its keeper sits and never
 * comes to the service.
 */
import { createPrivateKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";
import { certificateSerial, type Random } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { fingerprintOf, type RecoveryKey } from "./corporate-wrap.ts";

const YEARS = 20;
const BITS = 3072;
/** Of PBKDF2 with HMAC-SHA-256. The count is the file check's, too, which is slow in JavaScript: a stronger passphrase helps more. */
const PASSES = 100_000;
const FILE_BYTES_MAX = 64 * 1024;

export interface RecoveryKeyFiles {
  /** PKCS#12, sealed with the passphrase. */
  readonly p12: Buffer;
  /** The certificate, for the service: PEM. */
  readonly certificate: string;
  readonly fingerprint: string;
}

export async function makeRecoveryKey({
  name,
  passphrase,
  now,
  random,
}: {
  readonly name: string;
  readonly passphrase: string;
  readonly now: number;
  readonly random: Random;
}): Promise<RecoveryKeyFiles> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: BITS });
  const signer = forge.pki.privateKeyFromPem(privateKey.export({ format: "pem", type: "pkcs8" }).toString());
  const certificate = makeCertificate(signer, { name, now, random });
  const options = { algorithm: "aes256", count: PASSES, prfAlgorithm: "sha256", friendlyName: name } as const;
  const p12 = forge.pkcs12.toPkcs12Asn1(signer, [certificate], passphrase, options);
  return {
    p12: Buffer.from(forge.asn1.toDer(p12).getBytes(), "binary"),
    certificate: forge.pki.certificateToPem(certificate),
    fingerprint: fingerprintOf(privateKey),
  };
}

/** `path`: for messages. Throws `recovery-key/invalid`. */
export function openRecoveryKey(bytes: Buffer, passphrase: string, path: string): RecoveryKey {
  const invalid = (reason: string) => new HoldfastError("recovery-key/invalid", { path, reason });
  if (bytes.length > FILE_BYTES_MAX) throw invalid("it is far too large");
  const pem = keyIn(bytes, passphrase, invalid);
  const privateKey = nativeKey(pem);
  if (privateKey?.asymmetricKeyType !== "rsa") throw invalid("it has no RSA key");
  return { privateKey, fingerprint: fingerprintOf(privateKey) };
}

function makeCertificate(
  signer: forge.pki.rsa.PrivateKey,
  { name, now, random }: { name: string; now: number; random: Random },
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(signer.n, signer.e);
  certificate.serialNumber = certificateSerial(random);
  certificate.validity.notBefore = new Date(now - 24 * 3600 * 1000);
  certificate.validity.notAfter = new Date(now + YEARS * 365 * 24 * 3600 * 1000);
  // In UTF-8: forge would take anything else for Latin letters.
  const subject = [
    { name: "commonName", value: name, valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class },
  ];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", keyEncipherment: true, critical: true },
  ]);
  certificate.sign(signer, forge.md.sha256.create());
  return certificate;
}

function keyIn(bytes: Buffer, passphrase: string, invalid: (reason: string) => HoldfastError): string {
  const asn1 = orUndefined(() => forge.asn1.fromDer(forge.util.createBuffer(bytes.toString("binary"))));
  if (asn1 === undefined) throw invalid("it is no PKCS#12 file");
  try {
    const opened = forge.pkcs12.pkcs12FromAsn1(asn1, passphrase);
    const { pkcs8ShroudedKeyBag: shrouded = "", keyBag: plain = "" } = forge.pki.oids;
    const bags = [shrouded, plain].flatMap((bagType) => opened.getBags({ bagType })[bagType] ?? []);
    const key = bags.find((bag) => bag.key)?.key;
    if (key) return forge.pki.privateKeyToPem(key);
  } catch (error) {
    const isPassphrase = error instanceof Error && /password|MAC/i.test(error.message);
    throw invalid(isPassphrase ? "its passphrase is another one" : "it is no PKCS#12 file");
  }
  throw invalid("it has no RSA key");
}

const nativeKey = (pem: string): KeyObject | undefined => orUndefined(() => createPrivateKey(pem));

function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
