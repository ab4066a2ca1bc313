/** What a command of a registered machine starts from: its settings, its secrets, the service. */
import { HoldfastError } from "../protocol/errors.ts";
import { keyFilePath, type MachineSecrets, readKeyFile } from "./keys/key-file.ts";
import { agentRemote } from "./remote/http-remote.ts";
import type { AgentRemote } from "./remote/remote.ts";
import { loadSettings, type Settings } from "./settings.ts";

export interface OwnMachine {
  readonly settings: Settings;
  readonly secrets: MachineSecrets;
  readonly remote: AgentRemote;
}

/** Throws `settings/not-registered`, `settings/invalid`. */
export async function ownMachine(dataFolder: string): Promise<OwnMachine> {
  const settings = await loadSettings(dataFolder);
  const secrets = await readKeyFile(keyFilePath(dataFolder));
  if (!secrets) {
    const reason =
      "it is missing, and with it this machine's keys; move settings.json away and run `holdfast register --recover`";
    throw new HoldfastError("settings/invalid", { path: keyFilePath(dataFolder), reason });
  }
  return { settings, secrets, remote: agentRemote(settings.service, secrets.token) };
}
