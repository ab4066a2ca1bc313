/** The real service as a process, on a free port, that can be stopped, killed and started again on the same folder and port. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import { type Ran, runProgram, type Variables } from "./run-cli.ts";

const PROGRAM = fileURLToPath(new URL("../../server-mock/main.ts", import.meta.url));
const LISTENING = /listening on (http\S+)/;

export interface FirstCredentials {
  readonly admin: { readonly email: string; readonly password: string };
  readonly user: { readonly email: string; readonly password: string };
  readonly productKeys: { readonly desktop: string; readonly server: string };
}

export interface ServiceProcess extends AsyncDisposable {
  readonly data: string;
  readonly url: string;
  readonly credentials: FirstCredentials;
  readonly isRunning: boolean;
  /** On the port of the first start. */
  start(): Promise<void>;
  /** SIGTERM, and waits for its end. */
  stop(): Promise<void>;
  /** SIGKILL: what is not durable by now never will be. */
  kill(): Promise<void>;
  /** `holdfast-server …` on its folder. Throws when it fails. */
  operate(...words: string[]): Promise<string>;
}

/** `data` may be new, or one that such a service was started on before with the same `credentials`. */
export async function startServiceProcess(
  data: string,
  options: { readonly credentials?: FirstCredentials; readonly variables?: Variables } = {},
): Promise<ServiceProcess> {
  const { variables = {} } = options;
  const operate = async (...words: string[]): Promise<string> => {
    const ran: Ran = await runProgram("server-mock/main.ts", [...words, "--data", data], variables).ended;
    if (ran.code !== 0) throw new Error(`holdfast-server ${words.join(" ")}: ${ran.stderr}`);
    return ran.stdout;
  };
  const credentials: FirstCredentials = options.credentials ?? JSON.parse(await operate("init", "--json"));
  let child: ChildProcess | undefined;
  // While it is stopped nobody else gets its port.
  let url = `http://127.0.0.1:${await freePort()}`;

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, "exit");
    ending.kill(signal);
    await ended;
  };
  const start = async (): Promise<void> => {
    const { host } = new URL(url);
    const argv = ["--disable-warning=ExperimentalWarning", PROGRAM, "start", "--data", data, "--listen", host];
    child = spawn(process.execPath, [...argv, "--log", "silent"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...variables },
    });
    url = await listeningAddress(child);
  };
  await start();
  return {
    data,
    get url() {
      return url;
    },
    credentials,
    get isRunning() {
      return child !== undefined;
    },
    start,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    operate,
    [Symbol.asyncDispose]: () => end("SIGKILL"),
  };
}

function listeningAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let [said, complained] = ["", ""];
    child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
      said += piece;
      const [, address] = LISTENING.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
      complained = (complained + piece).slice(-4096);
    });
    child.on("error", reject);
    child.on("close", (code) => reject(new Error(`the service ended with ${code}: ${said}${complained}`)));
  });
}
