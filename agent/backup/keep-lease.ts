/** Renews the session's lease with live counters while a backup runs, and drives its progress display. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { Counters, OpenResponse } from "../../protocol/messages/sessions.ts";
import type { HistoryRemote } from "../remote/history-remote.ts";

export interface KeepLeaseOptions {
  readonly remote: HistoryRemote;
  readonly session: OpenResponse;
  readonly counters: () => Counters;
  /** The session belongs to somebody else now, or ran out. */
  readonly onLost: (error: HoldfastError) => void;
  readonly onTick: () => void;
}

const TICK_MS = 100;
const REPORT_EVERY_TICKS = 50;

export function keepLease({ remote, session, counters, onLost, onTick }: KeepLeaseOptions): Disposable {
  let ticks = 0;
  let isReporting = false;
  const report = async () => {
    if (isReporting) return;
    isReporting = true;
    try {
      await remote.progress(session.session, session.fence, { ...counters() });
    } catch (error) {
      // An unreachable service is the senders' trouble; they wait for it.
      if (error instanceof HoldfastError && error.code === "session/expired") onLost(error);
    } finally {
      isReporting = false;
    }
  };
  const timer = setInterval(() => {
    onTick();
    if (++ticks % REPORT_EVERY_TICKS === 0) void report();
  }, TICK_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
