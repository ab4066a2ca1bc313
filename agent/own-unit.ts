/** The unit that starts this machine's agent, with real parts: what the settings say, what this system has, and who may change what it would run. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism, homedir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { systemReason } from "../base/system-reason.ts";
import { HoldfastError } from "../protocol/errors.ts";
import { loadConfig } from "./config/load-config.ts";
import { applyUnit, findUnit, type RunTool, removeUnit, type ToolEnd, type UnitChange } from "./install/apply-unit.ts";
import { purgeData } from "./install/purge-data.ts";
import { whoMayReplace } from "./install/trusted-path.ts";
import { memoryHighMiB, type UnitScope } from "./install/unit-facts.ts";
import { type Command, planUnit, type UnitPlan } from "./install/unit-plan.ts";
import { ownSingleFile } from "./own-update.ts";
import { findSettings, loadSettings, type Settings } from "./settings.ts";

export interface UnitOptions {
  readonly dataFolder: string;
  readonly scope: UnitScope;
  /** `holdfast` when absent. */
  readonly name?: string | undefined;
  /** Where a person's units are, if not in .config of the home. */
  readonly configHome?: string | undefined;
  /** Another program than this one, for tests. */
  readonly program?: readonly string[];
}

export interface InstalledUnit extends Pick<UnitPlan, "unit" | "path" | "look"> {
  readonly change: UnitChange;
}

/** What `installUnit` would do. Throws `unit/invalid`, `unit/no-manager`, `settings/not-registered`. */
export async function planOwnUnit(options: UnitOptions): Promise<UnitPlan> {
  const { autoUpdate } = await loadConfig(options.dataFolder);
  const version = await systemdVersion();
  return makePlan(options, await loadSettings(options.dataFolder), { version, autoUpdates: autoUpdate.value });
}

/** Throws also `unit/not-root`, `unit/unsafe`, `unit/other`, `unit/failed`. */
export async function installUnit(options: UnitOptions): Promise<InstalledUnit> {
  const plan = await planOwnUnit(options);
  if (options.scope === "system") refuseStrangers(options);
  refuseWithoutManager(options);
  const change = await applyUnit(plan, runTool);
  return { unit: plan.unit, path: plan.path, look: plan.look, change };
}

/** Whether there was one. Throws `unit/not-root`, `unit/other`, `unit/failed`. */
export async function uninstallUnit(options: UnitOptions): Promise<Pick<UnitPlan, "unit" | "path"> & { was: boolean }> {
  const plan = makePlan(options, await findSettings(options.dataFolder), { version: 0, autoUpdates: false });
  const isThere = (await findUnit(plan)) !== undefined;
  if (isThere && options.scope === "system") refuseOthers();
  const was = await removeUnit(plan, runTool);
  return { unit: plan.unit, path: plan.path, was };
}

/** Settings, keys and state of this machine, for ever; backups stay with the service. What is not ours stays and is named. */
export const purgeOwnData = (dataFolder: string): Promise<string[]> => purgeData(dataFolder);

function makePlan(
  options: UnitOptions,
  settings: Settings | undefined,
  { version, autoUpdates }: { version: number; autoUpdates: boolean },
): UnitPlan {
  const { dataFolder, scope, name = "holdfast", configHome = join(homedir(), ".config") } = options;
  const { local, restoreRoots = [], hooks } = settings ?? {};
  // A single file that keeps itself up to date is replaced in its folder.
  const renewed = settings && autoUpdates && ownSingleFile() !== undefined ? [dirname(process.execPath)] : [];
  const { uid, username } = userInfo();
  return planUnit(
    {
      scope,
      name,
      program: options.program ?? ownProgram(),
      dataFolder,
      writable: [...(local ? [local.folder] : []), ...restoreRoots, ...renewed],
      hasHooks: hooks !== undefined && hooks.before.length + hooks.after.length > 0,
      memoryHighMiB: memoryHighMiB(availableParallelism()),
    },
    {
      platform: process.platform,
      home: homedir(),
      configHome,
      userId: uid,
      userName: username,
      systemdVersion: version,
    },
  );
}

/** This very program, as it can be started again: a single file, or Node with the file that it runs. */
function ownProgram(): string[] {
  const entry = process.argv[1];
  if (ownSingleFile() !== undefined || entry === undefined) return [process.execPath];
  return [process.execPath, "--disable-warning=ExperimentalWarning", entry];
}

/** A unit of the system runs as root: so nobody else may be able to change what it runs, nor the hooks in its settings. */
function refuseStrangers(options: UnitOptions): void {
  refuseOthers();
  const files = (options.program ?? ownProgram()).filter((word) => word.startsWith("/"));
  for (const path of [...files, options.dataFolder]) {
    const reason = whoMayReplace(path);
    if (reason !== undefined) throw new HoldfastError("unit/unsafe", { path, reason });
  }
}

/** On Windows the task's own rights decide. */
function refuseOthers(): void {
  if (process.platform !== "win32" && process.getuid?.() !== 0) throw new HoldfastError("unit/not-root");
}

/** `systemctl` may be there without systemd: in containers, it is. */
function refuseWithoutManager({ scope }: UnitOptions): void {
  if (process.platform !== "linux" || existsSync("/run/systemd/system")) return;
  const whose = scope === "system" ? "this machine" : "your session";
  throw new HoldfastError("unit/no-manager", { reason: `${whose} was not started by systemd` });
}

const TOOL_MS = 120_000;

const runTool: RunTool = ([program, ...words]: Command): Promise<ToolEnd> =>
  new Promise((resolve) => {
    execFile(program, words, { timeout: TOOL_MS, encoding: "utf8" }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      resolve(error ? { code: 1, output: output || systemReason(error) } : { code: 0, output });
    });
  });

/** 0 where there is none. */
async function systemdVersion(): Promise<number> {
  if (process.platform !== "linux") return 0;
  const { output } = await runTool(["systemctl", "--version"]);
  return Number(/^systemd (\d+)/m.exec(output)?.[1] ?? 0);
}
