/** The agent's door: all that the command line may use. Each command imports what it needs from here lazily. */
export type { BackupProgress, BackupReport } from "./backup/backup.ts";
export { catalogPath, shownPath } from "./disk/disk-path.ts";
export { describeMachine, type MachineKind } from "./enrol/machine-facts.ts";
export {
  type RecoverOptions,
  type Registered,
  type RegisterOptions,
  recoverMachine,
  registerMachine,
} from "./enrol/register.ts";
export { findLastReceipt } from "./last-receipt.ts";
export { backUpOwn, type OwnBackupOptions } from "./own-backup.ts";
export { type OwnMachine, ownMachine } from "./own-machine.ts";
export { changeSettings, findSettings, loadSettings, type Settings } from "./settings.ts";
export { type OpenVaultOptions, openVault } from "./vault/open-vault.ts";
export type { Snapshot, SnapshotChoice, Vault } from "./vault/vault.ts";
