/** Secrets that a command needs: from a file, from the settings, or typed without echo. Without a terminal nothing is ever waited for. */
import { readFile } from "node:fs/promises";
import { ask } from "../../base/ask.ts";
import { systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";

export interface SecretSource {
  /** "password", "passphrase". */
  readonly what: string;
  /** Its option that names a file. */
  readonly option: string;
  readonly file?: string | undefined;
  readonly given?: string | undefined;
  /** What else could be done without a terminal. */
  readonly otherwise: string;
  readonly question: string;
  /** Asked twice: it is being set. */
  readonly isNew: boolean;
}

/** Throws `argument/invalid`, `command/interrupted`. */
export async function readSecret(source: SecretSource): Promise<string> {
  if (source.file !== undefined) return await firstLine(source, source.file);
  if (source.given !== undefined) return source.given;
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw refused(source, `no ${source.what}, and no terminal to ask on; use ${source.option} or ${source.otherwise}`);
  for (;;) {
    const typed = await askUnseen(source.question);
    if (typed === "") continue;
    if (!source.isNew || typed === (await askUnseen("Once more: "))) return typed;
    process.stderr.write("They differ; try again.\n");
  }
}

function askUnseen(question: string): Promise<string> {
  const interrupted = () => new HoldfastError("command/interrupted");
  return ask(question, process, { echo: false, signal: new AbortController().signal, interrupted });
}

async function firstLine(source: SecretSource, path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw refused(source, `${path}: ${systemReason(cause)}`);
  });
  const line = text.split(/\r?\n/, 1)[0] ?? "";
  if (line === "") throw refused(source, `the first line of ${path} is empty`);
  return line;
}

const refused = ({ option }: SecretSource, reason: string): HoldfastError =>
  new HoldfastError("argument/invalid", { argument: option, reason });
