/** PostgreSQL's trouble gets our names; SQLSTATEs are its manual's, appendix A. Everything else is a bug and passes as it is. */
import { HoldfastError } from "../../../protocol/errors.ts";

const FULL = new Set(["53100", "54000"]);
/** Serialization failure and deadlock: the same transaction may succeed now. */
const OVERTAKEN = new Set(["40001", "40P01"]);
const UNIQUE = "23505";
/** Connections, resources, a server that stops or is starting, waits that took too long, damage; wrong credentials or no such database. */
const FAILED = /^(08|28|3D|53|57|58|XX)|^55P03$|^25P0[34]$/;
/** What the network says, and the driver in plain words. */
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET)/;
const WORDS =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|not queryable|closed the connection/i;

export const isOvertaken = (error: unknown): boolean => OVERTAKEN.has(stateOf(error));

/** Somebody added the same key at the same moment; where both had looked first, looking again tells. */
export const isDuplicate = (error: unknown): boolean => stateOf(error) === UNIQUE;

export function asRecordsError(error: unknown): unknown {
  if (error instanceof HoldfastError || !(error instanceof Error)) return error;
  const state = stateOf(error);
  if (FULL.has(state)) return new HoldfastError("storage/full", {}, { cause: error });
  if (FAILED.test(state) || NETWORK.test(state) || WORDS.test(error.message))
    return new HoldfastError("storage/failed", { reason: `the database (${state || "no answer"})` }, { cause: error });
  return error;
}

function stateOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  // Of several addresses tried, each has failed.
  if (error instanceof AggregateError) return stateOf(error.errors[0]);
  return "";
}
