/** The agent's door: all that the command line may use. */
export { type Change, type DiffOptions, diff } from "./browse/diff.ts";
export { type FindOptions, find, type Match } from "./browse/find.ts";
export { type ListOptions, listFolder } from "./browse/list-folder.ts";
export { type Version, versions } from "./browse/versions.ts";
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
export type { Entry } from "./model/entry.ts";
export { type BackupProgress, type BackupReport, backup, type OwnBackupOptions } from "./own-backup.ts";
export { explainIgnore } from "./own-ignore.ts";
export { type OwnMachine, ownMachine } from "./own-machine.ts";
export { listBackups, listRestores, listSnapshots, machineStatus } from "./own-records.ts";
export { type RestoreOptions, type RestoreReport, restore } from "./restore/restore.ts";
export type { RestoreProgress } from "./restore/tally.ts";
export { changeSettings, findSettings, loadSettings, type Settings } from "./settings.ts";
export { type OpenVaultOptions, openVault } from "./vault/open-vault.ts";
export type { Snapshot, SnapshotChoice, Vault } from "./vault/vault.ts";
export type { VerifyProblem } from "./verify/findings.ts";
export { type VerifyOptions, type VerifyProgress, type VerifyReport, verify } from "./verify/verify.ts";
