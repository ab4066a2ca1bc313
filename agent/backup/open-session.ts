/**
 * Opens a backup session and brings what this machine believes in line with what the service says: an interrupted run's packs are taken over, a lost or
 * strange local state is filled anew from the service's list, and a service that shows less than it once confirmed is found out.
 */
import type { Random } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { BackupType, OpenResponse } from "../../protocol/messages/sessions.ts";
import { decodeReceipt } from "../../protocol/receipt.ts";
import { VERSION } from "../../protocol/version.ts";
import type { AgentRemote } from "../remote/remote.ts";
import type { State } from "../state/state.ts";
import { type Patience, persist } from "./persist.ts";
import { splitIds } from "./worker-pool.ts";

export interface OpenSessionOptions extends Patience {
  readonly remote: AgentRemote;
  readonly state: State;
  readonly type: BackupType;
  readonly random: Random;
  /** Go on from what the service shows, even if it confirmed more before. */
  readonly acceptHistory: boolean;
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
  });
  if (!options.acceptHistory) checkReceipt(state, session);
  const head = state.findHead();
  const isInLine = session.sequence === 1 ? head === undefined : head?.record.toString("hex") === session.previous;
  if (!isInLine) state.clearChunks();
  if (!isInLine || session.staged.packs > 0)
    await persist(options, () => learnChunks(options, session.session, isInLine ? "staged" : "all"));
  return { session, isListed: !isInLine };
}

/** Adds what the service lists to what is known here. */
export async function learnChunks(
  { remote, state }: Pick<OpenSessionOptions, "remote" | "state">,
  session: string,
  scope: "staged" | "all",
): Promise<void> {
  for await (const ids of remote.chunkIds(session, scope)) state.addChunks(splitIds(ids));
}

function checkReceipt(state: State, session: OpenResponse): void {
  const bytes = state.findLastReceipt();
  if (!bytes) return;
  const receipt = decodeReceipt(bytes);
  const shown = session.sequence - 1;
  const isSame =
    shown > receipt.sequence || (shown === receipt.sequence && receipt.record.toString("hex") === session.previous);
  if (!isSame) throw new HoldfastError("vault/rolled-back", { shown, known: receipt.sequence });
}

/** A version 4 UUID from the given randomness. */
function uuid(random: Random): string {
  const bytes = random(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
