/** What a command of a registered machine starts from: its settings, its secrets, the service. */
import { parseByteRate } from "../base/byte-rate.ts";
import { type Clock, systemClock } from "../base/clock.ts";
import { HoldfastError } from "../protocol/errors.ts";
import { keyFilePath, type MachineSecrets, readKeyFile } from "./keys/key-file.ts";
import { agentRemote } from "./remote/http-remote.ts";
import { RateLimit } from "./remote/rate-limit.ts";
import type { AgentRemote } from "./remote/remote.ts";
import { loadSettings, type Settings } from "./settings.ts";

export interface OwnMachine {
  readonly settings: Settings;
  readonly secrets: MachineSecrets;
  readonly remote: AgentRemote;
}

export interface OwnMachineOptions {
  /** Bytes a second of all packs together; Infinity is no limit; when absent the settings decide. An object may be changed meanwhile. */
  readonly uploadLimit?: RateLimit | number | undefined;
  readonly clock?: Clock;
}

/** Throws `settings/not-registered`, `settings/invalid`. */
export async function ownMachine(
  dataFolder: string,
  { uploadLimit, clock = systemClock }: OwnMachineOptions = {},
): Promise<OwnMachine> {
  const settings = await loadSettings(dataFolder);
  const secrets = await readKeyFile(keyFilePath(dataFolder));
  if (!secrets) {
    const reason =
      "it is missing, and with it this machine's keys; move settings.json away and run `holdfast register --recover`";
    throw new HoldfastError("settings/invalid", { path: keyFilePath(dataFolder), reason });
  }
  const given = uploadLimit ?? parseByteRate(settings.uploadLimit ?? "off");
  const limit = typeof given === "number" ? new RateLimit(clock, given) : given;
  return { settings, secrets, remote: agentRemote(settings.service, secrets.token, limit) };
}
