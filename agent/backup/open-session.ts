/**
 * Opens a backup session and brings what this machine believes in line with what the service says: an interrupted run's packs are taken over, a lost or
 * strange local state is filled anew from the service's list, and a service that shows less than it once confirmed is found out.
 */
import { type Random, uuid } from "../../base/random.ts";
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
import type { BackupType, OpenResponse } from "../../protocol/messages/sessions.ts";
import { decodeReceipt } from "../../protocol/receipt.ts";
import { VERSION } from "../../protocol/version.ts";
import type { HistoryRemote } from "../remote/history-remote.ts";
import type { State } from "../state/state.ts";
import { type Patience, persist } from "./persist.ts";
import { noCounters } from "./run-progress.ts";
import { splitIds } from "./worker-pool.ts";

export interface OpenSessionOptions extends Patience {
  readonly remote: HistoryRemote;
  readonly state: State;
  readonly type: BackupType;
  readonly random: Random;
  /** Go on from what the service shows, even if it confirmed more before. */
  readonly acceptHistory: boolean;
  readonly fingerprint?: string | undefined;
}

export interface OpenedSession {
  readonly session: OpenResponse;
  /** The service's list was read: the state knows exactly what it holds, and the last catalog may refer to more than that. */
  readonly isListed: boolean;
}

/** Throws `vault/rolled-back`. */
export async function openSession(options: OpenSessionOptions): Promise<OpenedSession> {
  const { remote, state } = options;
  const session = await remote.openSession({
    type: options.type,
    idempotencyKey: uuid(options.random),
    agentVersion: VERSION,
    ...(options.fingerprint === undefined ? {} : { fingerprint: options.fingerprint }),
  });
  if (!options.acceptHistory)
    try {
      await persist(options, () => checkReceipt(options, session));
    } catch (error) {
      const { code, message } = asHoldfastError(error);
      const told = { fence: session.fence, code, message: message.slice(0, 1000), counters: noCounters() };
      await remote.end(session.session, { ...told, problems: [], problemCount: 0 }).catch(() => undefined);
      throw error;
    }
  const head = state.findHead();
  const isInLine = session.sequence === 1 ? head === undefined : head?.record.toString("hex") === session.previous;
  // Packs of a run that was cut may have run out since; pages that refer to them would stand in the way of every commit.
  // Of what the service lost since, it must not be believed that it is still there; it lists what is.
  const isTrusted = isInLine && !state.isUnfinished && session.losses === state.findLosses();
  state.beginRun();
  if (!isTrusted) state.clearChunks();
  if (!isTrusted || session.staged.packs > 0)
    await persist(options, () => learnChunks(options, session.session, isTrusted ? "staged" : "all"));
  return { session, isListed: !isTrusted };
}

/** Adds what the service lists to what is known here. */
export async function learnChunks(
  { remote, state }: Pick<OpenSessionOptions, "remote" | "state">,
  session: string,
  scope: "staged" | "all",
): Promise<void> {
  for await (const ids of remote.chunkIds(session, scope)) state.addChunks(splitIds(ids));
}

/** What was confirmed last must be what the service shows now, as its newest or, when an answer was lost or a copy went on, before that. */
async function checkReceipt({ remote, state }: OpenSessionOptions, session: OpenResponse): Promise<void> {
  const bytes = state.findLastReceipt();
  if (!bytes) return;
  const { sequence: known, record } = decodeReceipt(bytes);
  const shown = session.sequence - 1;
  const there = shown === known ? session.previous : shown > known ? await recordOf(remote, known) : undefined;
  if (there !== record.toString("hex")) throw new HoldfastError("vault/rolled-back", { shown, known });
}

async function recordOf(remote: HistoryRemote, wanted: number): Promise<string | undefined> {
  for await (const { sequence, record } of remote.snapshots("all")) {
    if (sequence === wanted) return record;
    if (sequence < wanted) return undefined;
  }
  return undefined;
}
