/** The one place where whatever was thrown becomes an error that a caller may see. */
import type { FastifyError, FastifyRequest } from "fastify";
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
import { JSON_BYTES_MAX } from "../../protocol/limits.ts";

const RETRY_AFTER_SECONDS = 5;

export function explain(error: FastifyError | Error, request: FastifyRequest): HoldfastError {
  if (error instanceof HoldfastError && error.kind !== "bug") {
    if (error.status >= 500) request.log.warn({ code: error.code, cause: error.cause }, error.message);
    return error;
  }
  const code = "code" in error ? error.code : undefined;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    const limit = request.routeOptions.bodyLimit ?? JSON_BYTES_MAX;
    return new HoldfastError("request/too-large", { limit });
  }
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE")
    return new HoldfastError("request/malformed", {
      reason: "a body is application/json, an upload application/octet-stream; say so in Content-Type",
    });
  const status = "statusCode" in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return new HoldfastError("request/malformed", { reason: error.message });
  if (request.raw.aborted || request.raw.socket.destroyed) {
    request.log.info("the caller went away");
    return new HoldfastError("request/malformed", { reason: "the connection broke" });
  }
  request.log.error({ err: asHoldfastError(error), cause: error }, "a call failed");
  return new HoldfastError("service/failed", { request: request.id });
}

/** Seconds, for `Retry-After`; undefined: trying again later changes nothing. */
export function retryAfter(error: HoldfastError): number | undefined {
  if (typeof error.data.seconds === "number") return error.data.seconds;
  return error.kind === "unavailable" ? RETRY_AFTER_SECONDS : undefined;
}
