/** What a backup is told, and what it tells. */
import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import type { BackupType, Counters } from "../../protocol/messages/sessions.ts";
import type { WriteKeys } from "../keys/vault-keys.ts";
import type { AgentRemote } from "../remote/remote.ts";
import type { Problems } from "./problems.ts";
import type { BackupProgress } from "./run-progress.ts";

export interface BackupOptions {
  readonly remote: AgentRemote;
  readonly keys: WriteKeys;
  /** 16 bytes. */
  readonly machine: Buffer;
  /** Ed25519 public key of the service's receipts. */
  readonly receiptKey: Buffer;
  readonly host: string;
  /** For the local state and the run's lock. */
  readonly dataFolder: string;
  /** Catalog paths. */
  readonly roots: readonly Buffer[];
  /** Patterns as in .gitignore. */
  readonly excludes: readonly string[];
  readonly leftOut: readonly Buffer[];
  readonly oneFileSystem: boolean;
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
  readonly signal?: AbortSignal;
}

export interface BackupReport {
  readonly snapshot: number;
  readonly result: "success" | "incomplete";
  /** Why something is missing, from the error table. */
  readonly code: string | undefined;
  readonly counters: Counters;
  readonly problems: Problems;
  readonly receivedAt: number;
  readonly durationMs: number;
}
