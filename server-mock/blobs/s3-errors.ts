/** What S3 servers answer → our names. Everything that is not theirs passes as it is: our own errors, a sender's broken connection. */
import { HoldfastError } from "../../protocol/errors.ts";

/** Insufficient storage, and what servers of one's own call a full quota. */
const FULL = /^(QuotaExceeded|InsufficientStorage|XMinioStorageFull|EntityTooLarge|TooManyBuckets)$/;
const NETWORK =
  /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET|ERR_STREAM_PREMATURE|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_)/;

export const statusOf = (error: unknown): number => {
  if (!(error instanceof Error) || !("$metadata" in error)) return 0;
  const { httpStatusCode = 0 } = error.$metadata as { httpStatusCode?: number }; // The SDK's own field.
  return httpStatusCode;
};

export const isAbsent = (error: unknown): boolean => statusOf(error) === 404;

/** `If-None-Match: *` met an object of that name. */
export const isTaken = (error: unknown): boolean => statusOf(error) === 412;

/** Worth another attempt: the network, a busy or failing server, two writers at the same moment. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  return (status >= 500 && status !== 501) || status === 429 || status === 409 || status === 408 || isNetwork(error);
}

export function asBlobsError(error: unknown): unknown {
  if (error instanceof HoldfastError || !(error instanceof Error)) return error;
  const status = statusOf(error);
  if (status === 507 || FULL.test(error.name)) return new HoldfastError("storage/full", {}, { cause: error });
  if (status > 0 || "$metadata" in error || isNetwork(error))
    return new HoldfastError("storage/failed", { reason: `the bucket (${status || error.name})` }, { cause: error });
  return error;
}

function isNetwork(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "TimeoutError" || ("code" in error && NETWORK.test(String(error.code)))) return true;
  if (error instanceof AggregateError) return isNetwork(error.errors[0]);
  return false;
}
