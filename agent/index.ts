/**
 * The agent's door: all that the command line may use. What a call needs is loaded when it is made, so that a short command starts
 * fast.
 */

import type { approveRoot as approve, withdrawRoot as withdraw } from "./approve-roots.ts";
import type { diff as runDiff } from "./browse/diff.ts";
import type { find as runFind } from "./browse/find.ts";
import type { listDeleted as findDeleted } from "./browse/list-deleted.ts";
import type { listFolder as runListFolder } from "./browse/list-folder.ts";
import type { readHead as readBeginning } from "./browse/read-head.ts";
import type { versions as findVersions } from "./browse/versions.ts";
import type { mayChange as checkChange, mayUseKeyKind as checkKeyKind } from "./config/locks.ts";
import type { describeMachine as describe } from "./enrol/machine-facts.ts";
import type {
  recoverMachine as recover,
  registerMachine as register,
  replaceMachine as replace,
} from "./enrol/register.ts";
import type { applyWanted as applyAll, checkWanted as checkAll } from "./install/enrolment-settings.ts";
import type { makeRecoveryKey as makeKey, openRecoveryKey as openKey } from "./keys/recovery-key-file.ts";
import type { openRecoveryKit as openKit } from "./keys/recovery-kit.ts";
import type { findLastReceipt as findReceipt } from "./last-receipt.ts";
import type { listMachines as listOthers } from "./list-machines.ts";
import type { backup as runBackup } from "./own-backup.ts";
import type { addRecoveryCertificate as addCertificate } from "./own-certificates.ts";
import type {
  localStatus as findLocalStatus,
  listCopySnapshots as listCopied,
  openLocalVault as openLocal,
} from "./own-copies.ts";
import type { runAgent as runDaemon } from "./own-daemon.ts";
import type { explainIgnore as explain } from "./own-ignore.ts";
import type { changeKey as changeOwnKey, makeRecoveryKit as makeKit } from "./own-keys.ts";
import type { whereKeysAre as findKeys, storeKeys as moveKeys } from "./own-keystore.ts";
import type { backupLocal as runLocalBackup, tellLocalRuns as tellLocal } from "./own-local.ts";
import type { findOrder as findOrdered, runOrders as runOrdered } from "./own-orders.ts";
import type { policyState as findPolicyState, takePolicyNow as takePolicy } from "./own-policy.ts";
import type {
  addSet as addOwnSet,
  checkRoots as checkOwnRoots,
  listDefaults as listOwnDefaults,
  listSets as listOwnSets,
  removeSet as removeOwnSet,
  suggestSets as suggestOwnSets,
} from "./own-sets.ts";
import type { changeOwnSetting as setOne } from "./own-setting.ts";
import type {
  installUnit as install,
  planOwnUnit as planUnit,
  purgeOwnData as purge,
  uninstallUnit as uninstall,
} from "./own-unit.ts";
import type { updateNow as update } from "./own-update.ts";
import type { planRestore as plan } from "./restore/plan-restore.ts";
import type { restore as runRestore } from "./restore/restore.ts";
import type { restoreTar as runRestoreTar } from "./restore/restore-tar.ts";
import type { openVault as open } from "./vault/open-vault.ts";
import type { verify as runVerify } from "./verify/verify.ts";

export type { Change, DiffOptions } from "./browse/diff.ts";
export type { FindOptions, Match } from "./browse/find.ts";
export type { Deleted } from "./browse/list-deleted.ts";
export type { ListOptions } from "./browse/list-folder.ts";
export type { Version } from "./browse/versions.ts";
export type { ChangeableSetting } from "./config/change-setting.ts";
export type { Config, ConfigName, Held, HeldSet, Origin } from "./config/effective.ts";
export { askAgent } from "./control/control-client.ts";
export type { RunView as AgentRun, StatusView as AgentStatus } from "./control/messages.ts";
export type { MachineKind } from "./enrol/machine-facts.ts";
export type { RecoverOptions, Registered, RegisterOptions } from "./enrol/register.ts";
export type { RecoveryKit } from "./keys/recovery-kit.ts";
export type { Entry } from "./model/entry.ts";
export type { BackupProgress, BackupReport, ChangedName, OwnBackupOptions } from "./own-backup.ts";
export type { AddCertificateOptions } from "./own-certificates.ts";
export type { LeftOutBy, PathExplanation, SetWord } from "./own-ignore.ts";
export type { KeyActOptions, MadeKit, NewKey } from "./own-keys.ts";
export type { OwnLocalBackupOptions } from "./own-local.ts";
export { type OwnMachine, ownMachine } from "./own-machine.ts";
export type { OrderedRestore, OrderOutcome } from "./own-orders.ts";
export type { OwnPolicyState } from "./own-policy.ts";
export { listBackups, listOrders, listRestores, listSnapshots, machineStatus, refuseOrder } from "./own-records.ts";
export type { UnitOptions } from "./own-unit.ts";
export type { RestorePlan } from "./restore/plan-restore.ts";
export type { RestoreOptions } from "./restore/restore.ts";
export type { RestoreProgress } from "./restore/tally.ts";
export { changeSettings, findSettings, loadSettings, type Settings } from "./settings.ts";
export type { OpenVaultOptions } from "./vault/open-vault.ts";
export type { Snapshot, SnapshotChoice, Vault } from "./vault/vault.ts";
export type { VerifyProblem } from "./verify/findings.ts";
export type { VerifyOptions, VerifyProgress, VerifyReport } from "./verify/verify.ts";

export type RestoreReport = Awaited<ReturnType<typeof runRestore>>;

export const registerMachine = async (...given: Parameters<typeof register>) =>
  await (await import("./enrol/register.ts")).registerMachine(...given);

export const recoverMachine = async (...given: Parameters<typeof recover>) =>
  await (await import("./enrol/register.ts")).recoverMachine(...given);

export const replaceMachine = async (...given: Parameters<typeof replace>) =>
  await (await import("./enrol/register.ts")).replaceMachine(...given);

export const describeMachine = async (...given: Parameters<typeof describe>) =>
  await (await import("./enrol/machine-facts.ts")).describeMachine(...given);

export const backup = async (...given: Parameters<typeof runBackup>) =>
  await (await import("./own-backup.ts")).backup(...given);

/** Throws `setting/locked`. */
export const mayChange = async (...given: Parameters<typeof checkChange>) =>
  await (await import("./config/locks.ts")).mayChange(...given);

/** Throws `encryption/not-allowed`. */
export const mayUseKeyKind = async (...given: Parameters<typeof checkKeyKind>) =>
  await (await import("./config/locks.ts")).mayUseKeyKind(...given);

export const changeSetting = async (...given: Parameters<typeof setOne>) =>
  await (await import("./own-setting.ts")).changeOwnSetting(...given);

export const policyState = async (...given: Parameters<typeof findPolicyState>) =>
  await (await import("./own-policy.ts")).policyState(...given);

export const takePolicyNow = async (...given: Parameters<typeof takePolicy>) =>
  await (await import("./own-policy.ts")).takePolicyNow(...given);

export const runAgent = async (...given: Parameters<typeof runDaemon>) =>
  await (await import("./own-daemon.ts")).runAgent(...given);

export const updateNow = async (...given: Parameters<typeof update>) =>
  await (await import("./own-update.ts")).updateNow(...given);

/** Throws `setting/invalid`. */
export const checkWanted = async (...given: Parameters<typeof checkAll>) =>
  (await import("./install/enrolment-settings.ts")).checkWanted(...given);

export const applyWanted = async (...given: Parameters<typeof applyAll>) =>
  await (await import("./install/enrolment-settings.ts")).applyWanted(...given);

export const planOwnUnit = async (...given: Parameters<typeof planUnit>) =>
  await (await import("./own-unit.ts")).planOwnUnit(...given);

export const installUnit = async (...given: Parameters<typeof install>) =>
  await (await import("./own-unit.ts")).installUnit(...given);

export const uninstallUnit = async (...given: Parameters<typeof uninstall>) =>
  await (await import("./own-unit.ts")).uninstallUnit(...given);

export const purgeOwnData = async (...given: Parameters<typeof purge>) =>
  await (await import("./own-unit.ts")).purgeOwnData(...given);

/** The newest lines of the agent's log, oldest first, also when no agent runs. */
export const readAgentLog = async (dataFolder: string, lines: number): Promise<string[]> =>
  (await import("./daemon/agent-log.ts")).tailOf(dataFolder, lines);

export const findOrder = async (...given: Parameters<typeof findOrdered>) =>
  await (await import("./own-orders.ts")).findOrder(...given);

export const runOrders = async (...given: Parameters<typeof runOrdered>) =>
  await (await import("./own-orders.ts")).runOrders(...given);

export const approveRoot = async (...given: Parameters<typeof approve>) =>
  await (await import("./approve-roots.ts")).approveRoot(...given);

export const withdrawRoot = async (...given: Parameters<typeof withdraw>) =>
  await (await import("./approve-roots.ts")).withdrawRoot(...given);

export const explainIgnore = async (...given: Parameters<typeof explain>) =>
  await (await import("./own-ignore.ts")).explainIgnore(...given);

export const makeRecoveryKey = async (...given: Parameters<typeof makeKey>) =>
  await (await import("./keys/recovery-key-file.ts")).makeRecoveryKey(...given);

export const openRecoveryKey = async (...given: Parameters<typeof openKey>) =>
  (await import("./keys/recovery-key-file.ts")).openRecoveryKey(...given);

export const changeKey = async (...given: Parameters<typeof changeOwnKey>) =>
  await (await import("./own-keys.ts")).changeKey(...given);

export const makeRecoveryKit = async (...given: Parameters<typeof makeKit>) =>
  await (await import("./own-keys.ts")).makeRecoveryKit(...given);

export const addRecoveryCertificate = async (...given: Parameters<typeof addCertificate>) =>
  await (await import("./own-certificates.ts")).addRecoveryCertificate(...given);

export const storeKeys = async (...given: Parameters<typeof moveKeys>) =>
  await (await import("./own-keystore.ts")).storeKeys(...given);

export const whereKeysAre = async (...given: Parameters<typeof findKeys>) =>
  await (await import("./own-keystore.ts")).whereKeysAre(...given);

export const openRecoveryKit = async (...given: Parameters<typeof openKit>) =>
  (await import("./keys/recovery-kit.ts")).openRecoveryKit(...given);

export const listSets = async (...given: Parameters<typeof listOwnSets>) =>
  await (await import("./own-sets.ts")).listSets(...given);

export const addSet = async (...given: Parameters<typeof addOwnSet>) =>
  await (await import("./own-sets.ts")).addSet(...given);

export const removeSet = async (...given: Parameters<typeof removeOwnSet>) =>
  await (await import("./own-sets.ts")).removeSet(...given);

/** What is left out by default on this kind of system. */
export const listDefaults = async (...given: Parameters<typeof listOwnDefaults>) =>
  (await import("./own-sets.ts")).listDefaults(...given);

export const suggestSets = async (...given: Parameters<typeof suggestOwnSets>) =>
  await (await import("./own-sets.ts")).suggestSets(...given);

export const checkRoots = async (...given: Parameters<typeof checkOwnRoots>) =>
  await (await import("./own-sets.ts")).checkRoots(...given);

export const findLastReceipt = async (...given: Parameters<typeof findReceipt>) =>
  (await import("./last-receipt.ts")).findLastReceipt(...given);

/** What is done with a history that was opened for this. */
const NEXT = {
  restore: () => import("./restore/restore.ts"),
  verify: () => import("./verify/verify.ts"),
  browse: undefined,
  recover: undefined,
  "recovery-kit": undefined,
  "change-key": undefined,
} as const;

/** `localFolder`: what lies in the local copy there is taken from it. */
export const openVault = async ({
  localFolder,
  ...options
}: Parameters<typeof open>[0] & { localFolder?: string | undefined }) =>
  await (await import("./vault/open-vault.ts")).openVault({
    ...options,
    loadNext: NEXT[options.purpose],
    ...(localFolder === undefined
      ? {}
      : {
          nearby: async (service, of) =>
            (await import("./local/prefer-local.ts")).preferLocal(service, { folder: localFolder, ...of }),
        }),
  });

export const openLocalVault = async (...given: Parameters<typeof openLocal>) =>
  await (await import("./own-copies.ts")).openLocalVault(...given);

export async function* listCopySnapshots(...given: Parameters<typeof listCopied>) {
  yield* (await import("./own-copies.ts")).listCopySnapshots(...given);
}

export const localStatus = async (...given: Parameters<typeof findLocalStatus>) =>
  await (await import("./own-copies.ts")).localStatus(...given);

export const backupLocal = async (...given: Parameters<typeof runLocalBackup>) =>
  await (await import("./own-local.ts")).backupLocal(...given);

/** Whether the service could be reached. */
export const tellLocalRuns = async (...given: Parameters<typeof tellLocal>) =>
  await (await import("./own-local.ts")).tellLocalRuns(...given);

export const restore = async (...given: Parameters<typeof runRestore>) =>
  await (await import("./restore/restore.ts")).restore(...given);

export const restoreTar = async (...given: Parameters<typeof runRestoreTar>) =>
  await (await import("./restore/restore-tar.ts")).restoreTar(...given);

export const planRestore = async (...given: Parameters<typeof plan>) =>
  await (await import("./restore/plan-restore.ts")).planRestore(...given);

export const verify = async (...given: Parameters<typeof runVerify>) =>
  await (await import("./verify/verify.ts")).verify(...given);

export async function* listFolder(...given: Parameters<typeof runListFolder>) {
  yield* (await import("./browse/list-folder.ts")).listFolder(...given);
}

export const readHead = async (...given: Parameters<typeof readBeginning>) =>
  await (await import("./browse/read-head.ts")).readHead(...given);

export async function* listMachines(...given: Parameters<typeof listOthers>) {
  yield* (await import("./list-machines.ts")).listMachines(...given);
}

export const listDeleted = async (...given: Parameters<typeof findDeleted>) =>
  await (await import("./browse/list-deleted.ts")).listDeleted(...given);

export async function* find(...given: Parameters<typeof runFind>) {
  yield* (await import("./browse/find.ts")).find(...given);
}

export const versions = async (...given: Parameters<typeof findVersions>) =>
  await (await import("./browse/versions.ts")).versions(...given);

export async function* diff(...given: Parameters<typeof runDiff>) {
  yield* (await import("./browse/diff.ts")).diff(...given);
}
