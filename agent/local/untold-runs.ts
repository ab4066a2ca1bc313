/** Runs to the local copy that the service has not been told of yet: they wait in the data folder while it is away. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../../base/durable-file.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { localBackup } from "../../protocol/messages/local-copies.ts";
import type { LocalCopyRemote } from "../remote/remote.ts";
import { localFolder } from "./known-copies.ts";

const untoldRun = localBackup.omit({ endedMsAgo: true }).extend({ endedAt: z.number() });
export type UntoldRun = z.infer<typeof untoldRun>;

/** A service that is away for longer is told of the newest. */
const RUNS_MAX = 500;
/** Of each run, while it waits. */
const PROBLEMS_WAITING_MAX = 100;

const pathOf = (dataFolder: string): string => join(localFolder(dataFolder), "untold-runs.json");

export async function keepRun(dataFolder: string, run: UntoldRun): Promise<void> {
  const kept = { ...run, problems: run.problems.slice(0, PROBLEMS_WAITING_MAX) };
  await write(dataFolder, [...(await readUntold(dataFolder)), kept].slice(-RUNS_MAX));
}

/** Oldest first, as far as the service can be reached; whether it could. A run that it refuses is not told again. */
export async function tellRuns(dataFolder: string, remote: LocalCopyRemote, nowMs: number): Promise<boolean> {
  for (;;) {
    const [run, ...rest] = await readUntold(dataFolder);
    if (!run) return true;
    const { endedAt, ...said } = run;
    try {
      await remote.addLocalBackup({ ...said, endedMsAgo: Math.max(0, Math.round(nowMs - endedAt)) });
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.kind === "unavailable") return false;
    }
    await write(dataFolder, rest);
  }
}

/** What can't be read was only a record of records. */
export async function readUntold(dataFolder: string): Promise<UntoldRun[]> {
  try {
    return z.array(untoldRun).parse(JSON.parse(await readFile(pathOf(dataFolder), "utf8")));
  } catch {
    return [];
  }
}

const write = (dataFolder: string, runs: readonly UntoldRun[]): Promise<void> =>
  writeDurably(pathOf(dataFolder), Buffer.from(`${JSON.stringify(runs)}\n`));
