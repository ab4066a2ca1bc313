/** Parsing at the edge: what a schema refuses is `request/malformed` with the places in the message that are wrong. */
import type { z } from "zod";
import { HoldfastError } from "../../protocol/errors.ts";

/** A form has fewer; a long list of broken rows need not be told to its end. */
const ISSUES_TOLD_MAX = 20;

export function parseWith<Schema extends z.ZodType>(
  schema: Schema | undefined,
  value: unknown,
): z.output<Schema> | undefined {
  if (schema === undefined) return undefined;
  refuseNul(value);
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.slice(0, ISSUES_TOLD_MAX).map(({ message, ...issue }) => {
    return { field: fieldOf(issue), message };
  });
  const { field = "", message = "it does not fit" } = told[0] ?? {};
  throw new HoldfastError("request/malformed", {
    reason: `${field === "" ? "" : `${field}: `}${message}`,
    field,
    fields: told.map((each) => each.field),
    reasons: told.map((each) => each.message),
  });
}

/** `users.2.email`; of a member that nobody knows its own name; empty: the message as a whole. */
function fieldOf({ path, keys }: { readonly path: readonly PropertyKey[]; readonly keys?: unknown }): string {
  const [unknown] = Array.isArray(keys) ? keys : [];
  return [...path, ...(typeof unknown === "string" ? [unknown] : [])].map(String).join(".");
}

/** Of parameters, which are texts; bodies have none left. PostgreSQL knows no text with it. */
function refuseNul(value: unknown): void {
  for (const [field, each] of Object.entries(value ?? {}))
    if (typeof each === "string" && each.includes("\0"))
      throw new HoldfastError("request/malformed", { reason: `${field}: it has NUL in it`, field });
}

export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9_-]{16,256})$/i.exec(header ?? "")?.[1];
}
