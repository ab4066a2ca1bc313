/** New versions of this machine's agent, with real parts. */
import type { Clock } from "../base/clock.ts";
import { asHoldfastError } from "../protocol/errors.ts";
import { VERSION } from "../protocol/version.ts";
import { loadConfig } from "./config/load-config.ts";
import type { AgentLog } from "./daemon/agent-log.ts";
import { Alarm } from "./daemon/alarm.ts";
import { type UpdateOutcome, updateIfWanted } from "./install/update.ts";
import { BUILT_IN_KEYS } from "./install/update-keys.ts";
import { keyFilePath, readKeyFile } from "./keys/key-file.ts";
import { updateRemote } from "./remote/http-remote.ts";
import { loadSettings } from "./settings.ts";

export interface UpdateNowOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** Throws `update/refused`, `settings/not-registered`, and what the service answers. */
export async function updateNow(dataFolder: string, { clock, signal }: UpdateNowOptions): Promise<UpdateOutcome> {
  const settings = await loadSettings(dataFolder);
  const { autoUpdate, agentVersion } = await loadConfig(dataFolder);
  const secrets = await readKeyFile(keyFilePath(dataFolder));
  if (!secrets) return { kind: "off" };
  return await updateIfWanted({
    dataFolder,
    isWanted: autoUpdate.value,
    keys: await trustedKeys(dataFolder),
    running: {
      version: VERSION,
      platform: `${process.platform}-${process.arch}`,
      pinned: agentVersion.value.pinned || null,
    },
    program: process.platform === "win32" ? undefined : ownSingleFile(),
    source: updateRemote(settings.service, secrets.token),
    clock,
    signal,
  });
}

/** The file that is all of this program, if it is one. */
export const ownSingleFile = (): string | undefined =>
  process.getBuiltinModule("node:sea").isSea() ? process.execPath : undefined;

const trustedKeys = async (dataFolder: string): Promise<readonly string[]> => [
  ...BUILT_IN_KEYS,
  ...((await loadSettings(dataFolder)).updateKeys ?? []),
];

export interface FollowOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: AgentLog;
  readonly signal: AbortSignal;
  /** 0 to 1: not all machines ask at once. */
  readonly seed: number;
  /** Nothing is under way that a restart would cut off. */
  readonly isAtRest: () => boolean;
}

const FIRST_MS = 60 * 60_000;
const EVERY_MS = 6 * 60 * 60_000;

/** Asks a few times a day; true when a new version is in place and it is a good moment to start it. False at the signal, or without keys to trust. */
export async function followUpdates({
  dataFolder,
  clock,
  log,
  signal,
  seed,
  isAtRest,
}: FollowOptions): Promise<boolean> {
  const keys = await trustedKeys(dataFolder).catch(() => []);
  if (keys.length === 0) return false;
  const alarm = new Alarm(clock);
  let dueAt = clock.now() + FIRST_MS * seed;
  let isPlaced = false;
  let said = "";
  while (!signal.aborted) {
    if (isPlaced && isAtRest()) return true;
    if (!isPlaced && clock.now() >= dueAt) {
      const told = await tryUpdate(dataFolder, { clock, signal });
      isPlaced = told.kind === "placed";
      // The same news is told once.
      if (said !== JSON.stringify(told) && told.kind !== "off" && told.kind !== "none" && !signal.aborted)
        log.write(told.kind === "failed" ? "warning" : "info", `update.${told.kind}`, told);
      said = JSON.stringify(told);
      dueAt = clock.now() + EVERY_MS * (0.8 + 0.4 * seed);
      continue;
    }
    // A clock that was set back must not keep it waiting.
    dueAt = Math.min(dueAt, clock.now() + EVERY_MS * 1.2);
    await alarm.wait(isPlaced ? Number.POSITIVE_INFINITY : dueAt, signal);
  }
  return false;
}

type Told = UpdateOutcome | { readonly kind: "failed"; readonly code: string; readonly message: string };

async function tryUpdate(dataFolder: string, options: UpdateNowOptions): Promise<Told> {
  try {
    return await updateNow(dataFolder, options);
  } catch (error) {
    const { code, message } = asHoldfastError(error);
    return { kind: "failed", code, message };
  }
}
