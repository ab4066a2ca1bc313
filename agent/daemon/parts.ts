/** What a running agent is made of. Whoever composes it (agent/own-daemon.ts) brings the real ones; tests bring their own clock and machine. */
import type { Clock } from "../../base/clock.ts";
import type { HeartbeatAnswer, HeartbeatRequest } from "../../protocol/messages/heartbeat.ts";
import type { BackupType, Counters, Problem } from "../../protocol/messages/sessions.ts";
import type { Gate } from "../backup/gate.ts";
import type { Config } from "../config/effective.ts";
import type { RunningView } from "../control/messages.ts";
import type { RateLimit } from "../remote/rate-limit.ts";
import type { Readings } from "../sensors/readings.ts";
import type { Wanted } from "../sensors/sensors.ts";
import type { DirtyChange, WalkReason } from "../watch/dirty-paths.ts";
import type { AgentLog } from "./agent-log.ts";
import type { Destination } from "./past-runs.ts";

/** Something that watches. */
export interface Watching extends AsyncDisposable {
  readonly folders: number;
  /** False: some folders can't be watched. */
  readonly isComplete: boolean;
  /** The first of them; `missing`: a root that is not there. */
  readonly unwatched?: readonly { readonly path: string; readonly reason: string }[];
  /** All that is there is watched. */
  readonly ready: Promise<void>;
}

export interface WatchGap {
  readonly reason: WalkReason;
  readonly path?: string | undefined;
  readonly detail?: string | undefined;
}

export interface WatchListener {
  change(change: DirtyChange): void;
  /** Events were lost, or can't be had: everything must be looked at. */
  gap(gap: WatchGap): void;
  readonly signal: AbortSignal;
}

export interface RunRequest {
  readonly type: BackupType;
  readonly to: Destination;
  /** Nothing but this is looked at, where the last backup allows it; absent: everything. */
  readonly changed: readonly { readonly path: string | Buffer; readonly isDeep: boolean }[] | undefined;
  readonly config: Config;
  readonly gate: Gate;
  readonly uploadLimit: RateLimit;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Omit<RunningView, "type" | "to" | "startedAt">) => void;
}

export interface RunOutcome {
  readonly snapshot?: number | undefined;
  readonly result: "success" | "incomplete";
  readonly code?: string | undefined;
  readonly isPartial?: boolean | undefined;
  readonly counters: Counters;
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

export interface QuotaFacts {
  readonly usedBytes: number;
  readonly limitBytes: number | null;
  readonly availableBytes: number | null;
}

/** The service, as far as the agent speaks with it between backups. */
export interface Service {
  readonly url: string;
  heartbeat(request: HeartbeatRequest, signal: AbortSignal): Promise<HeartbeatAnswer>;
  quota(): Promise<QuotaFacts>;
  /** Restores that somebody ordered here: those that may run unasked are run. How many wait for a person. */
  runOrders(config: Config, signal: AbortSignal): Promise<number>;
}

export interface LocalFacts {
  readonly folder: string;
  readonly isPresent: boolean;
  readonly lastUpdateAt?: number | undefined;
  readonly bytes?: number | undefined;
}

export interface DaemonParts {
  readonly dataFolder: string;
  readonly clock: Clock;
  /** Milliseconds that nobody sets forward or back, from any beginning. */
  steadyMs(): number;
  /** IANA name. */
  readonly timeZone: string;
  /** From 0 to 1, always the same for a machine: spreads what many machines do at once. */
  readonly seed: number;
  readonly log: AgentLog;
  /** From the settings and the policy as they are on the disk now. Throws `settings/invalid`. */
  loadConfig(): Promise<Config>;
  /** Changes when the files that `loadConfig` reads do. */
  configMark(): string;
  readonly service: Service;
  /** Takes over the policy with this tag, if it is another; whether it was. */
  followPolicy(tag: string, signal: AbortSignal): Promise<boolean>;
  readSensors(wanted: Wanted): Promise<Readings>;
  /** Absent: nothing is watched, and every backup looks at everything. */
  readonly watch?: ((config: Config, listener: WatchListener) => Watching) | undefined;
  /** Throws a HoldfastError. Hooks are its business, too. */
  backUp(request: RunRequest): Promise<RunOutcome>;
  localFacts(config: Config): Promise<LocalFacts | undefined>;
  /** Tells the person at the screen. */
  notify?: ((title: string, text: string) => void) | undefined;
}
