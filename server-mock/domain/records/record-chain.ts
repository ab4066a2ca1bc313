/**
 * Records that can be checked: when a backup or restore has ended, and for every audit row, a link is added to a chain in the same transaction.
 * Its hash is keyed, so that an edited, added or removed row shows (`holdfast-server verify-records`) even to somebody whose database was
 * changed by hand. A machine's records are one chain, the audit of an organization another: writers of different ones don't wait for each other.
 */
import { equalSecrets, hmacSha256, sha256 } from "../../../base/digest.ts";
import { bug } from "../../../protocol/errors.ts";
import type { ChainedKind, ChainLinkRow } from "../../records/chain-rows.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AuditRow, BackupRow, RestoreRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";

const NOTHING = Buffer.alloc(32);

export async function chainBackup(domain: Domain, stores: RecordStores, id: string): Promise<void> {
  const row = await stores.backups.find(id);
  if (row === undefined) return bug("a backup record that is not there was chained");
  await add(domain, stores, { chain: machineChain(row.machine), kind: "backup", subject: id, row });
}

export async function chainRestore(domain: Domain, stores: RecordStores, id: string): Promise<void> {
  const row = await stores.restores.find(id);
  if (row === undefined) return bug("a restore record that is not there was chained");
  await add(domain, stores, { chain: machineChain(row.machine), kind: "restore", subject: id, row });
}

export const chainAudit = (domain: Domain, stores: RecordStores, row: AuditRow): Promise<void> =>
  add(domain, stores, { chain: auditChain(row.organization), kind: "audit", subject: String(row.id), row });

export const machineChain = (machine: string): string => `machine/${machine}`;

export const auditChain = (organization: string | null): string => `audit/${organization ?? "service"}`;

interface Chained {
  readonly chain: string;
  readonly kind: ChainedKind;
  readonly subject: string;
  readonly row: BackupRow | RestoreRow | AuditRow;
}

async function add(domain: Domain, stores: RecordStores, { chain, kind, subject, row }: Chained): Promise<void> {
  const before = await stores.chains.find(chain);
  const link = {
    chain,
    number: (before?.count ?? 0) + 1,
    kind,
    subject,
    at: domain.clock.now(),
    digest: digestOf(kind, row),
  };
  await stores.chains.append({ ...link, hash: hashOf(domain.keys.chainKey, before?.head ?? NOTHING, link) });
}

/**
 * SHA-256 over the row's columns as they were when chains began: one that is added later must not change what was said before, so it counts
 * only where it has a value.
 */
export function digestOf(kind: ChainedKind, row: BackupRow | RestoreRow | AuditRow): Buffer {
  const values: Readonly<Record<string, unknown>> = { ...row };
  const added = ADDED[kind].filter((column) => (values[column] ?? null) !== null);
  const said = [...COLUMNS[kind], ...added].map((column) => [column, values[column]]);
  return sha256(Buffer.from(JSON.stringify(said)));
}

/** In the order in which they came. */
const ADDED: Readonly<Record<ChainedKind, readonly string[]>> = { backup: ["flags"], restore: [], audit: [] };

const COLUMNS: Readonly<Record<ChainedKind, readonly string[]>> = {
  backup: [
    ...[
      "id",
      "machine",
      "type",
      "startedAt",
      "endedAt",
      "state",
      "result",
      "message",
      "files",
      "bytes",
      "filesEncoded",
    ],
    ...["bytesEncoded", "filesTransferred", "bytesTransferred", "problemCount", "problems", "snapshot"],
  ],
  restore: [
    ...["id", "machine", "requestedBy", "source", "purpose", "requestedAt", "finishedAt", "expiresAt"],
    ...["filesRequested", "filesRetrieved", "bytes", "status", "code"],
  ],
  audit: ["id", "organization", "at", "actor", "action", "subject", "detail", "address", "account"],
};

type Unhashed = Omit<ChainLinkRow, "hash">;

function hashOf(key: Buffer, before: Uint8Array, { chain, number, kind, subject, at, digest }: Unhashed): Buffer {
  const said = JSON.stringify(["holdfast/v1/record-chain", chain, number, kind, subject, at]);
  return hmacSha256(key, before, Buffer.from(said), digest);
}

/** Whether `link` follows what hashed to `before`. */
export const follows = (key: Buffer, before: Uint8Array, link: ChainLinkRow): boolean =>
  equalSecrets(hashOf(key, before, link), link.hash);

export const FIRST_BEFORE: Uint8Array = NOTHING;
