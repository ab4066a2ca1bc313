/** Runs backups of real folders against a service in memory. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backup } from "../../agent/backup/backup.ts";
import type { BackupOptions, BackupReport } from "../../agent/backup/backup-options.ts";
import { catalogPath } from "../../agent/disk/disk-path.ts";
import { deriveVaultKeys, signerProof, type VaultKeys, type WriteKeys } from "../../agent/keys/vault-keys.ts";
import { systemClock } from "../../base/clock.ts";
import { hpkePublicKey } from "../../base/hpke.ts";
import { systemRandom } from "../../base/random.ts";
import { signingKey } from "../../base/signing.ts";
import { MEMORY_RECEIPT_KEY, type MemoryService } from "./memory-service.ts";

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "holdfast-test-"));

export const TEST_SECRET = Buffer.alloc(32, 1);
export const TEST_VAULT = Buffer.alloc(16, 2);
export const TEST_MACHINE = Buffer.alloc(16, 3);

export function testKeys(): { vault: VaultKeys; write: WriteKeys } {
  const vault = deriveVaultKeys(TEST_SECRET, TEST_VAULT, 1);
  const signerSeed = Buffer.alloc(32, 4);
  const write = {
    vault: vault.vault,
    epoch: 1,
    readPublic: hpkePublicKey(vault.readPrivate),
    idKey: vault.idKey,
    splitKey: vault.splitKey,
    signerSeed,
    signerProof: signerProof(vault, signingKey(signerSeed).publicKey),
  };
  return { vault, write };
}

export async function backUp(
  service: MemoryService,
  source: string,
  dataFolder: string,
  more: Partial<BackupOptions> = {},
): Promise<BackupReport> {
  return await backup({
    remote: service.remote(),
    keys: testKeys().write,
    machine: TEST_MACHINE,
    receiptKey: MEMORY_RECEIPT_KEY,
    host: "test",
    dataFolder,
    roots: [catalogPath(source)],
    excludes: [],
    leftOut: [],
    oneFileSystem: false,
    type: "Manual",
    uploads: 4,
    level: 3,
    threads: 2,
    acceptHistory: false,
    clock: systemClock,
    random: systemRandom,
    patienceMs: 0,
    ...more,
  });
}
