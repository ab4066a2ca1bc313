/** A service that runs beside a tool's commands. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { peakBytes, processSeconds, processTree, resetPeak } from "./proc.ts";
import type { CommandLine } from "./run-command.ts";

const READY_MS = 20_000;

export class Service {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when it takes connections. */
  static async start({ argv, env, cwd }: CommandLine, port: number): Promise<Service> {
    const [program, ...rest] = argv;
    const child = spawn(program, rest, { cwd, env: { ...process.env, ...env }, stdio: "ignore" });
    child.on("error", () => undefined); // Seen as never being ready.
    const service = new Service(child);
    const untilMs = performance.now() + READY_MS;
    while (!(await answers(port))) {
      if (child.exitCode !== null || performance.now() > untilMs) {
        await service[Symbol.asyncDispose]();
        throw new Error(`${argv.join(" ")} does not serve port ${port}`);
      }
      await sleep(20);
    }
    return service;
  }

  cpuSeconds(): number {
    return this.#tree().reduce((sum, pid) => sum + processSeconds(pid), 0);
  }

  peakBytes(): number {
    return peakBytes(this.#tree());
  }

  resetPeak(): void {
    resetPeak(this.#tree());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    const exit = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const late = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    await exit;
    clearTimeout(late);
  }

  #tree(): number[] {
    return this.#child.pid === undefined ? [] : processTree(this.#child.pid);
  }
}

/** One that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("a TCP server has no port");
  return address.port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
