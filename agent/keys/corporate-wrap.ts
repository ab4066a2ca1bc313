/** The vault secret for an organization's recovery certificate (format §2.1): RSA-OAEP with SHA-256, bound to its vault by the label. */
import {
  constants,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  X509Certificate,
} from "node:crypto";
import { sha256 } from "../../base/digest.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Wrap } from "../../protocol/messages/machines.ts";
import { scopeBytes, type WrapScope } from "./wraps.ts";

export type CorporateWrap = Extract<Wrap, { kind: "corporate" }>;

/** The half that machines seal to. */
export interface RecoveryCertificate {
  readonly fingerprint: string;
  readonly publicKey: KeyObject;
}

/** The half that the organization keeps. */
export interface RecoveryKey {
  readonly fingerprint: string;
  readonly privateKey: KeyObject;
}

const LABEL = "holdfast/v1/wrap/corporate";

export function wrapCorporate(secret: Uint8Array, scope: WrapScope, certificate: RecoveryCertificate): CorporateWrap {
  const ciphertext = publicEncrypt({ key: certificate.publicKey, ...oaep(scope) }, secret);
  return { kind: "corporate", certificate: certificate.fingerprint, ciphertext: ciphertext.toString("base64") };
}

/** Throws `key/recovery-key-other`, `key/not-this-vault`. */
export function openCorporate(wrap: CorporateWrap, scope: WrapScope, key: RecoveryKey): Buffer {
  if (wrap.certificate !== key.fingerprint)
    throw new HoldfastError("key/recovery-key-other", { fingerprint: wrap.certificate });
  try {
    return privateDecrypt({ key: key.privateKey, ...oaep(scope) }, Buffer.from(wrap.ciphertext, "base64"));
  } catch (cause) {
    throw new HoldfastError("key/not-this-vault", {}, { cause });
  }
}

/** What the service gave, if it is the one that this machine was told of. Throws `recovery-certificate/swapped`, `…/invalid`. */
export function trustedCertificate(pem: string, fingerprint: string): RecoveryCertificate {
  const publicKey = publicKeyOf(pem);
  const shown = fingerprintOf(publicKey);
  if (shown !== fingerprint) throw new HoldfastError("recovery-certificate/swapped", { fingerprint: shown });
  if (publicKey.asymmetricKeyType !== "rsa" || (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < 3072)
    throw new HoldfastError("recovery-certificate/invalid", { reason: "its key is not RSA with 3072 bits or more" });
  return { fingerprint, publicKey };
}

/** SHA-256 of the public key (SPKI), hexadecimal: a certificate that is made anew for the same key has the same. */
export const fingerprintOf = (key: KeyObject): string =>
  sha256((key.type === "public" ? key : createPublicKey(key)).export({ format: "der", type: "spki" })).toString("hex");

function publicKeyOf(pem: string): KeyObject {
  try {
    return new X509Certificate(pem).publicKey;
  } catch {
    throw new HoldfastError("recovery-certificate/invalid", { reason: "it is no X.509 certificate in PEM" });
  }
}

const oaep = (scope: WrapScope) => ({
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: "sha256",
  oaepLabel: scopeBytes(LABEL, scope),
});
