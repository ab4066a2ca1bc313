/**
 * An organization's recovery certificates: the public half of a key that never comes here. Machines of corporate keys seal their vault secret to one
 * whose fingerprint they were told elsewhere, so that this service can't put another in its place.
 */
import { X509Certificate } from "node:crypto";
import { sha256 } from "../../../base/digest.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RecoveryCertificateFound, RecoveryCertificateView } from "../../../protocol/messages/wraps.ts";
import type { RecoveryCertificateRow } from "../../records/certificates.ts";
import { actorOf, ownOrganization } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { audit } from "../records/audit.ts";
import { instant, instantOrNull } from "../views.ts";

const BITS = [3072, 4096];
const NAME_MAX = 200;

export async function listRecoveryCertificates(
  { records }: Domain,
  caller: ConsoleCaller,
): Promise<{ items: RecoveryCertificateView[] }> {
  const rows = await records.recoveryCertificates.list(ownOrganization(caller, "have recovery certificates"));
  return { items: rows.map(view) };
}

/** The same one again is in use again. Throws `recovery-certificate/invalid`. */
export async function addRecoveryCertificate(
  domain: Domain,
  caller: ConsoleCaller,
  text: string,
  address: string,
): Promise<RecoveryCertificateView> {
  const organization = wholeOrganization(caller);
  const { records, clock } = domain;
  const row = {
    organization,
    ...readCertificate(text, clock.now()),
    createdAt: clock.now(),
    createdBy: caller.account.login,
    retiredAt: null,
  };
  await records.transaction(async (stores) => {
    await stores.recoveryCertificates.put(row);
    const act = { organization, action: "recovery-certificates/add", subject: row.name, detail: row.fingerprint };
    await audit(domain, stores, { ...actorOf(caller, address), ...act });
  });
  return view(row);
}

/** Throws `recovery-certificate/missing`. */
export async function retireRecoveryCertificate(
  domain: Domain,
  caller: ConsoleCaller,
  fingerprint: string,
  address: string,
): Promise<RecoveryCertificateView> {
  const organization = wholeOrganization(caller);
  return await domain.records.transaction(async (stores) => {
    const row = await stores.recoveryCertificates.find(organization, fingerprint);
    if (row === undefined) throw new HoldfastError("recovery-certificate/missing", { fingerprint });
    if (row.retiredAt !== null) return view(row);
    const retired = { ...row, retiredAt: domain.clock.now() };
    await stores.recoveryCertificates.put(retired);
    const act = { organization, action: "recovery-certificates/retire", subject: row.name, detail: fingerprint };
    await audit(domain, stores, { ...actorOf(caller, address), ...act });
    return view(retired);
  });
}

/** For anybody who knows its fingerprint. Throws `recovery-certificate/missing`. */
export async function findRecoveryCertificate(
  { records }: Domain,
  fingerprint: string,
): Promise<RecoveryCertificateFound> {
  const row = await records.recoveryCertificates.findAny(fingerprint);
  if (row === undefined) throw new HoldfastError("recovery-certificate/missing", { fingerprint });
  return { fingerprint, certificate: row.certificate };
}

function wholeOrganization(caller: ConsoleCaller): string {
  const action = "change the organization";
  if (caller.scope.groups !== undefined) throw new HoldfastError("role/not-allowed", { action });
  return ownOrganization(caller, action);
}

/** Parsed by node:crypto alone. */
function readCertificate(
  text: string,
  now: number,
): Pick<RecoveryCertificateRow, "certificate" | "fingerprint" | "name" | "notAfter"> {
  const invalid = (reason: string) => new HoldfastError("recovery-certificate/invalid", { reason });
  // Whoever mixes the files up must not leave the key here.
  if (/PRIVATE KEY/.test(text)) throw invalid("it contains a private key, which belongs nowhere but with you");
  const certificate = parsed(text);
  if (certificate === undefined) throw invalid("it is no X.509 certificate in PEM");
  const { publicKey } = certificate;
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (publicKey.asymmetricKeyType !== "rsa" || !BITS.includes(bits))
    throw invalid(`its key is not RSA with ${BITS.join(" or ")} bits`);
  const notAfter = Date.parse(certificate.validTo);
  if (!(notAfter > now)) throw invalid(`it ended at ${certificate.validTo}`);
  const name = (/^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? "").replace(/\\(.)/g, "$1");
  return {
    certificate: certificate.toString(),
    fingerprint: sha256(publicKey.export({ format: "der", type: "spki" })).toString("hex"),
    name: (name.trim() || "without a name").slice(0, NAME_MAX),
    notAfter,
  };
}

function parsed(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined; // What it says of hostile bytes helps nobody.
  }
}

const view = ({ certificate: _, organization: __, ...row }: RecoveryCertificateRow): RecoveryCertificateView => ({
  ...row,
  notAfter: instant(row.notAfter),
  createdAt: instant(row.createdAt),
  retiredAt: instantOrNull(row.retiredAt),
});
