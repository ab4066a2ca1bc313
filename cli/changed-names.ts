/** `--changed-from`: names of what has changed, one after the other, from a file or from the standard input. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import type { ChangedName } from "../agent/index.ts";
import { HoldfastError } from "../protocol/errors.ts";
import type { Context } from "./context.ts";

const NEWLINE = 0x0a;
const SLASH = 0x2f;

/** `-` is the standard input. Throws `option/invalid`. */
export async function changedFrom(context: Context, from: string): Promise<ChangedName[]> {
  try {
    return parseChanged(from === "-" ? await buffer(context.terminal.streams.stdin) : await readFile(from));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const data = { option: "--changed-from", reason, command: context.command };
    throw new HoldfastError("option/invalid", data, { cause });
  }
}

/** Each name ends with a NUL if there is any, else with a newline; one with a slash at its end means everything below, too. */
export function parseChanged(bytes: Buffer, folder = process.cwd()): ChangedName[] {
  const end = bytes.includes(0) ? 0 : NEWLINE;
  const names: ChangedName[] = [];
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(end, from);
    const to = found < 0 ? bytes.length : found;
    if (to > from) names.push(nameOf(bytes.subarray(from, to), folder));
    from = to + 1;
  }
  return names;
}

/** Names need not be UTF-8. */
function nameOf(bytes: Buffer, folder: string): ChangedName {
  const isAbsolute = bytes[0] === SLASH || process.platform === "win32";
  const path = isAbsolute ? bytes : Buffer.concat([Buffer.from(`${resolve(folder)}/`), bytes]);
  return { path, isDeep: bytes.at(-1) === SLASH };
}
