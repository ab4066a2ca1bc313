/** Parsing at the edge: what a schema refuses is `request/malformed` with the place in the message that is wrong. */
import type { z } from "zod";
import { HoldfastError } from "../../protocol/errors.ts";

export function parseWith<Schema extends z.ZodType>(
  schema: Schema | undefined,
  value: unknown,
): z.output<Schema> | undefined {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  const reason = `${path === "" ? "" : `${path}: `}${issue?.message ?? "it does not fit"}`;
  throw new HoldfastError("request/malformed", { reason, path });
}

export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9_-]{16,256})$/i.exec(header ?? "")?.[1];
}
