/** Speeds on the command line. */
import { BYTE_RATE_RULE, parseByteRate } from "../base/byte-rate.ts";
import { type Context, optionError } from "./context.ts";

export const RATE_EXAMPLES = "500k, 2M (KiB, MiB), 16Mbit, off";

/** Bytes a second; undefined when nothing was said. Throws `option/invalid`. */
export function parseLimit(context: Context, option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = parseByteRate(text);
  if (rate === undefined) throw optionError(context, `${option} ${text}`, `it is not a speed; ${BYTE_RATE_RULE}`);
  return rate;
}
