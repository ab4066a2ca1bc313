/** The one error class. What a code means, and what to do about it, stands in the table of `error-codes.ts`. */
import { formatBytes } from "../base/format-bytes.ts";
import { ERROR_CODES, type ErrorCode, type ErrorKind } from "./error-codes.ts";

export type ErrorData = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

/** `{"error": …}` on the wire. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly data?: ErrorData | undefined;
  readonly requestId?: string | undefined;
}

/** `data` fills the sentence's `{placeholders}`; secrets and file contents never enter it. */
export class HoldfastError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, data: ErrorData = {}, options: { cause?: unknown } = {}) {
    super(fill(ERROR_CODES[code].says, data), options);
    this.name = "HoldfastError";
    this.code = code;
    this.data = data;
  }

  get kind(): ErrorKind {
    return ERROR_CODES[this.code].kind;
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  get hint(): string {
    return fill(ERROR_CODES[this.code].hint, this.data);
  }
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

export function toErrorBody(error: HoldfastError, requestId?: string): ErrorBody {
  return { code: error.code, message: error.message, hint: error.hint, data: error.data, requestId };
}

/** A code that this side does not know yet becomes `service/unknown-error`, with the service's own words. */
export function fromErrorBody(body: ErrorBody): HoldfastError {
  if (isErrorCode(body.code)) return new HoldfastError(body.code, body.data ?? {});
  return new HoldfastError("service/unknown-error", { code: body.code, message: body.message });
}

/** For what cannot happen. */
export function bug(reason: string): never {
  throw new HoldfastError("bug/invariant", { reason });
}

/** Any thrown value as a HoldfastError; what is not ours becomes `bug/unexpected` with its cause kept. */
export function asHoldfastError(error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new HoldfastError("bug/unexpected", { reason }, { cause: error });
}

/** `{used}` as it is; `{used:size}` is bytes, for people; `{minimum:limit}` too, unless the field that is meant counts devices. */
function fill(sentence: string, data: ErrorData): string {
  const isCount = typeof data.field === "string" && /devices$/i.test(data.field);
  return sentence.replace(/\{(\w+)(?::(size|limit))?\}/g, (_, name: string, form?: string) => {
    const value = data[name];
    if (typeof value === "number" && form !== undefined && !(form === "limit" && isCount))
      return value >= Number.MAX_SAFE_INTEGER ? "any size" : formatBytes(value);
    return value === undefined || value === null ? "?" : Array.isArray(value) ? value.join(", ") : String(value);
  });
}
