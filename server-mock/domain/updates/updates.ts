/** Versions of the agent that the operator has put here: bytes by their digest, manifests by their serial. Agents check them; the service only hands them on. */
import { Readable } from "node:stream";
import { sha256 } from "../../../base/digest.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import { parseManifest, type UpdateManifest } from "../../../protocol/messages/updates.ts";
import { updateFileName, updateManifestName } from "../../blobs/blobs.ts";
import type { Domain } from "../domain.ts";
import { type AuditActor, audit } from "../records/audit.ts";

export interface GivenFile {
  readonly name: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly open: () => Readable;
}

/** Files before the manifest that names them. Repeating is harmless. Throws `update/unusable`. */
export async function putUpdate(
  domain: Domain,
  actor: AuditActor,
  bytes: Buffer,
  given: readonly GivenFile[],
): Promise<UpdateManifest> {
  const manifest = parseManifest(bytes)?.manifest;
  if (!manifest) throw new HoldfastError("update/unusable", { reason: "it is no signed manifest" });
  const newest = await newestManifest(domain);
  const isSame = newest?.bytes.equals(bytes) === true;
  if (newest && !isSame && manifest.serial <= newest.serial)
    throw new HoldfastError("update/unusable", {
      reason: `serial ${manifest.serial} does not follow ${newest.serial}, which agents have seen`,
    });
  for (const { platform, name, sha256: digest, sizeBytes } of manifest.files) {
    const file = given.find((each) => each.sha256 === digest && each.sizeBytes === sizeBytes);
    const isThere = (await domain.blobs.find(updateFileName(digest)))?.sizeBytes === sizeBytes;
    if (!file && !isThere)
      throw new HoldfastError("update/unusable", { reason: `${name} for ${platform} was not given, or differs` });
    if (file)
      await domain.blobs.put({
        name: updateFileName(digest),
        source: file.open(),
        sizeBytes,
        digest: Buffer.from(digest, "hex"),
      });
  }
  await domain.blobs.put({
    name: updateManifestName(manifest.serial),
    source: Readable.from([bytes]),
    sizeBytes: bytes.length,
    digest: sha256(bytes),
  });
  const subject = manifest.version;
  const detail = `serial ${manifest.serial}`;
  await domain.records.transaction((stores) =>
    audit(domain, stores, { ...actor, organization: null, action: "updates/put", subject, detail }),
  );
  return manifest;
}

/** Throws `update/missing`. */
export async function updateManifest(domain: Domain): Promise<{ bytes: Buffer; sizeBytes: number }> {
  const newest = await newestManifest(domain);
  if (!newest) throw new HoldfastError("update/missing");
  return { bytes: newest.bytes, sizeBytes: newest.bytes.length };
}

/** Throws `update/missing`. */
export async function updateFile(domain: Domain, digest: string) {
  const name = updateFileName(digest);
  const found = await domain.blobs.find(name);
  if (!found) throw new HoldfastError("update/missing");
  const { sizeBytes } = found;
  return {
    sizeBytes,
    bytes: (write: (piece: Uint8Array) => Promise<void>) =>
      domain.blobs.pour(name, { start: 0, end: sizeBytes }, write),
  };
}

export async function newestManifest({ blobs }: Domain): Promise<{ serial: number; bytes: Buffer } | undefined> {
  let newest = "";
  for await (const name of blobs.list("updates/manifests")) if (name > newest) newest = name;
  if (newest === "") return undefined;
  return { serial: Number(newest.slice(newest.lastIndexOf("/") + 1)), bytes: await blobs.get(newest) };
}
