/** User groups: what their users share. */
import { z } from "zod";
import { count, instant, listQuery, name, range, rowId, sizeBytes } from "./fields.ts";
import { organizationSettingsChange, poolView } from "./organizations.ts";

/** What a group has otherwise than its organization; kept as JSON. */
export const groupSettings = organizationSettingsChange
  .pick({ sync: true, overdueDays: true, agentVersions: true })
  .extend({ /** Its users add no machines. */ suspended: z.boolean().optional() });
export type GroupSettings = z.infer<typeof groupSettings>;

const { sync, overdueDays, agentVersions, suspended } = groupSettings.shape;
/** null: as the organization has it, again. */
const groupSettingsChange = z.strictObject({
  sync: sync.nullable(),
  overdueDays: overdueDays.nullable(),
  agentVersions: agentVersions.nullable(),
  suspended: suspended.nullable(),
});

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
  /** The kinds of storage that are limited: `all`, or the other two where Server and Desktop have rooms of their own. */
  counted: z.array(z.enum(["all", "desktop", "server"])),
  users: count,
  machines: count,
  version: z.int(),
  createdAt: instant,
});
export type GroupView = z.infer<typeof groupView>;

/** One group: also what its limits may be, and those of a new user in it. */
export const groupDetails = groupView.extend({
  allowed: z.object({
    pools: z.array(
      z.object({
        kind: z.enum(["all", "desktop", "server"]),
        /** Of `limitBytes` in a mode that has one. */
        limited: range,
        assigned: range,
        /** Whether everything that the group holds fits a mode without a limit of its own. */
        fitsShared: z.boolean(),
        fitsNone: z.boolean(),
        /** Null: storage of all kinds has no licences. */
        devices: range.nullable(),
      }),
    ),
    newUser: z.object({
      limitBytes: z.object({ desktop: range, server: range }),
      devices: z.object({ desktop: range, server: range }),
    }),
  }),
});
export type GroupDetails = z.infer<typeof groupDetails>;

/** `organization`: of a top-level admin, only this one's. */
export const groupQuery = listQuery.extend({ organization: rowId.optional() });
export type GroupQuery = z.output<typeof groupQuery>;

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
  settings: groupSettingsChange.optional(),
  /** The default group is where users go of whom nobody says otherwise; another one becomes it. */
  isDefault: z.literal(true).optional(),
  pools: z.array(groupPool).max(3).optional(),
});
export type GroupChange = z.infer<typeof groupChange>;
