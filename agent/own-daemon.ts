/** The agent at work on this machine: the daemon with real parts. */
import { statSync } from "node:fs";
import { type Clock, systemClock } from "../base/clock.ts";
import { HoldfastError } from "../protocol/errors.ts";
import { effectiveConfig } from "./config/effective.ts";
import { policyPath, readPolicy } from "./config/policy-file.ts";
import { PolicyKeeper } from "./config/policy-keeper.ts";
import { AgentLog, type LogLine } from "./daemon/agent-log.ts";
import { Daemon } from "./daemon/daemon.ts";
import type { DaemonParts, RunOutcome, RunRequest } from "./daemon/parts.ts";
import type { Variables } from "./daemon/run-hook.ts";
import { backup } from "./own-backup.ts";
import { ownMachine } from "./own-machine.ts";
import { runOrders } from "./own-orders.ts";
import { watchConfig } from "./own-watch.ts";
import { Sensors } from "./sensors/sensors.ts";
import { loadSettings, settingsPath } from "./settings.ts";

export interface OwnDaemonOptions {
  readonly dataFolder: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly signal: AbortSignal;
  readonly isWatching: boolean;
  /** What hooks and programs inherit. */
  readonly environment: Variables;
  readonly onLine?: ((line: LogLine) => void) | undefined;
  readonly clock?: Clock;
  /** Another machine than this one: for days that are lived in seconds. */
  readonly machine?: Pick<DaemonParts, "readSensors" | "watch">;
}

/** How long an unreachable service is tried again within a run; the next run is planned then. */
const PATIENCE_MS = 5 * 60_000;

/** Until the signal is aborted. Throws `settings/not-registered`, `agent/running`. */
export async function runAgent(options: OwnDaemonOptions): Promise<void> {
  const { dataFolder, clock = systemClock, onLine } = options;
  using log = new AgentLog({ dataFolder, clock, ...(onLine ? { onLine } : {}) });
  const daemon = await makeDaemon(options, log);
  await daemon.run(options.signal);
}

/** Ready to run. */
export async function makeDaemon(options: OwnDaemonOptions, log: AgentLog): Promise<Daemon> {
  return new Daemon({ ...(await partsOf(options, options.clock ?? systemClock, log)), ...options.machine });
}

async function partsOf(options: OwnDaemonOptions, clock: Clock, log: AgentLog): Promise<DaemonParts> {
  const { dataFolder, timeZone, environment, isWatching } = options;
  const { settings, remote } = await ownMachine(dataFolder, { clock });
  const policy = await PolicyKeeper.open({ dataFolder, source: remote, clock });
  const sensors = new Sensors({ now: () => clock.now() });
  return {
    dataFolder,
    clock,
    timeZone,
    seed: Number.parseInt(settings.machine.slice(-8), 16) / 0x1_0000_0000,
    log,
    loadConfig: async () => effectiveConfig(await loadSettings(dataFolder), (await readPolicy(dataFolder))?.settings),
    configMark: () => [settingsPath(dataFolder), policyPath(dataFolder)].map(markOf).join(" "),
    service: {
      url: settings.service.url,
      heartbeat: (request, signal) => remote.heartbeat(request, signal),
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
    ...(isWatching ? { watch: (config, listener) => watchConfig({ config, dataFolder, clock, listener }) } : {}),
    backUp: (request) => backUp(request, { dataFolder, clock, environment, log }),
    localFacts: async () => undefined,
  };
}

async function backUp(
  { type, changed, gate, uploadLimit, signal, onProgress }: RunRequest,
  {
    dataFolder,
    clock,
    environment,
    log,
  }: Pick<OwnDaemonOptions, "dataFolder" | "environment"> & { clock: Clock; log: AgentLog },
): Promise<RunOutcome> {
  return await backup({
    dataFolder,
    type,
    changed,
    gate,
    uploadLimit,
    signal,
    onProgress,
    clock,
    environment,
    patienceMs: PATIENCE_MS,
    onHook: (ran) => log.write(ran.failure === undefined ? "info" : "warning", "hook.end", { ...ran }),
  });
}

const wordsOf = (rest: object): Readonly<Record<string, unknown>> =>
  "error" in rest && rest.error instanceof HoldfastError ? { code: rest.error.code, message: rest.error.message } : {};

/** Changes with the file. */
function markOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.ino}:${found.mtimeNs}:${found.size}` : "none";
}
