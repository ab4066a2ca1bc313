/**
 * A self-made server certificate: node-forge writes the X.509, the RSA-3072 pair and every digest are native. Agents trust it by the
 * fingerprint of its public key, which stays the same when the certificate is made anew from the kept key.
 */
import { createPublicKey, generateKeyPair, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { promisify } from "node:util";
import forge from "node-forge";
import { sha256 } from "../../base/digest.ts";
import { certificateSerial, type Random } from "../../base/random.ts";

const YEARS = 10;
const SAN_DNS = 2;
const SAN_IP = 7;

export interface Certificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

/** For these host names and addresses; may be slow: the key is searched for. */
export async function makeCertificate(hosts: readonly string[], now: number, random: Random): Promise<Certificate> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 3072 });
  const key = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  const signer = forge.pki.privateKeyFromPem(key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(signer.n, signer.e);
  certificate.serialNumber = certificateSerial(random);
  certificate.validity.notBefore = new Date(now - 24 * 3600 * 1000);
  certificate.validity.notAfter = new Date(now + YEARS * 365 * 24 * 3600 * 1000);
  const subject = [{ name: "commonName", value: "Holdfast service" }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  const altNames = hosts.map((host) =>
    isIP(host) === 0 ? { type: SAN_DNS, value: host } : { type: SAN_IP, ip: host },
  );
  certificate.setExtensions([
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames },
  ]);
  certificate.sign(signer, forge.md.sha256.create());
  return { key, cert: forge.pki.certificateToPem(certificate) };
}

/** SHA-256 of the certificate's public key (SPKI), as groups of four hexadecimal digits, one word to copy. */
export function fingerprintOf(cert: string): string {
  const key = createPublicKey(new X509Certificate(cert).publicKey.export({ format: "pem", type: "spki" }));
  const digest = sha256(key.export({ format: "der", type: "spki" })).toString("hex");
  return (digest.match(/.{4}/g) ?? []).join(":");
}
