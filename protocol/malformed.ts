/** How decoders refuse bytes. */
import type { Fail } from "../base/bytes.ts";
import { HoldfastError } from "./errors.ts";

/** A `fail` for ByteReader that names the structure. */
export const malformed =
  (structure: string): Fail =>
  (reason) => {
    throw new HoldfastError("format/malformed", { structure, reason });
  };
