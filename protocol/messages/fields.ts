/** Fields that several messages share. */
import { z } from "zod";
import { LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX } from "../limits.ts";

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), `${bytes * 2} hexadecimal digits`);

export const id16 = hex(16);
export const id32 = hex(32);
/** Rows the service names: UUIDs. */
export const rowId = z.uuid();
export const sizeBytes = z.int().min(0);
export const count = z.int().min(0);
/** Fractions of a second may be as long as anybody likes, and lists show them. */
export const instant = z.iso.datetime().max(40);
/** Shown in lists, mails and files: nothing in it ends a line or turns the reading direction round. */
export const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, "no control characters");
export const email = z.email().max(254);
/** Six digits of an authenticator app, or a recovery code. */
export const secondFactorCode = z.string().trim().min(6).max(40);
export const password = z.string().min(1).max(1024);

/** Base64 of exactly `bytes` bytes, or of at most `max`. */
export const base64 = (max: number, exact?: number) =>
  z
    .base64()
    .max(Math.ceil(max / 3) * 4)
    .refine(
      (text) => exact === undefined || Math.floor((text.replace(/=+$/, "").length * 3) / 4) === exact,
      `${exact} bytes in base64`,
    );

export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(LIST_LIMIT_DEFAULT),
  cursor: z.string().max(200).optional(),
});

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

/** The licence kind: what a product key and a user are for. */
export const deviceKind = z.enum(["desktop", "server"]);

/** Black, orange, red: below a limit, at it, beyond it. */
export const quotaColour = z.enum(["below", "reached", "exceeded"]);

/** What a limit may be set to; null: there is no end. */
export const range = z.object({ minimum: count, maximum: count.nullable() });

export const empty = z.object({});
