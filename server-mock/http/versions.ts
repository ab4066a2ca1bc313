/** Versions of rows as entity tags (RFC 9110 §8.8.3, §13.1.1): `ETag: "7"`, `If-Match: "7"`. */
import { HoldfastError } from "../../protocol/errors.ts";

export const etagOf = (version: number): string => `"${version}"`;

/** The version that the caller has seen; undefined: whichever there is. Throws `request/malformed`. */
export function parseIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const [, version] = /^\s*"(\d{1,15})"\s*$/.exec(header) ?? [];
  if (version === undefined)
    throw new HoldfastError("request/malformed", {
      reason: "If-Match must be the ETag of an answer",
      field: "If-Match",
    });
  return Number(version);
}

/** Of an answer that carries one. */
export const versionOf = (answer: unknown): number | undefined =>
  typeof answer === "object" && answer !== null && "version" in answer && typeof answer.version === "number"
    ? answer.version
    : undefined;
