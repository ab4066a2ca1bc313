/** What holds on this machine and who says so, as a person asks for it. */
import { type Clock, systemClock } from "../base/clock.ts";
import { asHoldfastError, type HoldfastError } from "../protocol/errors.ts";
import { type Config, effectiveConfig } from "./config/effective.ts";
import { locksOf } from "./config/locks.ts";
import { type KeptPolicy, readPolicy } from "./config/policy-file.ts";
import { PolicyKeeper } from "./config/policy-keeper.ts";
import { ownMachine } from "./own-machine.ts";
import { loadSettings } from "./settings.ts";

export interface OwnPolicyState {
  readonly config: Config;
  /** `undefined`: the service was not asked yet. */
  readonly kept: KeptPolicy | undefined;
  /** Name of a setting, of this machine or of the policy, → who has locked it. */
  readonly locks: Readonly<Record<string, string>>;
  /** Whether the service has another one than this machine; `unknown`: it was not asked, or could not be. */
  readonly service: "same" | "newer" | "unknown";
  readonly trouble?: HoldfastError | undefined;
}

/** `ask`: the service, too. Throws `settings/not-registered`, `settings/invalid`. */
export async function policyState(dataFolder: string, { ask }: { readonly ask: boolean }): Promise<OwnPolicyState> {
  const [settings, kept] = [await loadSettings(dataFolder), await readPolicy(dataFolder)];
  const state = { config: effectiveConfig(settings, kept?.settings), kept, locks: locksOf(kept) };
  if (!ask) return { ...state, service: "unknown" };
  try {
    const { tag } = await (await ownMachine(dataFolder)).remote.policy(kept?.tag);
    return { ...state, service: tag === kept?.tag ? "same" : "newer" };
  } catch (error) {
    return { ...state, service: "unknown", trouble: asHoldfastError(error) };
  }
}

/** Takes over what the service says now; whether it was another policy. An agent that runs sees the file. */
export async function takePolicyNow(
  dataFolder: string,
  { clock = systemClock, signal }: { readonly clock?: Clock; readonly signal?: AbortSignal } = {},
): Promise<boolean> {
  const { remote } = await ownMachine(dataFolder);
  return await (await PolicyKeeper.open({ dataFolder, source: remote, clock })).refresh(signal);
}
