/** The one place where whatever was thrown becomes an error that a caller may see. */
import type { FastifyError, FastifyRequest } from "fastify";
import { fieldOfError } from "../../protocol/error-fields.ts";
import { asHoldfastError, type ErrorBody, HoldfastError, toErrorBody } from "../../protocol/errors.ts";
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

/** On the wire, with the field of the request that is meant, for a form to show it there. */
export function errorBody(error: HoldfastError, request: Pick<FastifyRequest, "id" | "body">): ErrorBody {
  const body = toErrorBody(error, request.id);
  const field = fieldOfError(error.code, error.data.field, request.body);
  return field === undefined ? body : { ...body, data: { ...error.data, field } };
}

/** Seconds, for `Retry-After`; undefined: trying again later changes nothing. */
export function retryAfter(error: HoldfastError): number | undefined {
  if (typeof error.data.seconds === "number") return error.data.seconds;
  return error.kind === "unavailable" ? RETRY_AFTER_SECONDS : undefined;
}
