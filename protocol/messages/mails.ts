import { z } from "zod";
import { count, instant, listQuery, rowId } from "./fields.ts";

export const mailState = z.enum(["queued", "sent", "failed", "expired"]);

export const mailView = z.object({
  id: rowId,
  recipient: z.string(),
  /** Which of the service's letters. */
  letter: z.string(),
  subject: z.string(),
  /** Empty where it opens something: a link, a key. */
  text: z.string(),
  isSecret: z.boolean(),
  state: mailState,
  attempts: count,
  /** What the mail server said last. */
  problem: z.string().nullable(),
  createdAt: instant,
  /** null: no more. */
  nextAt: instant.nullable(),
  sentAt: instant.nullable(),
});
export type MailView = z.infer<typeof mailView>;

export const mailQuery = listQuery.extend({ state: mailState.optional() });

export const mailList = z.object({
  items: z.array(mailView),
  next: z.string().nullable(),
  isConfigured: z.boolean(),
  /** What the operator does so that mails leave; null: they do. */
  hint: z.string().nullable(),
});
