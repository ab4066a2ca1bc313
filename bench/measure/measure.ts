/** What one operation costs, the service's part included. */
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { walkTree } from "../workloads/describe-tree.ts";
import { loopbackBytes, machineBusySeconds } from "./proc.ts";
import { type CommandLine, runCommand } from "./run-command.ts";
import type { Service } from "./service.ts";

export interface Cost {
  readonly wallSeconds: number;
  /** User and system time of all processes, the service's too. */
  readonly cpuSeconds: number;
  /** The service's part of it. */
  readonly serviceSeconds: number | undefined;
  readonly agentPeakBytes: number;
  readonly servicePeakBytes: number | undefined;
  /** What went through the loopback or a pipe, headers and answers included; undefined for a local repository. */
  readonly sentBytes: number | undefined;
  /** CPU time of everything else on the machine meanwhile: above nothing, the figures are disturbed. */
  readonly elsewhereSeconds: number;
}

export interface Measured extends Cost {
  readonly output: string;
  readonly complaints: string;
}

export async function measure(command: CommandLine, service: Service | undefined): Promise<Measured> {
  // What earlier operations left to the kernel to write is not this one's.
  await runCommand({ argv: ["sync"] });
  service?.resetPeak();
  const before = counters(service);
  const ran = await runCommand(command);
  const { wallSeconds, cpuSeconds: agentSeconds, peakBytes: agentPeakBytes, output, complaints } = ran;
  const after = counters(service);
  const serviceSeconds = after.service - before.service;
  const cpuSeconds = agentSeconds + serviceSeconds;
  const elsewhereSeconds = Math.max(0, after.busy - before.busy - cpuSeconds - (after.own - before.own));
  return {
    wallSeconds,
    cpuSeconds,
    serviceSeconds: service && serviceSeconds,
    agentPeakBytes,
    servicePeakBytes: service?.peakBytes(),
    sentBytes: service && after.loopback - before.loopback,
    elsewhereSeconds,
    output,
    complaints,
  };
}

/** Bytes of all files; a name that is one of several of the same file counts for its share. */
export function folderBytes(folder: string, counts: (path: string) => boolean = () => true): number {
  let bytes = lstatSync(folder).isDirectory() ? 0 : lstatSync(folder).size;
  for (const { path, stats } of walkTree(folder))
    if (stats.isFile() && counts(join(folder, path))) bytes += stats.size / stats.nlink;
  return Math.round(bytes);
}

function counters(service: Service | undefined) {
  const { user, system } = process.cpuUsage();
  return {
    service: service?.cpuSeconds() ?? 0,
    busy: machineBusySeconds(),
    own: (user + system) / 1e6,
    loopback: loopbackBytes(),
  };
}
