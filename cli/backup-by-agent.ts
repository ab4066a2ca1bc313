/** `holdfast backup` where an agent runs: it makes the backup, so that there are never two; this command shows it. */
import { type AgentRun, askAgent, type BackupReport } from "../agent/index.ts";
import { fromErrorBody, HoldfastError, isErrorCode } from "../protocol/errors.ts";
import { progressOf } from "./agent-status.ts";
import type { Context } from "./context.ts";

/** `undefined`: no agent runs here, and nothing was begun. Throws what the backup failed for. */
export async function backupByAgent(
  { terminal, dataFolder, progress, signal }: Context,
  { to }: { readonly to: AgentRun["to"] },
): Promise<BackupReport | undefined> {
  let isBegun = false;
  try {
    for await (const answer of askAgent(dataFolder, { op: "backup", to, follow: true }, signal)) {
      isBegun = true;
      if (answer.kind === "progress") progress.update(progressOf(answer.running));
      if (answer.kind === "done" && answer.run) return reportOf(answer.run);
    }
  } catch (error) {
    if (signal.aborted) terminal.note("The agent goes on with the backup; `holdfast cancel` ends it.");
    const isAlone = error instanceof HoldfastError && error.code === "agent/not-running" && !isBegun;
    if (!isAlone) throw error;
  }
  return undefined;
}

/** Throws for a run that made no snapshot. */
function reportOf(run: AgentRun): BackupReport {
  const { result, code = "bug/unexpected", message = code, counters, snapshot, isPartial, problems = [] } = run;
  if (result === "cancelled" || result === "failed" || counters === undefined) {
    if (isErrorCode(code)) throw fromErrorBody({ code, message, hint: "", data: run.data });
    throw new HoldfastError("service/unknown-error", { code, message });
  }
  return {
    snapshot,
    result,
    code: result === "success" ? undefined : code,
    ...(isPartial === undefined ? {} : { isPartial }),
    counters,
    problems,
    problemCount: run.problemCount ?? problems.length,
    durationMs: run.endedAt - run.startedAt,
  };
}
