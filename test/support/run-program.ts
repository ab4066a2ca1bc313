/** Runs the real programs as processes of their own, in a clean environment. */
import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Variables = Readonly<Record<string, string>>;

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** Programs start twice as fast when they needn't be compiled each time. */
const compileCache = path("node_modules/.cache/holdfast-tests");

/** `holdfast …`. */
export const holdfast = (words: readonly string[], variables: Variables = {}): Promise<Ran> =>
  finished(start("cli/main.ts", words, variables));

/** `holdfast-server …`, to its end. */
export const server = (words: readonly string[], variables: Variables = {}): Promise<Ran> =>
  finished(start("server-mock/main.ts", words, variables));

/** A program of the project that goes on running; it is killed after the test. */
export function start(program: string, words: readonly string[], variables: Variables = {}): ChildProcess {
  const child = spawn(process.execPath, [path(program), ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: tmpdir(), TZ: "UTC", NODE_COMPILE_CACHE: compileCache, ...variables },
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

export function finished(child: ChildProcess): Promise<Ran> {
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
    output.stdout += piece;
  });
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
    output.stderr += piece;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...output }));
  });
}

/** Waits for a line on stdout that matches; fails when the program ends without one. */
export function lineOf(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      const match = pattern.exec(text);
      if (match) resolve(match);
    });
    child.on("close", (code) => reject(new Error(`ended with ${code} before ${pattern}: ${text}`)));
  });
}

export interface RunningService {
  readonly url: string;
  readonly user: { readonly email: string; readonly password: string };
  readonly productKeys: { readonly desktop: string; readonly server: string };
}

/** A service of its own on a free port, with its first organization. */
export async function runningService(dataFolder: string): Promise<RunningService> {
  const made = await server(["init", "--data", dataFolder, "--json"]);
  if (made.code !== 0) throw new Error(`init: ${made.stderr}`);
  const child = start("server-mock/main.ts", [
    "start",
    "--data",
    dataFolder,
    "--listen",
    "127.0.0.1:0",
    "--log",
    "silent",
  ]);
  child.stderr?.resume();
  const [, url = ""] = await lineOf(child, /listening on (\S+)/);
  return { url, ...JSON.parse(made.stdout) };
}
