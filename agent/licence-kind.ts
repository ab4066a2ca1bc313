/** Which licence this machine has: what it may back up depends on it. */
import type { AgentRemote } from "./remote/remote.ts";
import { changeSettings, type Settings } from "./settings.ts";

/** `undefined` while nobody can tell: settings of an earlier version don't say, and the service can't be reached. */
export async function licenceKind(
  dataFolder: string,
  settings: Settings,
  remote: Pick<AgentRemote, "machine">,
): Promise<Settings["kind"]> {
  if (settings.kind) return settings.kind;
  const machine = await remote.machine().catch(() => undefined);
  if (machine) await changeSettings(dataFolder, { kind: machine.kind });
  return machine?.kind;
}
