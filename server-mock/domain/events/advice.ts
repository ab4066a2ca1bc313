/** What a person can do about a code of a backup record; empty when this version doesn't know it, or the advice needs facts that aren't kept. */
import { ERROR_CODES } from "../../../protocol/error-codes.ts";
import { isErrorCode } from "../../../protocol/errors.ts";

export function adviceOn(code: string): string {
  const hint = isErrorCode(code) ? ERROR_CODES[code].hint : "";
  return hint.includes("{") ? "" : hint;
}
