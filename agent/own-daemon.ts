/** The agent at work on this machine: the daemon with real parts. */
import { type Clock, systemClock } from "../base/clock.ts";
import { giveMemoryBack, keepMemoryLean } from "../base/lean-memory.ts";
import { HoldfastError } from "../protocol/errors.ts";
import { configMark, loadConfig } from "./config/load-config.ts";
import { PolicyKeeper } from "./config/policy-keeper.ts";
import { AgentLog, type LogLine } from "./daemon/agent-log.ts";
import { Daemon } from "./daemon/daemon.ts";
import type { HookRan } from "./daemon/hooks.ts";
import { notifyDesktop } from "./daemon/notify.ts";
import type { DaemonParts, RunOutcome, RunRequest } from "./daemon/parts.ts";
import type { Variables } from "./daemon/run-hook.ts";
import { localStatus } from "./local/local-status.ts";
import { backup } from "./own-backup.ts";
import { backupLocal, tellLocalRuns } from "./own-local.ts";
import { ownMachine } from "./own-machine.ts";
import { runOrders } from "./own-orders.ts";
import { followUpdates } from "./own-update.ts";
import { watchConfig } from "./own-watch.ts";
import { Sensors } from "./sensors/sensors.ts";
import type { Watcher } from "./watch/messages.ts";

export interface OwnDaemonOptions {
  readonly dataFolder: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly signal: AbortSignal;
  readonly isWatching: boolean;
  /** By default what is best on this system. */
  readonly watchWith?: Watcher | undefined;
  /** What hooks and programs inherit. */
  readonly environment: Variables;
  readonly onLine?: ((line: LogLine) => void) | undefined;
  readonly clock?: Clock;
  /** Another machine than this one: for days that are lived in seconds. */
  readonly machine?: Pick<DaemonParts, "readSensors" | "watch" | "steadyMs" | "notify">;
}

/** How long an unreachable service is tried again within a run; the next run is planned then. */
const PATIENCE_MS = 5 * 60_000;

/**
 * Until the signal is aborted, or until a new version of the agent is in place and nothing runs: `restart` asks whoever started it to do that again.
 * Throws `settings/not-registered`, `agent/running`.
 */
export async function runAgent(options: OwnDaemonOptions): Promise<"stopped" | "restart"> {
  const { dataFolder, clock = systemClock, onLine } = options;
  using log = new AgentLog({ dataFolder, clock, ...(onLine ? { onLine } : {}) });
  await keepMemoryLean();
  const daemon = await makeDaemon(options, log);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const { seed } = daemon.parts;
  const updating = followUpdates({ dataFolder, clock, log, seed, signal, isAtRest: () => daemon.isAtRest }).then(
    (isPlaced) => {
      if (isPlaced) stop.abort();
      return isPlaced;
    },
  );
  try {
    await daemon.run(signal);
  } finally {
    stop.abort();
  }
  return (await updating) ? "restart" : "stopped";
}

/** Ready to run. */
export async function makeDaemon(options: OwnDaemonOptions, log: AgentLog): Promise<Daemon> {
  return new Daemon({ ...(await partsOf(options, options.clock ?? systemClock, log)), ...options.machine });
}

async function partsOf(options: OwnDaemonOptions, clock: Clock, log: AgentLog): Promise<DaemonParts> {
  const { dataFolder, timeZone, environment, isWatching, watchWith: watcher } = options;
  const { settings, remote } = await ownMachine(dataFolder, { clock });
  const policy = await PolicyKeeper.open({ dataFolder, source: remote, clock });
  const sensors = new Sensors({ now: () => clock.now() });
  return {
    dataFolder,
    clock,
    steadyMs: () => performance.now(),
    timeZone,
    seed: Number.parseInt(settings.machine.slice(-8), 16) / 0x1_0000_0000,
    log,
    loadConfig: () => loadConfig(dataFolder),
    configMark: () => configMark(dataFolder),
    service: {
      url: settings.service.url,
      async heartbeat(request, signal) {
        const answer = await remote.heartbeat(request, signal);
        // What ran while it was away is told when it is back.
        await tellLocalRuns(dataFolder, { clock });
        return answer;
      },
      quota: async () => (await remote.machine()).quota,
      runOrders: async (_, signal) => {
        const outcomes = await runOrders({ dataFolder, clock, signal });
        for (const { kind, order, ...rest } of outcomes)
          if (kind !== "waits" && kind !== "taken")
            log.write("info", `order.${kind}`, { order: order.id, ...wordsOf(rest) });
        return outcomes.filter(({ kind }) => kind === "waits").length;
      },
    },
    followPolicy: (tag, signal) => policy.follow(tag, signal),
    readSensors: (wanted) => sensors.read(wanted),
    ...(isWatching
      ? { watch: (config, listener) => watchConfig({ config, settings, dataFolder, clock, listener, watcher }) }
      : {}),
    backUp: (request) => backUp(request, { dataFolder, clock, environment, timeZone }, log),
    localFacts: (config) => localStatus(dataFolder, settings.machine, config),
    notify: (title, text) => notifyDesktop(title, text, environment),
  };
}

async function backUp(
  { type, to, uploadLimit, ...request }: RunRequest,
  {
    dataFolder,
    clock,
    environment,
    timeZone,
  }: Pick<OwnDaemonOptions, "dataFolder" | "environment" | "timeZone"> & { clock: Clock },
  log: AgentLog,
): Promise<RunOutcome> {
  const { changed, gate, signal, onProgress } = request;
  const onHook = (ran: HookRan) => log.write(ran.failure === undefined ? "info" : "warning", "hook.end", { ...ran });
  const how = { dataFolder, gate, signal, onProgress, clock, environment, onHook, patienceMs: PATIENCE_MS };
  try {
    if (to === "local") return await backupLocal({ ...how, timeZone });
    return await backup({ ...how, type, changed, uploadLimit });
  } finally {
    // The agent is at rest for most of its life.
    await giveMemoryBack();
  }
}

const wordsOf = (rest: object): Readonly<Record<string, unknown>> =>
  "error" in rest && rest.error instanceof HoldfastError ? { code: rest.error.code, message: rest.error.message } : {};
