/**
 * Everything that whoever sets a machine up needs to be given besides the address: the product key, how to know the service, and to whose recovery
 * certificate backups are sealed. `KEY`, `KEY#<service fingerprint>` or `KEY#<service fingerprint>#<recovery fingerprint>`; a fingerprint may be empty.
 * It travels by another way than the service's: what the service says of itself is compared with it.
 */
export interface EnrolmentCode {
  readonly productKey: string;
  /** Of the service's certificate, 64 hexadecimal digits. */
  readonly fingerprint?: string;
  /** Of the organization's recovery certificate. */
  readonly recoveryFingerprint?: string;
}

/** undefined: it has more parts, or a fingerprint is none. */
export function parseEnrolmentCode(text: string): EnrolmentCode | undefined {
  const [productKey = "", ...rest] = text.split("#").map((part) => part.trim());
  const [fingerprint, recoveryFingerprint, ...more] = rest.map((part) => part.replace(/[\s:-]/g, "").toLowerCase());
  const given = [fingerprint, recoveryFingerprint].filter((part) => part !== undefined && part !== "");
  if (productKey === "" || more.length > 0 || !given.every((part) => /^[0-9a-f]{64}$/.test(part ?? "")))
    return undefined;
  return {
    productKey,
    ...(fingerprint ? { fingerprint } : {}),
    ...(recoveryFingerprint ? { recoveryFingerprint } : {}),
  };
}

export const enrolmentCode = ({ productKey, fingerprint = "", recoveryFingerprint = "" }: EnrolmentCode): string =>
  [productKey, fingerprint, recoveryFingerprint].join("#").replace(/#+$/, "");
