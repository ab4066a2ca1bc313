/** A short question to a program of the system. */
import { execFile } from "node:child_process";

const OUTPUT_BYTES_MAX = 256 * 1024;
/** Where systems keep their own programs; whatever the agent's own search path is. */
const PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin";

export type AskProgram = (program: string, ...given: readonly string[]) => Promise<string | null>;

/** What it writes, in English. `null`: it isn't there, fails, or has not answered in that time. */
export const askWithin =
  (limitMs: number): AskProgram =>
  (program, ...given) =>
    new Promise((resolve) => {
      const options = {
        timeout: limitMs,
        killSignal: "SIGKILL",
        maxBuffer: OUTPUT_BYTES_MAX,
        env: { PATH, LC_ALL: "C" },
        windowsHide: true,
      } as const;
      execFile(program, [...given], options, (error, text) => resolve(error ? null : text)).stdin?.end();
    });

export const askProgram: AskProgram = askWithin(3000);
