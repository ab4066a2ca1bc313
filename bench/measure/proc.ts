/** What Linux says about processes and the machine: the only reader of /proc. Absent processes count as nothing. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** USER_HZ: what the kernel counts in for programs, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** The process and everything it has started that still lives. */
export function processTree(root: number): number[] {
  const found: number[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    found.push(pid);
    for (const task of names(`/proc/${pid}/task`)) {
      const children = read(`/proc/${pid}/task/${task}/children`) ?? "";
      waiting.push(...children.split(" ").filter(Boolean).map(Number));
    }
  }
  return found;
}

/** The most that these processes had in memory, each at its own highest. */
export const peakBytes = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + highWater(pid), 0);

/** From here on, `peakBytes` counts anew. Only for processes of one's own user. */
export function resetPeak(pids: readonly number[]): void {
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** User and system time of a living process and of its children that have ended. */
export function processSeconds(pid: number): number {
  const [user, system, childUser, childSystem] = times(pid);
  return (user + system + childUser + childSystem) / TICKS_PER_SECOND;
}

/** User and system time of all ended children of this process, and of theirs. */
export function endedChildrenSeconds(): number {
  const [, , user, system] = times("self");
  return (user + system) / TICKS_PER_SECOND;
}

/** What all processors have worked since the machine started. */
export function machineBusySeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = (read("/proc/stat") ?? "")
    .slice(0, 200)
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softIrq) / TICKS_PER_SECOND;
}

/** Bytes that this network namespace's loopback has carried: each byte counts once, with its headers. */
export function loopbackBytes(): number {
  const line = (read("/proc/self/net/dev") ?? "").split("\n").find((each) => each.trim().startsWith("lo:"));
  return Number(line?.split(":")[1]?.trim().split(/\s+/)[0] ?? 0);
}

function highWater(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? "") ?? [];
  return Number(kib ?? 0) * 1024;
}

function times(pid: number | "self"): [user: number, system: number, childUser: number, childSystem: number] {
  const stat = read(`/proc/${pid}/stat`) ?? "";
  // The program's name is in parentheses and may hold anything.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
  return [user, system, childUser, childSystem];
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
