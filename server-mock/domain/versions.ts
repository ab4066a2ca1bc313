/** Two people who edit the same row: the second is told, not obeyed. */
import { HoldfastError } from "../../protocol/errors.ts";

/**
 * In the transaction that changes the row. `ifMatch` is the version that the caller has seen; undefined: the caller doesn't care. Throws
 * `edit/conflict` with the version there is.
 */
export function checkVersion(row: { readonly version: number }, ifMatch: number | undefined): void {
  if (ifMatch !== undefined && ifMatch !== row.version)
    throw new HoldfastError("edit/conflict", { version: row.version });
}
