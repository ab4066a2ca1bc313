/** What a running process costs, from Linux' own books. */
import { readdirSync, readFileSync } from "node:fs";

export interface Figures {
  readonly cpuSeconds: number;
  readonly rssMb: number;
  readonly peakMb: number;
  /** Open files. */
  readonly files: number;
  /** Folders watched. */
  readonly watches: number;
}

/** Of its clock, a second; the same on every Linux that Node runs on. */
const TICKS = 100;

export function figuresOf(pid: number): Figures {
  const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, "latin1");
  const stat = read("stat");
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number);
  const status = read("status");
  const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  const files = readdirSync(`/proc/${pid}/fdinfo`);
  return {
    cpuSeconds: (user + system) / TICKS,
    rssMb: Math.round(kb("VmRSS") / 1024),
    peakMb: Math.round(kb("VmHWM") / 1024),
    files: files.length,
    watches: files.reduce((sum, file) => sum + watchesOf(`/proc/${pid}/fdinfo/${file}`), 0),
  };
}

function watchesOf(file: string): number {
  try {
    return readFileSync(file, "latin1").split("\ninotify ").length - 1;
  } catch {
    return 0; // Closed meanwhile.
  }
}
