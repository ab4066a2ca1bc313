/** Where unasked restores end: in the folders that were approved at the machine, whatever the service sends. Paths are whole catalog paths. */
import { isWithin } from "../model/path-order.ts";

export interface Bounds {
  /** The approved folders. */
  readonly within: readonly Buffer[];
  /** The agent's own folder: nothing comes there. */
  readonly except: Buffer;
}

/** `above`: on the way to an approved folder. */
export function placeIn({ within, except }: Bounds, path: Buffer): "inside" | "above" | "outside" {
  if (isWithin(path, except)) return "outside";
  if (within.some((folder) => isWithin(path, folder))) return "inside";
  return within.some((folder) => isWithin(folder, path)) ? "above" : "outside";
}
