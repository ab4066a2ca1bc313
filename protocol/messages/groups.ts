/** User groups: what their users share. */
import { z } from "zod";
import { count, instant, name, rowId, sizeBytes } from "./fields.ts";
import { organizationSettings, poolView } from "./organizations.ts";

/** What a group has otherwise than its organization; kept as JSON. */
export const groupSettings = organizationSettings.pick({ sync: true, overdueDays: true }).partial();
export type GroupSettings = z.infer<typeof groupSettings>;

export const groupView = z.object({
  id: rowId,
  organization: rowId,
  name: z.string(),
  isDefault: z.boolean(),
  externalId: z.string().nullable(),
  settings: groupSettings,
  pools: z.array(poolView),
  users: count,
  version: z.int(),
  createdAt: instant,
});
export type GroupView = z.infer<typeof groupView>;

export const groupPool = z.strictObject({
  kind: z.enum(["all", "desktop", "server"]),
  mode: z.enum(["shared", "limited", "assigned", "none"]),
  limitBytes: sizeBytes.nullable().default(null),
  devices: count.max(1_000_000).nullable().default(null),
});
export const groupCreate = z.strictObject({
  name,
  externalId: z.string().trim().max(200).nullable().default(null),
  settings: groupSettings.default({}),
  pools: z.array(groupPool).max(3).default([]),
});
