/**
 * How busy the processors are with other work than ours. From the system's own counters, which cost 0.07 ms to read; systeminformation's currentLoad
 * starts a shell each time and takes 13 MB of memory (2026-11).
 */
import { cpus } from "node:os";

export interface ProcessorTimes {
  /** Milliseconds of all processors together since the machine was started. */
  readonly idleMs: number;
  readonly busyMs: number;
  /** Of it this process's. */
  readonly ownMs: number;
}

/** 0 to 100; `null` when no time has passed. */
export function loadBetween(before: ProcessorTimes, after: ProcessorTimes): number | null {
  const [idle, busy, own] = [after.idleMs - before.idleMs, after.busyMs - before.busyMs, after.ownMs - before.ownMs];
  // Processors that are switched off take their counters along.
  if (idle < 0 || busy < 0 || idle + busy === 0) return null;
  return Math.min(100, Math.max(0, (100 * (busy - own)) / (idle + busy)));
}

export function readProcessorTimes(): ProcessorTimes {
  let [idleMs, busyMs] = [0, 0];
  for (const { times } of cpus()) {
    idleMs += times.idle;
    busyMs += times.user + times.nice + times.sys + times.irq;
  }
  const { user, system } = process.cpuUsage();
  return { idleMs, busyMs, ownMs: (user + system) / 1000 };
}
