/** What the service says when it refuses, with its own sentence and hint. */
import type { ErrorBody } from "../../../protocol/errors.ts";

export class ApiError extends Error {
  /** HTTP; 0: the service was not reached. */
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly data: NonNullable<ErrorBody["data"]>;

  constructor(status: number, { code, message, hint, data }: ErrorBody) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.data = data ?? {};
  }

  /** The field of the form that is meant, like `users.2.email`. */
  get field(): string | undefined {
    const { field, path } = this.data;
    const named = field ?? path;
    return typeof named === "string" && named !== "" ? named : undefined;
  }
}

export interface Refusal {
  /** As the API calls it, like `users.2.email`. */
  readonly field: string;
  readonly says: string;
}

/** What is wrong with which field: one of a rule, several of a shape. Empty: no field is to blame. */
export function refusalsOf(error: ApiError): readonly Refusal[] {
  const { fields, reasons } = error.data;
  if (Array.isArray(fields) && Array.isArray(reasons))
    return fields.map((field, at) => ({ field, says: sentence(reasons[at] ?? error.message) }));
  return error.field === undefined ? [] : [{ field: error.field, says: `${error.message} ${error.hint}` }];
}

/** `3 to 63 letters` → `3 to 63 letters.` */
const sentence = (reason: string): string =>
  `${reason.charAt(0).toUpperCase()}${reason.slice(1)}${/[.!?]$/.test(reason) ? "" : "."}`;

/** Anything thrown, as something to show. */
export const asApiError = (error: unknown): ApiError =>
  error instanceof ApiError
    ? error
    : new ApiError(0, {
        code: "console/unexpected",
        message: error instanceof Error ? error.message : String(error),
        hint: "Reload the page; if it happens again, report it with what you did.",
      });
