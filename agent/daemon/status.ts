/** How the agent is, for people: from what it knows itself, at once. */
import type { BackupSet } from "../../protocol/messages/policies.ts";
import { VERSION } from "../../protocol/version.ts";
import type { StatusView } from "../control/messages.ts";
import type { Daemon } from "./daemon.ts";
import { troublesOf } from "./troubles.ts";

/** The log and the record have the rest; a status stays short. */
const PROBLEMS_SHOWN = 10;

export function statusOf(daemon: Daemon): StatusView {
  const { parts, memory, contact, runner, config, next, because, pausedUntil, local, watching } = daemon;
  const nowMs = parts.clock.now();
  const { running } = runner;
  const last = memory.findLast("cloud");
  const lastUpdateAt = memory.findLast("cloud", ["success", "incomplete"])?.endedAt;
  const sets = config?.backupSets.value ?? [];
  const { reachedAt, unreached, quota } = contact;
  const uploadBytesPerSecond = daemon.uploadBytesPerSecond;
  return {
    version: VERSION,
    pid: process.pid,
    startedAt: daemon.startedAt,
    now: nowMs,
    state: stateOf(daemon),
    ...(because === undefined ? {} : { because: because.text }),
    ...(pausedUntil === undefined ? {} : { pausedUntil }),
    ...(running === undefined ? {} : { running }),
    ...(last === undefined ? {} : { last: { ...last, problems: last.problems?.slice(0, PROBLEMS_SHOWN) } }),
    ...(lastUpdateAt === undefined ? {} : { lastUpdateAt }),
    ...(next === undefined ? {} : { next }),
    sets: sets.map(setView),
    watching,
    service: {
      url: parts.service.url,
      ...(reachedAt === undefined ? {} : { reachedAt }),
      ...(unreached === undefined ? {} : { unreached: unreached.error.message }),
    },
    ...(quota === undefined ? {} : { quota }),
    ...(local === undefined ? {} : { local }),
    ...(uploadBytesPerSecond === undefined ? {} : { uploadBytesPerSecond }),
    troubles: troublesOf({
      nowMs,
      isAnythingChosen: sets.some(({ exclusionary }) => !exclusionary),
      warningDays: config?.warningDays.value ?? Number.POSITIVE_INFINITY,
      beganAt: daemon.beganAt,
      lastUpdateAt,
      last,
      unreached,
      quota,
      isWatchComplete: watching.isComplete,
      missing: daemon.missing,
      configError: daemon.configError ?? contact.policyError,
      local,
      orders: contact.orders,
    }),
    rssBytes: process.memoryUsage.rss(),
    cpuSeconds: cpuSeconds(),
  };
}

/** A policy may name thousands. */
const ROOTS_SHOWN = 20;

function setView({ name, roots, exclusionary }: Pick<BackupSet, "name" | "roots" | "exclusionary">) {
  const more = roots.length - ROOTS_SHOWN;
  return { name, roots: roots.slice(0, ROOTS_SHOWN), exclusionary, ...(more > 0 ? { more } : {}) };
}

function stateOf({ runner, because, pausedUntil }: Daemon): StatusView["state"] {
  if (pausedUntil !== undefined) return "paused";
  if (runner.running) return because === undefined ? "backing-up" : "waiting";
  return because === undefined ? "idle" : "waiting";
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 10_000) / 100;
}
