/** Secrets: from a file, from the environment, or typed without echo. Without a terminal nothing is ever waited for. */
import { readFile } from "node:fs/promises";
import { ask as askLine } from "../base/ask.ts";
import { HoldfastError } from "../protocol/errors.ts";
import type { Streams } from "./terminal.ts";

export interface SecretSource {
  /** For messages: "password", "passphrase". */
  readonly what: string;
  /** The option that names a file, for messages. */
  readonly option: string;
  readonly file?: string | undefined;
  readonly variable: string;
  readonly value?: string | undefined;
  readonly question: string;
  /** Asked twice, for a secret that is being set. */
  readonly twice?: boolean;
  readonly command: string;
}

/** Throws `option/invalid` when there is nowhere to take it from. */
export async function readSecret(source: SecretSource, streams: Streams, signal: AbortSignal): Promise<string> {
  if (source.file !== undefined) return firstLine(source, source.file);
  if (source.value !== undefined) return source.value;
  if (!streams.stdin.isTTY || !streams.stderr.isTTY)
    throw refused(
      source,
      `no ${source.what} given and no terminal to ask on; use ${source.option} or ${source.variable}`,
    );
  for (;;) {
    const typed = await ask(source.question, streams, { echo: false, signal });
    if (typed === "") continue;
    if (!source.twice || typed === (await ask("Once more: ", streams, { echo: false, signal }))) return typed;
    streams.stderr.write("They differ; try again.\n");
  }
}

async function firstLine(source: SecretSource, path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw refused(source, `${path} can't be read: ${cause.message}`);
  });
  const line = text.split(/\r?\n/, 1)[0] ?? "";
  if (line === "") throw refused(source, `the first line of ${path} is empty`);
  return line;
}

const refused = (source: SecretSource, reason: string): HoldfastError =>
  new HoldfastError("option/invalid", { option: source.option, reason, command: source.command });

/** One typed line; callers make sure that stdin is a terminal. */
export const ask = (
  question: string,
  streams: Streams,
  options: { echo: boolean; signal: AbortSignal },
): Promise<string> =>
  askLine(question, streams, { ...options, interrupted: () => new HoldfastError("command/interrupted") });
