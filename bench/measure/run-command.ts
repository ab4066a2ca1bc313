/** One command, and what it cost: it and everything it started. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { endedChildrenSeconds, peakBytes, processTree } from "./proc.ts";

export interface CommandLine {
  readonly argv: readonly [program: string, ...rest: string[]];
  /** Added to the environment of the benchmark. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface CommandCost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  /** What it wrote to its standard output. */
  readonly output: string;
  /** And to its standard error. */
  readonly complaints: string;
}

/** Often while it is young, because many commands are short. */
const YOUNG_MS = 250;
const SAMPLE_YOUNG_MS = 4;
const SAMPLE_MS = 40;

/** Only one command may run at a time: CPU is taken from the sum over all ended children. Throws when it fails. */
export async function runCommand({ argv, env, cwd }: CommandLine): Promise<CommandCost> {
  const [program, ...rest] = argv;
  const cpuBefore = endedChildrenSeconds();
  const startedMs = performance.now();
  const child = spawn(program, rest, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const memory = watchMemory(child.pid);
  const output: string[] = [];
  const complaints: string[] = [];
  child.stdout.on("data", (bytes: Buffer) => output.push(bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => complaints.push(bytes.toString()));
  const { how, endedMs } = await ended(child).finally(() => memory.stop());
  const cost = {
    wallSeconds: (endedMs - startedMs) / 1000,
    cpuSeconds: endedChildrenSeconds() - cpuBefore,
    peakBytes: memory.stop(),
    output: output.join(""),
    complaints: complaints.join(""),
  };
  if (how !== "0") {
    const said = [...output, ...complaints].join("").slice(-2000);
    throw new Error(`${argv.join(" ")} ended with ${how}:\n${said}`);
  }
  return cost;
}

/** The exit code or the signal; its output has been read. */
function ended(child: ChildProcessByStdio<null, Readable, Readable>): Promise<{ how: string; endedMs: number }> {
  return new Promise((resolve, reject) => {
    let endedMs = 0;
    child.on("error", reject);
    child.on("exit", () => {
      endedMs = performance.now();
    });
    child.on("close", (code, signal) => resolve({ how: String(signal ?? code), endedMs }));
  });
}

function watchMemory(pid: number | undefined): { stop(): number } {
  let peak = 0;
  const startedMs = performance.now();
  const look = (): void => {
    if (pid !== undefined) peak = Math.max(peak, peakBytes(processTree(pid)));
    const delayMs = performance.now() - startedMs < YOUNG_MS ? SAMPLE_YOUNG_MS : SAMPLE_MS;
    timer = setTimeout(look, delayMs);
  };
  let timer = setTimeout(look, 1);
  return {
    stop: () => {
      clearTimeout(timer);
      return peak;
    },
  };
}
