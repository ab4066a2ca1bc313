/** Search / List Users and Search / List Machines: how to ask, and what a row shows. */
import { z } from "zod";
import { LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX } from "../limits.ts";
import { MACHINE_STATUSES } from "./alerts.ts";
import { count, deviceKind, id16, instant, range, rowId, sizeBytes } from "./fields.ts";
import { encryption } from "./machines.ts";
import { userState } from "./users.ts";

/** In the order of the columns. */
export const USER_SORTS = [
  "external-id",
  "user",
  "name",
  "group",
  "sync",
  "machines",
  "storage",
  "storage-used",
  "created",
  "backed-up",
] as const;

export const MACHINE_SORTS = [
  "external-id",
  "machine",
  "user",
  "group",
  "storage-used",
  "created",
  "last-update",
  "backed-up",
] as const;

const RECENCY = ["backed-up-24-hours", "backed-up-1-week", "backup-over-1-week", "never-backed-up"] as const;

export const USER_FILTERS = ["active", "inactive", "suspended", "canceled", "deleted", ...RECENCY] as const;

export const MACHINE_FILTERS = ["active", "suspended", "deleted", "overdue", "failing", ...RECENCY] as const;

/** How far a list is counted. */
export const LIST_COUNT_MAX = 10_000;

const choice = {
  order: z.enum(["asc", "desc"]).optional(),
  /** A whole e-mail address, name or external ID, in any letters; with `full` any part of one. */
  search: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((text) => text.isWellFormed() && !text.includes("\0"), "text")
    .optional(),
  full: z.stringbool().optional(),
  /** Of a top-level admin: only this organization's. */
  organization: rowId.optional(),
  group: rowId.optional(),
  kind: deviceKind.optional(),
};

const page = {
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(LIST_LIMIT_DEFAULT),
  cursor: z.string().max(3000).optional(),
};

export const userListChoice = z.strictObject({
  ...choice,
  sort: z.enum(USER_SORTS).optional(),
  /** Without it: all that are not deleted. */
  filter: z.enum(USER_FILTERS).optional(),
});
export const userListQuery = userListChoice.extend(page);
export type UserListChoice = z.output<typeof userListChoice>;
export type UserListQuery = z.output<typeof userListQuery>;

export const machineListChoice = z.strictObject({
  ...choice,
  sort: z.enum(MACHINE_SORTS).optional(),
  filter: z.enum(MACHINE_FILTERS).optional(),
  user: rowId.optional(),
  /** As the overview counts them: each machine that is not deleted has exactly one. */
  status: z.enum(MACHINE_STATUSES).optional(),
});
export const machineListQuery = machineListChoice.extend(page);
export type MachineListChoice = z.output<typeof machineListChoice>;
export type MachineListQuery = z.output<typeof machineListQuery>;

const listed = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable(),
    /** Of the whole list; with the first page only. Not exact: there are more than `count`. */
    total: z.object({ count, isExact: z.boolean() }).nullable(),
  });

const group = z.object({ id: rowId, name: z.string(), isDefault: z.boolean() });
const use = z.object({ used: count, limit: count });

export const userItem = z.object({
  id: rowId,
  externalId: z.string().nullable(),
  email: z.string(),
  name: z.string(),
  organization: z.object({ id: rowId, name: z.string() }),
  group,
  kind: deviceKind.nullable(),
  state: userState,
  sync: z.boolean(),
  machines: count,
  limitBytes: sizeBytes.nullable(),
  overageBytes: sizeBytes.nullable(),
  usedBytes: sizeBytes,
  devices: z.object({ desktop: use, server: use }),
  createdAt: instant,
  lastBackupAt: instant.nullable(),
  /** What is to be read in the columns whose text is a rule; one line each where Server and Desktop have rooms of their own. */
  shown: z.object({
    group: z.string(),
    sync: z.string(),
    storage: z.array(z.string()),
    storageUsed: z.array(z.string()),
  }),
  version: z.int(),
});
export const userList = listed(userItem);
export type UserItem = z.infer<typeof userItem>;
export type UserList = z.infer<typeof userList>;

export const machineItem = z.object({
  id: id16,
  externalId: z.string().nullable(),
  name: z.string(),
  os: z.string(),
  kind: deviceKind,
  virtual: z.boolean(),
  state: z.enum(["active", "suspended"]),
  user: z.object({ id: rowId, email: z.string(), name: z.string() }),
  group,
  organization: z.object({ id: rowId, name: z.string() }),
  /** Who can open its backups: the service when somebody asks, or its owner's passphrase alone. */
  encryption,
  clientVersion: z.string(),
  usedBytes: sizeBytes,
  limitBytes: sizeBytes.nullable(),
  createdAt: instant,
  lastUpdateAt: instant.nullable(),
  lastSeenAt: instant.nullable(),
  lastFailureAt: instant.nullable(),
  lastFailureCode: z.string().nullable(),
  deletedAt: instant.nullable(),
  /** In a list of one user's machines: what each may still store, and what its limit may be; else null. */
  room: z.object({ availableBytes: sizeBytes.nullable(), limitRange: range }).nullable(),
  /** `(default user group)` for the default one; `None` where nothing is stored. */
  shown: z.object({ group: z.string(), storageUsed: z.string() }),
  version: z.int(),
});
export const machineList = listed(machineItem);
export type MachineItem = z.infer<typeof machineItem>;
export type MachineList = z.infer<typeof machineList>;

export const userImportQuery = z.strictObject({
  /** Nothing is made; the answer is what it would be. */
  dryRun: z.stringbool().default(true),
  /** One row that can't be made: none is. */
  allOrNothing: z.stringbool().default(true),
  /** For rows that name none; without it the default one. */
  group: rowId.optional(),
  /** A mail with a link to set a password and install. */
  sendInstructions: z.stringbool().default(false),
});

export const userImportResult = z.object({
  isDryRun: z.boolean(),
  /** Rows of the file without its header. */
  read: count,
  /** Would be created, in a dry run. */
  created: count,
  failed: count,
  /** At most 1,000. */
  errors: z.array(
    z.object({
      /** As spreadsheets count: the header is row 1. */
      row: count,
      /** The column that is wrong; null: the row as a whole. */
      column: z.string().nullable(),
      code: z.string(),
      message: z.string(),
      hint: z.string(),
    }),
  ),
  /** The first 100 rows as they are (or would be) made. */
  preview: z.array(
    z.object({
      row: count,
      email: z.string(),
      name: z.string(),
      externalId: z.string().nullable(),
      group: z.string(),
      kind: deviceKind.nullable(),
      limitBytes: sizeBytes.nullable(),
      devices: z.object({ desktop: count, server: count }),
    }),
  ),
});
export type UserImportResult = z.infer<typeof userImportResult>;
