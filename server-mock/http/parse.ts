/** Parsing at the edge: what a schema refuses is `request/malformed` with the place in the message that is wrong. */
import type { z } from "zod";
import { HoldfastError } from "../../protocol/errors.ts";

export function parseWith<Schema extends z.ZodType>(
  schema: Schema | undefined,
  value: unknown,
): z.output<Schema> | undefined {
  if (schema === undefined) return undefined;
  refuseNul(value);
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  const reason = `${path === "" ? "" : `${path}: `}${issue?.message ?? "it does not fit"}`;
  throw new HoldfastError("request/malformed", { reason, path });
}

/** Of parameters, which are texts; bodies have none left. PostgreSQL knows no text with it. */
function refuseNul(value: unknown): void {
  for (const [path, each] of Object.entries(value ?? {}))
    if (typeof each === "string" && each.includes("\0"))
      throw new HoldfastError("request/malformed", { reason: `${path}: it has NUL in it`, path });
}

export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9_-]{16,256})$/i.exec(header ?? "")?.[1];
}
