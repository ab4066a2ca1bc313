/** What `holdfast backup` backs up: the folders named now, those remembered from before, and what the service's policy says. */
import { resolve } from "node:path";
import {
  changeSettings,
  checkRoots,
  loadSettings,
  mayChange,
  policyState,
  type Settings,
  takePolicyNow,
} from "../agent/index.ts";
import { HoldfastError } from "../protocol/errors.ts";
import type { Context } from "./context.ts";
import { namedRoot } from "./named-root.ts";

export interface FolderChoice {
  readonly exclude?: readonly string[];
  readonly oneFileSystem?: boolean;
  /** Forget what is remembered and not named now. */
  readonly only?: boolean;
  /** Nothing is remembered, and the service is not asked. */
  readonly dryRun?: boolean;
  /** To the local copy: the service may be away. */
  readonly local?: boolean;
}

export interface ChosenFolders {
  readonly set: Pick<Settings, "roots" | "excludes" | "oneFileSystem">;
  /** Of all sets, for telling people. */
  readonly roots: readonly string[];
}

/** Remembered unless it is a dry run. Throws `setting/locked`, `root/none`, `root/missing`, `licence/network-drive`. */
export async function chosenFolders(
  context: Context,
  folders: readonly string[],
  choice: FolderChoice,
): Promise<ChosenFolders> {
  const { dataFolder } = context;
  const settings = await loadSettings(dataFolder);
  if (!choice.dryRun && !choice.local) await hearPolicy(context);
  // What an administrator chose for this machine is not chosen otherwise by naming folders.
  const isChosen = folders.length > 0 || choice.exclude !== undefined || choice.oneFileSystem !== undefined;
  if (isChosen) await mayChange(dataFolder, "roots");
  const named: string[] = [];
  for (const folder of folders) named.push(await namedRoot(resolve(folder), context.terminal));
  if (named.length > 0) await checkRoots(dataFolder, named);
  const before = choice.only && named.length > 0 ? [] : settings.roots;
  const roots = Array.from(new Set([...before, ...named]));
  const excludes = Array.from(new Set([...settings.excludes, ...(choice.exclude ?? [])]));
  const set = { roots, excludes, oneFileSystem: choice.oneFileSystem ?? settings.oneFileSystem };
  const { backupSets } = (await policyState(dataFolder, { ask: false })).config;
  // Of the machine's own folders what is said now counts.
  const ofSets = backupSets.value.filter(
    ({ name, origin, exclusionary }) => !exclusionary && !(origin === "local" && name === "default"),
  );
  const all = new Set([...ofSets.flatMap((each) => each.roots), ...(backupSets.locked ? [] : roots)]);
  if (all.size === 0) throw new HoldfastError("root/none");
  if (!choice.dryRun) await changeSettings(dataFolder, set);
  return { set, roots: [...all] };
}

/** So long a backup waits for the policy of a service that does not answer; what is wrong with it the backup will tell. */
const POLICY_MS = 5_000;

/** Where no agent runs, the machine hears of its policy when it is backed up. */
async function hearPolicy({ dataFolder, clock, signal }: Context): Promise<void> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(POLICY_MS)]);
  await takePolicyNow(dataFolder, { clock, signal: soon }).catch(() => undefined);
}
