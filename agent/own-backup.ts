/** A backup of this machine as its settings say. */
import { resolve } from "node:path";
import { type Clock, systemClock } from "../base/clock.ts";
import { type Random, systemRandom } from "../base/random.ts";
import type { BackupType } from "../protocol/messages/sessions.ts";
import { type BackupProgress, type BackupReport, backup } from "./backup/backup.ts";
import { catalogPath } from "./disk/disk-path.ts";
import { ownMachine } from "./own-machine.ts";
import { changeSettings } from "./settings.ts";

export interface OwnBackupOptions {
  readonly dataFolder: string;
  /** Remembered for the next time; those of the settings when absent. */
  readonly roots?: readonly string[] | undefined;
  readonly excludes?: readonly string[] | undefined;
  readonly oneFileSystem?: boolean | undefined;
  readonly type?: BackupType | undefined;
  readonly acceptHistory?: boolean | undefined;
  readonly patienceMs?: number | undefined;
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
  readonly random?: Random;
}

export async function backUpOwn(options: OwnBackupOptions): Promise<BackupReport> {
  const { dataFolder, signal, onProgress, patienceMs } = options;
  const { settings, secrets, remote } = await ownMachine(dataFolder);
  const roots = options.roots?.map((root) => resolve(root)) ?? settings.roots;
  const excludes = options.excludes ?? settings.excludes;
  const oneFileSystem = options.oneFileSystem ?? settings.oneFileSystem;
  if (options.roots || options.excludes || options.oneFileSystem !== undefined) {
    await changeSettings(dataFolder, { roots: [...roots], excludes: [...excludes], oneFileSystem });
  }
  return await backup({
    remote,
    keys: secrets.keys,
    machine: Buffer.from(settings.machine, "hex"),
    receiptKey: secrets.receiptKey,
    host: settings.name,
    dataFolder,
    roots: roots.map((root) => catalogPath(root)),
    excludes,
    leftOut: [catalogPath(resolve(dataFolder))],
    oneFileSystem,
    type: options.type ?? "Manual",
    uploads: settings.uploads,
    level: settings.compressionLevel,
    acceptHistory: options.acceptHistory ?? false,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    ...(patienceMs === undefined ? {} : { patienceMs }),
    ...(onProgress ? { onProgress } : {}),
    ...(signal ? { signal } : {}),
  });
}
