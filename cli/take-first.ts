/** `--last <count>` of lists that come newest first. */
import { type Context, optionError } from "./context.ts";

/** `last`: as it was typed; everything without it. Throws `option/invalid`. */
export async function takeFirst<T>(context: Context, items: AsyncIterable<T>, last: string | undefined): Promise<T[]> {
  const most = last === undefined ? Number.POSITIVE_INFINITY : Number(last);
  if (last !== undefined && !(Number.isInteger(most) && most >= 1))
    throw optionError(context, "--last", `${last} is not a whole number of at least 1`);
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length >= most) break;
  }
  return taken;
}
