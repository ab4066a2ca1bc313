/** Puts a unit in place, or takes it away. Both can be done twice; between two of their steps nothing is worse than before. */
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { writeDurably } from "../../base/durable-file.ts";
import { systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Command, UnitPlan } from "./unit-plan.ts";

export interface ToolEnd {
  /** 0 when it went well. */
  readonly code: number;
  /** All that it said. */
  readonly output: string;
}
export type RunTool = (command: Command) => Promise<ToolEnd>;

/** What a unit has become. */
export type UnitChange = "installed" | "changed" | "restarted";

/** Throws `unit/other`, `unit/failed`. */
export async function applyUnit(plan: UnitPlan, runTool: RunTool): Promise<UnitChange> {
  const before = await findUnit(plan);
  if (before !== undefined && !before.includes(plan.mark)) throw new HoldfastError("unit/other", { path: plan.path });
  const isNew = before === undefined;
  const isOther = before !== plan.text;
  if (isOther) {
    await mkdir(dirname(plan.path), { recursive: true }).catch(failed(plan));
    await writeDurably(plan.path, bytesOf(plan), { mode: 0o644 }).catch(failed(plan));
  }
  // launchd and Windows take no other definition while one is loaded; systemd goes on until it is told to restart.
  if (!isNew && plan.forget.length === 0) for (const command of plan.stop) await runTool(command);
  for (const command of plan.start) {
    const { code, output } = await runTool(command);
    const reason = output.trim().split("\n").at(-1) ?? "";
    if (code !== 0) throw new HoldfastError("unit/failed", { command: command.join(" "), reason });
  }
  if (isNew) return "installed";
  return isOther ? "changed" : "restarted";
}

/** Whether there was one. The data folder stays. Throws `unit/other`, `unit/failed`. */
export async function removeUnit(plan: UnitPlan, runTool: RunTool): Promise<boolean> {
  const before = await findUnit(plan);
  if (before === undefined) return false;
  if (!before.includes(plan.mark)) throw new HoldfastError("unit/other", { path: plan.path });
  for (const command of plan.stop) await runTool(command);
  await rm(plan.path, { force: true }).catch(failed(plan));
  for (const command of plan.forget) await runTool(command);
  return true;
}

export const findUnit = (plan: Pick<UnitPlan, "path" | "encoding">): Promise<string | undefined> =>
  readFile(plan.path, plan.encoding).then(
    (text) => text.replace(/^\ufeff/, ""),
    () => undefined,
  );

const bytesOf = ({ text, encoding }: UnitPlan): Buffer =>
  Buffer.from(encoding === "utf16le" ? `\ufeff${text}` : text, encoding);

const failed =
  ({ path }: UnitPlan) =>
  (cause: unknown): never => {
    throw new HoldfastError("unit/failed", { command: `writing ${path}`, reason: systemReason(cause) }, { cause });
  };
