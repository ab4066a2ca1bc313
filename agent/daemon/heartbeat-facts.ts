/** What the service is told: states, times and codes; no names of files, no words. */
import type { HeartbeatRequest } from "../../protocol/messages/heartbeat.ts";
import type { StatusView } from "../control/messages.ts";

const PROBLEMS_MAX = 10;
/** The end of time that a service can write down. */
const LATEST_MS = Date.UTC(9999, 11, 31);

export function heartbeatOf(status: StatusView, because: string | undefined): HeartbeatRequest {
  const { version, state, next, pausedUntil, watching, troubles, local } = status;
  return {
    agentVersion: version,
    state,
    ...(because === undefined ? {} : { because }),
    nextRunAt: state === "paused" ? null : instant(next?.at),
    pausedUntil: instant(pausedUntil),
    watchedFolders: watching.isOn ? watching.folders : null,
    problems: Array.from(new Set(troubles.map(({ code }) => code))).slice(0, PROBLEMS_MAX),
    ...(local
      ? {
          localCopy: {
            isPresent: local.isPresent,
            lastUpdateAt: instant(local.lastUpdateAt),
            bytes: local.bytes ?? null,
          },
        }
      : {}),
  };
}

/** Without an end: null. */
const instant = (at: number | undefined): string | null =>
  at === undefined || at > LATEST_MS ? null : new Date(at).toISOString();
