/** The service as a process of its own, as it runs everywhere else; the trial only starts and stops it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { HoldfastError } from "../../protocol/errors.ts";

const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
const program = fileURLToPath(new URL(`../../server-mock/main.${ending}`, import.meta.url));
const LISTENING = /^holdfast-server listening on (\S+)$/;

const credentials = z.object({
  organization: z.string(),
  admin: z.object({ email: z.string(), password: z.string() }),
  user: z.object({ email: z.string(), password: z.string() }),
  productKeys: z.object({ desktop: z.string(), server: z.string() }),
});
export type Credentials = z.infer<typeof credentials>;

export const parseCredentials = (text: string): Credentials => credentials.parse(JSON.parse(text));

/** The first organization with its users and product keys. Call once for a data folder. */
export function makeFirstOrganization(dataFolder: string): Promise<Credentials> {
  const argv = [...NODE_OPTIONS, program, "init", "--data", dataFolder, "--json"];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, argv, (error, stdout, stderr) => {
      if (error) reject(notStarted(lastLines(stderr) || error.message));
      else resolve(parseCredentials(stdout));
    });
  });
}

export interface ServiceProcess extends AsyncDisposable {
  readonly address: string;
  /** Resolves when it has ended, by itself or stopped. */
  readonly ended: Promise<void>;
}

/** Waits until it listens. Its log goes to `logPath`. Throws `service/not-started`. */
export async function startServiceProcess(options: {
  readonly dataFolder: string;
  readonly port: number;
  readonly logPath: string;
}): Promise<ServiceProcess> {
  const { dataFolder, port, logPath } = options;
  const listen = `127.0.0.1:${port}`;
  const argv = [...NODE_OPTIONS, program, "start", "--data", dataFolder, "--listen", listen, "--until-stdin-ends"];
  // In a process group of its own: Ctrl-C reaches us first, so that a backup can end before its service does. Its stdin ends with us, however we end.
  const child = spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "pipe"], detached: true });
  let complaints = "";
  child.stderr.on("data", (piece: Buffer) => {
    complaints = (complaints + piece.toString()).slice(-4096);
  });
  child.stderr.pipe(createWriteStream(logPath, { flags: "a", mode: 0o600 }));
  const ended = once(child, "exit").then(() => undefined);
  const address = await Promise.race([listeningAddress(child), ended]);
  if (address === undefined) throw notStarted(lastLines(complaints) || "it ended at once");
  return {
    address,
    ended,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await ended;
    },
  };
}

const NODE_OPTIONS = ["--disable-warning=ExperimentalWarning"];

async function listeningAddress(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const address = LISTENING.exec(line)?.[1];
    if (address !== undefined) {
      child.stdout.resume();
      return address;
    }
  }
  return undefined;
}

/** What people can read of a log: not its JSON lines. */
function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("{"));
  return lines
    .slice(-4)
    .join(" ")
    .replace(/[.\s]+$/, "");
}

const notStarted = (reason: string): HoldfastError => new HoldfastError("service/not-started", { reason });
