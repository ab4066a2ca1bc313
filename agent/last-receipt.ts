/** What the service last confirmed to this machine, from its local state; `undefined` when there is none. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDamage } from "../base/sqlite.ts";
import { decodeReceipt } from "../protocol/receipt.ts";
import { openState } from "./state/state.ts";

export function findLastReceipt(
  dataFolder: string,
): { readonly sequence: number; readonly record: Buffer; readonly receivedAt: number } | undefined {
  const path = join(dataFolder, "state.db");
  if (!existsSync(path)) return undefined;
  try {
    using state = openState(path);
    const bytes = state.findLastReceipt();
    return bytes && decodeReceipt(bytes);
  } catch (error) {
    // Restoring matters more than this check; the next backup puts the damaged file aside.
    if (isDamage(error)) return undefined;
    throw error;
  }
}
