/** User groups: what their users share. */
import { z } from "zod";
import { count, instant, name, rowId, sizeBytes } from "./fields.ts";
import { organizationSettingsChange, poolView } from "./organizations.ts";

/** What a group has otherwise than its organization; kept as JSON. */
export const groupSettings = organizationSettingsChange
  .pick({ sync: true, overdueDays: true, agentVersions: true })
  .extend({ /** Its users add no machines. */ suspended: z.boolean().optional() });
export type GroupSettings = z.infer<typeof groupSettings>;

export const groupView = z.object({
  id: rowId,
  organization: rowId,
  name: z.string(),
  /** `Sales`, or `(default user group)`. */
  label: z.string(),
  isDefault: z.boolean(),
  externalId: z.string().nullable(),
  settings: groupSettings,
  pools: z.array(poolView),
  users: count,
  version: z.int(),
  createdAt: instant,
});
export type GroupView = z.infer<typeof groupView>;

/** Room and licences of a group: one count. */
export const groupPool = z
  .strictObject({
    kind: z.enum(["all", "desktop", "server"]),
    mode: z.enum(["shared", "limited", "assigned", "none"]).optional(),
    limitBytes: sizeBytes.nullable().optional(),
    /** null: the limit is soft and only told. */
    overageBytes: sizeBytes.nullable().optional(),
    /** Licences of its own; null: as many as the organization has. */
    devices: count.max(1_000_000_000).nullable().optional(),
  })
  .refine(
    ({ mode, limitBytes }) => (mode !== "limited" && mode !== "assigned") || typeof limitBytes === "number",
    "a Limited or Assigned group needs limitBytes",
  )
  .refine(
    ({ mode, limitBytes }) =>
      mode === "limited" || mode === "assigned" || limitBytes === undefined || mode === undefined,
    "only a Limited or Assigned group has limitBytes",
  );
export type GroupPool = z.infer<typeof groupPool>;

const externalId = z.string().trim().max(200).nullable();

export const groupCreate = z.strictObject({
  name,
  externalId: externalId.default(null),
  settings: groupSettings.default({}),
  pools: z.array(groupPool).max(3).default([]),
});

export const groupChange = z.strictObject({
  name: name.optional(),
  externalId: externalId.optional(),
  settings: groupSettings.optional(),
  /** The default group is where users go of whom nobody says otherwise; another one becomes it. */
  isDefault: z.literal(true).optional(),
  pools: z.array(groupPool).max(3).optional(),
});
export type GroupChange = z.infer<typeof groupChange>;
