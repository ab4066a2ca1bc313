/** What a backup is told, and what it tells. */
import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import type { RunFlag } from "../../protocol/brakes.ts";
import type { HoldfastError } from "../../protocol/errors.ts";
import type { BackupSet } from "../../protocol/messages/policies.ts";
import type { BackupType, Counters } from "../../protocol/messages/sessions.ts";
import type { ChangedPath } from "../disk/changed-paths.ts";
import type { DefaultRules } from "../disk/defaults/default-rules.ts";
import type { NetworkMount } from "../disk/platform/network-mounts.ts";
import type { WriteKeys } from "../keys/vault-keys.ts";
import type { HistoryRemote } from "../remote/history-remote.ts";
import type { Gate } from "./gate.ts";
import type { Problems } from "./problems.ts";
import type { BackupProgress } from "./run-progress.ts";

export interface BackupOptions {
  readonly remote: HistoryRemote;
  readonly keys: WriteKeys;
  /** 16 bytes. */
  readonly machine: Buffer;
  /** Ed25519 public key of the service's receipts. */
  readonly receiptKey: Buffer;
  readonly host: string;
  /** Of this computer, as at registration; absent: it can't tell. */
  readonly fingerprint?: string | undefined;
  /** For the local state and the run's lock. */
  readonly dataFolder: string;
  /** Catalog paths; everything below them. */
  readonly roots: readonly Buffer[];
  /** What else is backed up, and what is not after all. */
  readonly sets?: readonly BackupSet[];
  /** What is left out unless a root names it itself; absent: nothing. */
  readonly defaults?: DefaultRules | undefined;
  /** Network drives that are not entered, as the licence has it. */
  readonly refusedMounts?: readonly NetworkMount[];
  /** Patterns as in .gitignore. */
  readonly excludes: readonly string[];
  readonly leftOut: readonly Buffer[];
  readonly oneFileSystem: boolean;
  /**
   * All that has changed since the last backup, as far as it must be in this one: nothing else is looked at, if the last catalog allows
   * it (`BackupReport.isPartial` tells). Without it everything is.
   */
  readonly changed?: readonly ChangedPath[];
  readonly type: BackupType;
  readonly uploads: number;
  readonly level: number;
  readonly threads?: number;
  readonly acceptHistory: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** How long an unreachable service is tried again. */
  readonly patienceMs?: number;
  readonly onProgress?: (progress: BackupProgress) => void;
  /** While it is closed the run waits where it is; packs under way are sent to their end. */
  readonly gate?: Gate;
  readonly signal?: AbortSignal;
  /**
   * Called once, when the service has taken the run, before anything is looked at. What it throws ends the run; what it gives is told with the
   * record's problems and leaves the snapshot complete.
   */
  readonly prepare?: (signal: AbortSignal) => Promise<readonly HoldfastError[]>;
}

/** Something that was named as changed, and is no part of the backup. */
export interface SkippedPath {
  readonly path: Buffer;
  readonly reason: "outside" | "ignored";
}

export interface BackupReport {
  /** Only known changes were looked at. */
  readonly isPartial: boolean;
  /** The first thousand. */
  readonly skipped: readonly SkippedPath[];
  readonly snapshot: number;
  readonly result: "success" | "incomplete";
  /** Why something is missing, from the error table. */
  readonly code: string | undefined;
  /** What looks like damage. */
  readonly flags: readonly { readonly flag: RunFlag; readonly says: string }[];
  readonly counters: Counters;
  readonly problems: Problems;
  readonly receivedAt: number;
  readonly durationMs: number;
}
