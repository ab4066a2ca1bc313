/** Product keys. */
import { z } from "zod";
import { deviceKind, id16, instant, rowId } from "./fields.ts";

/** The whole key is shown once, when it is made; afterwards only its last group. */
export const productKeyView = z.object({
  id: rowId,
  lastGroup: z.string(),
  kind: deviceKind,
  state: z.enum(["unassigned", "assigned", "activated", "suspended", "revoked"]),
  group: rowId,
  user: z.object({ id: rowId, email: z.string() }).nullable(),
  machine: id16.nullable(),
  createdAt: instant,
});
export type ProductKeyView = z.infer<typeof productKeyView>;
export const productKeyCreate = z.strictObject({
  user: rowId,
  kind: deviceKind,
  count: z.int().min(1).max(1000).default(1),
});
export const productKeysCreated = z.object({ keys: z.array(productKeyView.extend({ productKey: z.string() })) });
