/** Where the next page of a list begins, as text that only the same list takes back: same sort, same filter, same search. */
import { z } from "zod";
import { sha256 } from "../../../base/digest.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { ListPlace } from "../../records/lists.ts";

const BOUND_CHARACTERS = 12;

const text = z.string().refine((value) => value.isWellFormed() && !value.includes("\0"));
const written = z.tuple([z.string(), z.union([text, z.int()]), text]);

/** `list`: everything that decides what the list holds and how it is sorted. */
export const encodeCursor = ({ key, id }: ListPlace, list: object): string =>
  Buffer.from(JSON.stringify([boundTo(list), key, id])).toString("base64url");

/** Throws `request/malformed` for whatever this list did not write. */
export function parseCursor(cursor: string, list: object, keyType: "text" | "number"): ListPlace {
  const [bound, key, id] = decode(cursor);
  if (bound !== boundTo(list) || (typeof key === "string") !== (keyType === "text")) throw foreign();
  return { key, id };
}

function decode(cursor: string): z.output<typeof written> {
  try {
    return written.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    throw foreign();
  }
}

const boundTo = (list: object): string =>
  sha256(Buffer.from(JSON.stringify(list)))
    .toString("base64url")
    .slice(0, BOUND_CHARACTERS);

const foreign = (): HoldfastError =>
  new HoldfastError("request/malformed", { reason: "cursor: not one of this list", field: "cursor" });
