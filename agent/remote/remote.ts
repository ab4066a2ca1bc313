/** The service as the agent sees it: what each kind of token may do (docs/protocol.md). */
import type { LoginResponse } from "../../protocol/messages/accounts.ts";
import type { HeartbeatAnswer, HeartbeatRequest } from "../../protocol/messages/heartbeat.ts";
import type { MachineItem } from "../../protocol/messages/lists.ts";
import type { LocalBackup, OwnWrap } from "../../protocol/messages/local-copies.ts";
import type { ReplacementOpened, ReplacementUse } from "../../protocol/messages/machine-acts.ts";
import type {
  MachineView,
  RecoverRequest,
  RegisterRequest,
  RegisterResponse,
  Wrap,
} from "../../protocol/messages/machines.ts";
import type { OwnPolicy } from "../../protocol/messages/policies.ts";
import type { BackupView, RestoreView, SnapshotView } from "../../protocol/messages/records.ts";
import type { OrderNote, OrderView } from "../../protocol/messages/restore-orders.ts";
import type {
  LocateResponse,
  OpenRestoreRequest,
  OpenRestoreResponse,
  RestoreProgress,
} from "../../protocol/messages/restores.ts";
import type { ServiceFacts } from "../../protocol/messages/service.ts";
import type {
  CommitRequest,
  CommitResponse,
  Counters,
  EndRequest,
  OpenRequest,
  OpenResponse,
  PackResponse,
} from "../../protocol/messages/sessions.ts";
import type { RecoveryCertificateFound, RecoveryCertificateView, WrapChanged } from "../../protocol/messages/wraps.ts";

/** Where ranges of packs are read, and by whose right. */
export interface RangeAddress {
  readonly url: string;
  /** Of a pack, with `{pack}` for its id. */
  readonly path: string;
  readonly fingerprint?: string | undefined;
  readonly token: string;
}

/** Without a token. */
/** Of a person. */
export interface Login {
  readonly email: string;
  readonly password: string;
  /** The code of a second factor, asked for when it is needed. */
  readonly code?: (() => Promise<string>) | undefined;
}

export interface PublicRemote {
  facts(): Promise<ServiceFacts>;
  /** With a product key in the request, or the log-in. */
  register(request: Omit<RegisterRequest, "login">, login?: Login): Promise<RegisterResponse>;
  /** Asks for the code of a second factor only when there is one. */
  login(login: Login): Promise<LoginResponse>;
  /** What a replacement code stands for; it stays good until it is used. */
  openReplacement(code: string): Promise<ReplacementOpened>;
  replace(request: ReplacementUse): Promise<RegisterResponse>;
  /** Throws `recovery-certificate/missing`. Whether it is the right one, whoever asks must see. */
  recoveryCertificate(fingerprint: string): Promise<RecoveryCertificateFound>;
}

/** With the agent token: adds to the history, never reads content. */
export interface AgentRemote {
  machine(): Promise<MachineView>;
  openSession(request: OpenRequest): Promise<OpenResponse>;
  /** Pages of concatenated 32-byte chunk ids. */
  chunkIds(session: string, scope: "staged" | "all"): AsyncIterable<Buffer>;
  /** Repeating is harmless. */
  putPack(session: string, pack: string, bytes: Buffer, signal?: AbortSignal): Promise<PackResponse>;
  progress(session: string, fence: number, counters: Counters): Promise<void>;
  commit(session: string, request: CommitRequest): Promise<CommitResponse>;
  end(session: string, request: EndRequest): Promise<void>;
  /** Newest first; `all`: also those that retention has dropped. */
  snapshots(which?: "kept" | "all"): AsyncIterable<SnapshotView>;
  backups(): AsyncIterable<BackupView>;
  restores(): AsyncIterable<RestoreView>;
  /** Restores that somebody ordered on this machine and that have not ended. */
  orders(): AsyncIterable<OrderView>;
  refuseOrder(order: string): Promise<void>;
  noteOrder(order: string, note: OrderNote): Promise<void>;
  /** The files of an order, as `readFrames` reads them. */
  orderedFiles(order: string, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  progressOrder(order: string, progress: RestoreProgress): Promise<void>;
  /** The machine's own configuration; without settings when `known` is its tag still. */
  policy(known?: string, signal?: AbortSignal): Promise<OwnPolicy>;
  /** The machine works by it now. */
  takePolicy(tag: string, signal?: AbortSignal): Promise<void>;
  heartbeat(request: HeartbeatRequest, signal?: AbortSignal): Promise<HeartbeatAnswer>;
}

/** With the agent token: what concerns the machine's local copy. */
export interface LocalCopyRemote {
  /** Repeating is harmless. */
  addLocalBackup(run: LocalBackup): Promise<void>;
  ownWrap(): Promise<OwnWrap>;
}

/** With the agent token: new versions of the agent. Nothing of it is to be believed before its signature is checked. */
export interface UpdateRemote {
  /** `undefined`: there is none. */
  updateManifest(signal?: AbortSignal): Promise<Uint8Array | undefined>;
  updateFile(digest: string, signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/** With a console token: what the person who logged in may do. */
export interface ConsoleRemote {
  logout(): Promise<void>;
  /** By name; `search` finds names, owners and the like that hold it. */
  machines(search?: string): AsyncIterable<MachineItem>;
  openRestore(machine: string, request: OpenRestoreRequest): Promise<OpenRestoreResponse>;
  recover(request: RecoverRequest): Promise<RegisterResponse>;
  /** Repeating is harmless. `replaces`: the version of the wrap that was opened for it. */
  changeWrap(machine: string, request: { wrap: Wrap; replaces: number }): Promise<WrapChanged>;
  addRecoveryCertificate(certificate: string): Promise<RecoveryCertificateView>;
}

/** With a restore token: reads one vault. */
export interface RestoreRemote {
  /** Newest first; `all`: also those that retention has dropped. */
  snapshots(which?: "kept" | "all"): AsyncIterable<SnapshotView>;
  /** The snapshot record's bytes. */
  snapshotRecord(sequence: number): Promise<Buffer>;
  /** At most `LOCATE_IDS_MAX` ids. */
  locate(ids: readonly string[]): Promise<LocateResponse>;
  packRange(pack: string, offset: number, length: number, signal?: AbortSignal): Promise<Buffer>;
  progress(progress: RestoreProgress): Promise<void>;
  /** For threads that read packs by themselves (`RangeReader`); without it, all is read through here. */
  readonly ranges?: RangeAddress | undefined;
}
