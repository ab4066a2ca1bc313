/** Product keys. */
import { z } from "zod";
import { count, deviceKind, id16, instant, listQuery, rowId } from "./fields.ts";

export const productKeyState = z.enum(["unassigned", "assigned", "activated", "suspended", "revoked"]);

/** The whole key is shown once, when it is made; afterwards only its last group. */
export const productKeyView = z.object({
  id: rowId,
  lastGroup: z.string(),
  kind: deviceKind,
  state: productKeyState,
  group: rowId,
  user: z.object({ id: rowId, email: z.string() }).nullable(),
  machine: id16.nullable(),
  /** What the columns User Group and Machine show. */
  shown: z.object({ group: z.string(), machine: z.string().nullable() }),
  activatedAt: instant.nullable(),
  /** When it was mailed to its user. */
  sentAt: instant.nullable(),
  version: z.int(),
  createdAt: instant,
});
export type ProductKeyView = z.infer<typeof productKeyView>;

const filters = {
  state: productKeyState.optional(),
  kind: deviceKind.optional(),
  group: rowId.optional(),
  user: rowId.optional(),
};
export const productKeyQuery = listQuery.extend(filters);
export const productKeyExport = z.strictObject(filters);
export type ProductKeyQuery = z.output<typeof productKeyQuery>;

/** For a user, or a group's stock; for neither: the default group's. */
export const productKeyCreate = z.strictObject({
  user: rowId.optional(),
  group: rowId.optional(),
  kind: deviceKind,
  count: z.int().min(1).max(1000).default(1),
});
export const productKeysCreated = z.object({ keys: z.array(productKeyView.extend({ productKey: z.string() })) });

export const productKeyChange = z.strictObject({
  /** Whose machine it may activate; null: nobody's yet. */
  user: rowId.nullable().optional(),
  suspended: z.boolean().optional(),
});

export const productKeysAssign = z.strictObject({
  keys: z.array(rowId).min(1).max(1000),
  user: rowId.nullable(),
});
export const productKeysAssigned = z.object({ keys: z.array(productKeyView) });

/** Of both kinds. */
export const productKeysSent = z.object({ sent: count, desktop: count, server: count });
