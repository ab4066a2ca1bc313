/** A backup of this machine as its settings say. */
import { join, resolve } from "node:path";
import { type Clock, systemClock } from "../base/clock.ts";
import { type Random, systemRandom } from "../base/random.ts";
import type { RunFlag } from "../protocol/brakes.ts";
import { HoldfastError } from "../protocol/errors.ts";
import type { BackupType, Counters, Problem } from "../protocol/messages/sessions.ts";
import { backup as runBackup } from "./backup/backup.ts";
import type { BackupOptions } from "./backup/backup-options.ts";
import { countFound } from "./backup/count-found.ts";
import type { Gate } from "./backup/gate.ts";
import { Problems } from "./backup/problems.ts";
import type { BackupProgress as EngineProgress } from "./backup/run-progress.ts";
import type { HookRan, Prepare } from "./daemon/hooks.ts";
import type { Variables } from "./daemon/run-hook.ts";
import { allRoots } from "./disk/choice/sets-here.ts";
import { catalogPath, shownPath } from "./disk/disk-path.ts";
import { configuredRules } from "./disk/ignore-rules.ts";
import type { NetworkMount } from "./disk/platform/network-mounts.ts";
import { walk } from "./disk/walk.ts";
import { currentFingerprint } from "./enrol/fingerprint.ts";
import { licenceKind } from "./licence-kind.ts";
import { isWithin } from "./model/path-order.ts";
import { type OwnMachineOptions, ownMachine } from "./own-machine.ts";
import { ownPace } from "./own-pace.ts";
import { ownSelection } from "./own-selection.ts";
import type { HistoryRemote } from "./remote/history-remote.ts";
import type { Settings } from "./settings.ts";

export interface OwnBackupOptions {
  readonly dataFolder: string;
  /** Absolute paths; those of the settings when absent. Besides them counts what the settings' and the policy's sets say. */
  readonly roots?: readonly string[] | undefined;
  readonly excludes?: readonly string[] | undefined;
  readonly oneFileSystem?: boolean | undefined;
  /** Nothing but this is looked at, where the last backup allows it. */
  readonly changed?: readonly ChangedName[] | undefined;
  readonly type: BackupType;
  readonly acceptHistory?: boolean | undefined;
  /** Looks at everything, sends and remembers nothing. */
  readonly dryRun?: boolean | undefined;
  /** How long an unreachable service is tried again. */
  readonly patienceMs?: number | undefined;
  readonly uploadLimit?: OwnMachineOptions["uploadLimit"];
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Somewhere else than the service: the local copy. */
  readonly destination?: Destination | undefined;
  /** While it is closed the backup waits where it is. */
  readonly gate?: Gate | undefined;
  /** The settings' hooks are not run. */
  readonly withoutHooks?: boolean | undefined;
  /** What hooks inherit. */
  readonly environment?: Variables | undefined;
  /** A hook has ended, well or badly. */
  readonly onHook?: ((ran: HookRan) => void) | undefined;
  /** The mounted network drives; the system's when absent. */
  readonly networkMounts?: readonly NetworkMount[];
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface Destination {
  readonly remote: HistoryRemote;
  /** Of its receipts. */
  readonly receiptKey: Buffer;
  /** Keeps what is known of its history. */
  readonly stateFolder: string;
}

/** What came, changed or went. */
export interface ChangedName {
  /** Absolute; bytes where it is not UTF-8. */
  readonly path: string | Buffer;
  /** Everything below the folder, not only what lies directly in it. */
  readonly isDeep: boolean;
}

export interface BackupProgress {
  readonly phase: EngineProgress["phase"];
  /** Scanned so far. */
  readonly files: number;
  readonly bytes: number;
  /** Settled: unchanged, or stored. */
  readonly filesDone: number;
  readonly bytesDone: number;
  readonly bytesSent: number;
  readonly currentPath: string | undefined;
  readonly totalFiles: number | undefined;
  readonly totalBytes: number | undefined;
}

export interface BackupReport {
  /** The number of the snapshot that was made. */
  readonly snapshot?: number | undefined;
  readonly result: "success" | "incomplete";
  /** Why something is missing, from the error table. */
  readonly code?: string | undefined;
  /** What looks like damage; nothing of the history expires until somebody has looked. */
  readonly flags?: readonly { readonly flag: RunFlag; readonly says: string }[];
  /** Only known changes were looked at. */
  readonly isPartial?: boolean;
  /** Of what was named as changed: no part of the backup. At most a thousand. */
  readonly skipped?: readonly { readonly path: string; readonly reason: "outside" | "ignored" }[];
  readonly counters: Counters;
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  readonly durationMs: number;
  /** By the service's clock, ISO 8601. */
  readonly receivedAt?: string | undefined;
}

export async function backup(options: OwnBackupOptions): Promise<BackupReport> {
  const { dataFolder, signal, onProgress, patienceMs } = options;
  const clock = options.clock ?? systemClock;
  using pace = options.uploadLimit === undefined ? await ownPace(dataFolder, clock) : undefined;
  const uploadLimit = options.uploadLimit ?? pace?.upload;
  const { settings, secrets, remote } = await ownMachine(dataFolder, { uploadLimit, clock });
  const kind = await licenceKind(dataFolder, settings, remote);
  const { excludes, copyFolder, ...selected } = await ownSelection(dataFolder, settings, kind, options);
  const selection = { ...selected, leftOut: ownData(dataFolder, copyFolder, settings) };
  for (const root of allRoots([], selection.sets)) refuseOwnData(root, selection.leftOut);
  if (options.dryRun) {
    const { sets, ...rest } = selection;
    const configured = configuredRules(excludes, "settings");
    return await lookOnly({ ...rest, choice: { sets, nowMs: clock.now() }, configured }, clock, signal);
  }
  const engine: BackupOptions = {
    ...selection,
    remote: options.destination?.remote ?? remote,
    keys: secrets.keys,
    machine: Buffer.from(settings.machine, "hex"),
    receiptKey: options.destination?.receiptKey ?? secrets.receiptKey,
    host: settings.name,
    fingerprint: await currentFingerprint(settings.identifiedBy),
    dataFolder: options.destination?.stateFolder ?? dataFolder,
    excludes,
    type: options.type,
    uploads: settings.uploads,
    level: settings.compressionLevel,
    acceptHistory: options.acceptHistory ?? false,
    ...(options.changed === undefined
      ? {}
      : { changed: options.changed.map(({ path, isDeep }) => ({ path: catalogPath(path), isDeep })) }),
    clock,
    random: options.random ?? systemRandom,
    ...(patienceMs === undefined ? {} : { patienceMs }),
    ...(onProgress ? { onProgress: (progress: EngineProgress) => onProgress(flat(progress)) } : {}),
    ...(signal ? { signal } : {}),
    ...(options.gate ? { gate: options.gate } : {}),
  };
  const report = await runWithHooks(options, settings, engine);
  const { problems, receivedAt, skipped, ...rest } = report;
  return {
    ...rest,
    skipped: skipped.map(({ path, reason }) => ({ path: shownPath(path), reason })),
    problems: problems.list,
    problemCount: problems.count,
    receivedAt: new Date(receivedAt).toISOString(),
  };
}

async function runWithHooks(options: OwnBackupOptions, { hooks }: Settings, engine: BackupOptions) {
  if (!hooks || options.withoutHooks) return await runBackup(engine);
  const { withHooks } = await import("./daemon/hooks.ts");
  const facts = { type: options.type, roots: allRoots(engine.roots, engine.sets ?? []).map(shownPath) };
  const how = { environment: options.environment ?? {}, clock: engine.clock, log: options.onHook };
  const run = (prepare: Prepare) => runBackup({ ...engine, prepare });
  const { report, failures } = await withHooks({ hooks, ...facts, ...how }, run);
  // The record is closed by now: what went wrong after the backup is told here alone.
  for (const failure of failures) report.problems.note(failure, String(failure.data.program));
  return report;
}

/** A copy of the local copy would grow with every run. */
function ownData(dataFolder: string, copyFolder: string | undefined, { machine }: Settings): Buffer[] {
  const folders = [dataFolder, ...(copyFolder === undefined ? [] : [join(copyFolder, machine)])];
  return folders.map((folder) => catalogPath(resolve(folder)));
}

/** Holdfast's own data is never backed up; a backup of nothing but that would look like one. */
function refuseOwnData(root: Buffer, leftOut: readonly Buffer[]): void {
  if (leftOut.some((own) => isWithin(root, own)))
    throw new HoldfastError("root/missing", {
      path: shownPath(root),
      reason: "it is Holdfast's own data, which is left out",
    });
}

async function lookOnly(
  selection: Omit<Parameters<typeof walk>[0], "onProblem">,
  clock: Clock,
  signal: AbortSignal = new AbortController().signal,
): Promise<BackupReport> {
  const startedAt = clock.now();
  const problems = new Problems();
  const { files, bytes } = await countFound(
    walk({ ...selection, onProblem: ({ error, path }) => problems.add(error, path) }),
    signal,
  );
  return {
    result: problems.count === 0 ? "success" : "incomplete",
    code: problems.list[0]?.code,
    counters: { files, bytes, filesEncoded: 0, bytesEncoded: 0, filesTransferred: 0, bytesTransferred: 0 },
    problems: problems.list,
    problemCount: problems.count,
    durationMs: clock.now() - startedAt,
  };
}

const flat = ({ phase, counters, done, expected, path }: EngineProgress): BackupProgress => ({
  phase,
  files: counters.files,
  bytes: counters.bytes,
  filesDone: done.files,
  bytesDone: done.bytes,
  bytesSent: counters.bytesTransferred,
  currentPath: path && shownPath(path),
  totalFiles: expected?.files,
  totalBytes: expected?.bytes,
});
