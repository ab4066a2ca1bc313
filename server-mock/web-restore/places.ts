/** Cursors: which pass over a catalog, and behind which path in it. They say nothing that the answer did not say. */
import { HoldfastError } from "../../protocol/errors.ts";

export interface Place {
  readonly phase: number;
  /** undefined: at its beginning. */
  readonly path: Buffer | undefined;
}

export const encodePlace = ({ phase, path }: Place): string => `${phase}.${path?.toString("base64url") ?? ""}`;

/** Throws `request/malformed`. */
export function decodePlace(cursor: string): Place {
  const [, phase, path = ""] = /^(\d{1,15})\.([A-Za-z0-9_-]*)$/.exec(cursor) ?? [];
  if (phase === undefined)
    throw new HoldfastError("request/malformed", { reason: "cursor: not one of ours", path: "cursor" });
  return { phase: Number(phase), path: path === "" ? undefined : Buffer.from(path, "base64url") };
}
