/**
 * One hook as a process: no shell, a process group of its own that ends with its time limit, the end of its output kept. Nothing of the agent's own
 * environment that begins with HOLDFAST_ reaches it: there may be a password.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { parse } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { Clock } from "../../base/clock.ts";
import { systemReason } from "../../base/system-reason.ts";
import type { Hook } from "../settings/work.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

export interface HookSurroundings {
  readonly environment: Variables;
  readonly clock: Clock;
  /** Ends the hook as its time limit does. */
  readonly signal?: AbortSignal | undefined;
}

export interface HookEnd {
  /** What went wrong, to follow a colon. */
  readonly failure: string | undefined;
  /** The last 4 KiB of both its outputs. */
  readonly output: string;
  readonly durationMs: number;
}

const OUTPUT_BYTES_MAX = 4096;
const LAST_LINE_MAX = 300;
/** Between "please" and "now". */
const KILL_AFTER_MS = 5000;
/** For output that is still on its way when the program has ended; what it left running may hold the pipe for ever. */
const DRAIN_MS = 1000;

export async function runHook(hook: Hook, { environment, clock, signal }: HookSurroundings): Promise<HookEnd> {
  const startedAt = clock.now();
  const child = start(hook, environment);
  if ("error" in child) return { failure: cantStart(child.error), output: "", durationMs: 0 };
  const output = tailOf(child);
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const exited = exitOf(child);
  const over = new AbortController();
  // It may belong to somebody else by now (sudo), or hang in the system.
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<undefined>();
  let stopped: string | undefined;
  const stop = (reason: string) => {
    if (stopped !== undefined || over.signal.aborted) return;
    stopped = reason;
    endGroup(child, "SIGTERM");
    clock
      .sleep(KILL_AFTER_MS, over.signal)
      .then(() => {
        endGroup(child, "SIGKILL");
        return clock.sleep(DRAIN_MS, over.signal);
      })
      .then(() => giveUp(undefined), ignore);
  };
  const cancel = () => stop("the backup was cancelled");
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted) cancel();
  const limit = hook.timeLimitSeconds;
  clock.sleep(limit * 1000, over.signal).then(() => stop(`it took longer than ${limit} s`), ignore);
  const failure = await Promise.race([exited, givenUp]);
  // Whom it started in its group was told to end, too, and gets the same time for it.
  await Promise.race([closed, clock.sleep(stopped === undefined ? DRAIN_MS : KILL_AFTER_MS + DRAIN_MS, over.signal)]);
  over.abort();
  signal?.removeEventListener("abort", cancel);
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
  const text = output();
  const line = lastLine(text);
  const words = stopped ?? failure;
  return {
    failure: words === undefined || line === "" ? words : `${words}: ${line}`,
    output: text,
    durationMs: clock.now() - startedAt,
  };
}

/** Some troubles are thrown, others told later (`exitOf`). */
function start({ command: [program = "", ...args] }: Hook, environment: Variables): ChildProcess | { error: unknown } {
  try {
    return spawn(program, args, {
      // No folder that the hook might want to unmount.
      cwd: parse(process.cwd()).root,
      env: { ...environment },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    return { error };
  }
}

const cantStart = (error: unknown): string => `it can't be started (${systemReason(error)})`;

const exitOf = (child: ChildProcess): Promise<string | undefined> =>
  new Promise((resolve) => {
    child.once("error", (error) => resolve(cantStart(error)));
    child.once("exit", (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(code === null ? `it was ended by ${signal}` : `it ended with code ${code}`);
    });
  });

/** The whole group, where the system has such. */
function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended, or is not ours to end.
  }
}

function tailOf(child: ChildProcess): () => string {
  let tail = Buffer.alloc(0);
  const add = (bytes: Buffer) => {
    tail = Buffer.concat([tail, bytes]).subarray(-OUTPUT_BYTES_MAX);
  };
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  return () => new StringDecoder("utf8").write(tail);
}

function lastLine(text: string): string {
  const line = text.trimEnd().split("\n").at(-1) ?? "";
  const shown = line.replace(/\p{Cc}/gu, " ").trim();
  return shown.length <= LAST_LINE_MAX ? shown : `${shown.slice(0, LAST_LINE_MAX - 1)}…`;
}

const ignore = () => undefined;
