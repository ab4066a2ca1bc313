/** Sizes as forms take them: whole GB (1 GB = 1,000,000,000 bytes). What the service says in bytes is said in GB again. */
import { formatBytes } from "../../../base/format-bytes.ts";
import { ApiError, asApiError } from "../api/api-error.ts";
import { text } from "../messages/messages.ts";

export const GB = 1_000_000_000;

export interface Range {
  readonly minimum: number;
  /** null: there is no end. */
  readonly maximum: number | null;
}

/** For a field: empty without a limit; one that was set otherwise keeps its decimals. */
export const toGigabytes = (bytes: number | null): number | "" => (bytes === null ? "" : bytes / GB);

/** Of a field of numbers; an empty one is no limit. */
export const fromGigabytes = (typed: number | string): number | null =>
  typed === "" ? null : Math.round(Number(typed) * GB);

/** Of a field of text: whole positive GB; undefined: it is something else. */
export function wholeGigabytes(typed: string): number | undefined {
  const digits = typed.trim().replace(/\s*GB$/i, "");
  const bytes = Number(digits) * GB;
  return /^\d{1,7}$/.test(digits) && bytes > 0 ? bytes : undefined;
}

/** `0`, not `0 B`: of what is used and free. */
export const shownSize = (bytes: number): string => (bytes === 0 ? "0" : formatBytes(bytes));

/** Only whole GB that are inside. */
export const gigabyteRange = ({ minimum, maximum }: Range): Range => ({
  minimum: Math.ceil(minimum / GB),
  maximum: maximum === null ? null : Math.floor(maximum / GB),
});

/** `MIN 3 GB, MAX 20 GB`. */
export const sizeRangeText = (range: Range): string => {
  const { minimum, maximum } = gigabyteRange(range);
  return text.common.range(gigabytes(minimum), maximum === null ? null : gigabytes(maximum));
};

/** `MIN 2, MAX 10`. */
export const countRangeText = ({ minimum, maximum }: Range): string =>
  text.common.range(minimum.toLocaleString("en"), maximum === null ? null : maximum.toLocaleString("en"));

const gigabytes = (count: number): string => `${count.toLocaleString("en")} GB`;

/** A refused limit with its range in GB, and beside the same field; other errors as they are. */
export function inGigabytes(thrown: unknown): ApiError {
  const error = asApiError(thrown);
  const { minimum, maximum } = error.data;
  const isSize = /(?:limit|overage)Bytes$/.test(error.field ?? "");
  if (error.code !== "limit/out-of-range" || !isSize || typeof minimum !== "number" || typeof maximum !== "number")
    return error;
  const range = { minimum, maximum: maximum >= Number.MAX_SAFE_INTEGER ? null : maximum };
  const { code, data, hint } = error;
  return new ApiError(error.status, { code, message: text.common.outOfRange(sizeRangeText(range)), hint, data });
}
