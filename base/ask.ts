/** One line typed by a person. */
import { StringDecoder } from "node:string_decoder";

export interface AskStreams {
  readonly stdin: NodeJS.ReadableStream & { setRawMode?(raw: boolean): unknown };
  readonly stderr: { write(text: string): unknown };
}

export interface AskOptions {
  readonly echo: boolean;
  readonly signal: AbortSignal;
  /** What is thrown on Ctrl-C and Ctrl-D. */
  readonly interrupted: () => Error;
}

const ENTER = /[\r\n]/;

/** Callers make sure that stdin is a terminal: else nobody might ever answer. */
export function ask(question: string, { stdin, stderr }: AskStreams, options: AskOptions): Promise<string> {
  stderr.write(question);
  return new Promise((resolve, reject) => {
    const decoder = new StringDecoder();
    let typed = "";
    const finish = (act: () => void) => {
      stdin.off("data", onData);
      options.signal.removeEventListener("abort", onAbort);
      stdin.setRawMode?.(false);
      stdin.pause();
      stderr.write("\n");
      act();
    };
    const onAbort = () => finish(() => reject(options.signal.reason));
    const onData = (piece: Buffer | string) => {
      for (const character of decoder.write(Buffer.from(piece))) {
        if (ENTER.test(character)) return finish(() => resolve(typed));
        if (character === "\x03" || character === "\x04") return finish(() => reject(options.interrupted()));
        if (character === "\x7f" || character === "\b") typed = Array.from(typed).slice(0, -1).join("");
        else if (character === "\x15") typed = "";
        else if (character >= " ") typed += character;
        if (options.echo) stderr.write(`\r\x1b[K${question}${typed}`);
      }
    };
    options.signal.addEventListener("abort", onAbort, { once: true });
    stdin.setRawMode?.(true);
    stdin.on("data", onData);
    stdin.resume();
  });
}
