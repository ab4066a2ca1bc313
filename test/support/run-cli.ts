/** Runs the real `holdfast` as a process with a data folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

export interface Ran {
  /** null: ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
}

export type Variables = Readonly<Record<string, string>>;

/** `program`: a path within the project. */
export function runProgram(
  program: string,
  words: readonly string[],
  variables: Variables = {},
  launcher: readonly string[] = [],
): Running {
  const path = fileURLToPath(new URL(`../../${program}`, import.meta.url));
  const [command = process.execPath, ...argv] = [
    ...launcher,
    process.execPath,
    "--disable-warning=ExperimentalWarning",
    path,
    ...words,
  ];
  const child = spawn(command, argv, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      HOME: tmpdir(),
      TZ: "UTC",
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...variables,
    },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    stdout += piece;
  });
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    stderr += piece;
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

export interface Cli {
  /** Its data folder. */
  readonly data: string;
  start(...words: readonly string[]): Running;
  run(...words: readonly string[]): Promise<Ran>;
  /** With `--json`: what it printed, or the error it gave. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  json(...words: readonly string[]): Promise<{ readonly code: number | null; readonly answer: any }>;
}

/** `variables`: HOLDFAST_PASSWORD and the like. `launcher`: a command that starts it. */
export function cli(data: string, variables: Variables = {}, launcher: readonly string[] = []): Cli {
  const start = (...words: readonly string[]) =>
    runProgram("cli/main.ts", [...words, "--data", data], variables, launcher);
  return {
    data,
    start,
    run: (...words) => start(...words).ended,
    async json(...words) {
      const { code, stdout, stderr } = await start(...words, "--json").ended;
      return { code, answer: parseJson(stdout.trim() === "" ? stderr : stdout) };
    },
  };
}

/** One document, or one for each line. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    } catch {
      return text;
    }
  }
}
