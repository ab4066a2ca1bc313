/**
 * Restores in the browser: the service opens a vault with a default key for a person, for a while. Paths begin with `/`; bytes that are not UTF-8 are
 * spelled `%FF`, and a `%` is spelled `%25`, so that every path can be said. `name` is for reading only.
 */
import { z } from "zod";
import { count, id16, instant, rowId, sizeBytes } from "./fields.ts";
import { restoreStatus, snapshotView } from "./records.ts";
import { path } from "./restore-orders.ts";
import { problem } from "./sessions.ts";

export const ENTRIES_LIMIT_MAX = 1000;
export const ARCHIVE_PATHS_MAX = 10_000;

const cursor = z.string().max(200_000);
const limit = z.int().min(1).max(ENTRIES_LIMIT_MAX).default(200);
const sequence = z.int().min(1);

export const webRestoreRequest = z.strictObject({ purpose: z.enum(["browse", "restore"]).default("browse") });

/** `webRestore` names it in all calls below. */
export const webRestoreView = z.object({
  id: rowId,
  machine: id16,
  machineName: z.string(),
  /** Other keys are refused with `restore/key-is-yours`. */
  key: z.literal("default"),
  expiresAt: instant,
  /** The newest snapshot that can be restored; null: there is none yet. */
  latest: snapshotView.nullable(),
});
export type WebRestoreView = z.infer<typeof webRestoreView>;

/** One of them, or neither for the newest; `at`: the newest snapshot that was received at or before it. */
const which = { snapshot: sequence.optional(), at: instant.optional() };

/** The snapshot that an answer is about. */
const shownSnapshot = snapshotView.pick({ sequence: true, receivedAt: true, incomplete: true });

export const ENTRY_KINDS = ["file", "folder", "link", "fifo", "socket", "device"] as const;

export const entryView = z.object({
  path,
  name: z.string(),
  kind: z.enum(ENTRY_KINDS),
  /** Of files. */
  bytes: sizeBytes.nullable(),
  modifiedAt: instant,
  /** The low 12 permission bits. */
  mode: z.int(),
  owner: z.string(),
  group: z.string(),
  /** Of a link: where it points, for reading. */
  target: z.string().nullable(),
  /** It could not be read when it was backed up: only this line of it is there. */
  isMissing: z.boolean(),
  /** Sealed bytes that the service keeps for it, about; of a small file its share of what it is sealed with. null: not asked for, or no file. */
  storedBytes: sizeBytes.nullable(),
  /** When the first backup with this very state of it came; null: not asked for, or longer ago than was looked. */
  backedUpAt: instant.nullable(),
  /** Not in the snapshot asked for: the newest one before it that has it. Restore it from there. */
  deleted: z.object({ snapshot: sequence, receivedAt: instant }).nullable(),
});
export type EntryView = z.infer<typeof entryView>;

/** How far back deleted entries were looked for. */
const lookedBack = z.object({ snapshots: count, since: instant.nullable() }).nullable();

export const entriesRequest = z.strictObject({
  ...which,
  folder: path.default("/"),
  /** `folders-first`, or as the catalog has them: by bytes of the name. */
  order: z.enum(["folders-first", "name"]).default("folders-first"),
  includeDeleted: z.boolean().default(false),
  /** Also `storedBytes` and `backedUpAt`. */
  details: z.boolean().default(false),
  limit,
  cursor: cursor.optional(),
});
export type EntriesRequest = z.output<typeof entriesRequest>;

export const entriesResponse = z.object({
  snapshot: shownSnapshot,
  items: z.array(entryView),
  next: z.string().nullable(),
  lookedBack,
});
export type EntriesResponse = z.infer<typeof entriesResponse>;

export const searchRequest = z.strictObject({
  ...which,
  /** With `*`, `?` or `[`: a pattern of the name, or of the whole path when it has a slash. Else part of a name; upper and lower case are the same. */
  pattern: z.string().min(1).max(500),
  folder: path.default("/"),
  includeDeleted: z.boolean().default(false),
  limit,
  cursor: cursor.optional(),
});
export type SearchRequest = z.output<typeof searchRequest>;

/** One call looks at a bounded number of entries: `next` may be there although few or none were found. First what is there, then what was deleted. */
export const searchResponse = z.object({
  snapshot: shownSnapshot,
  items: z.array(entryView),
  next: z.string().nullable(),
  /** Entries that this call looked at. */
  looked: count,
  lookedBack,
});
export type SearchResponse = z.infer<typeof searchResponse>;

export const versionsRequest = z.strictObject({ path });
/** Newest first. */
export const versionsResponse = z.object({
  path,
  items: z.array(
    z.object({
      entry: entryView,
      /** The snapshots that have it like this: from `first` (when it was backed up) to `last`. */
      first: shownSnapshot,
      last: shownSnapshot,
      /** The next snapshot after `last` does not have it. */
      deletedIn: shownSnapshot.nullable(),
    }),
  ),
});
export type VersionsResponse = z.infer<typeof versionsResponse>;

export const sizesRequest = z.strictObject({ ...which, folder: path.default("/") });
const sized = z.object({
  path,
  name: z.string(),
  kind: z.enum(ENTRY_KINDS),
  /** Of all files at and below it; hard links count each time. */
  bytes: sizeBytes,
  /** Files, folders and everything else at and below it. */
  entries: count,
});
/** What uses the space: the largest first. */
export const sizesResponse = z.object({
  snapshot: shownSnapshot,
  folder: path,
  bytes: sizeBytes,
  entries: count,
  /** At most 500. */
  items: z.array(sized),
  /** What is not among the items, summed. */
  rest: z.object({ items: count, bytes: sizeBytes, entries: count }),
});
export type SizesResponse = z.infer<typeof sizesResponse>;

/**
 * `view`: PNG, JPEG, GIF, WebP, or text (the first `max` bytes of it), to be shown in place; anything else is `restore/not-viewable`. `download`: all
 * bytes, as an attachment; takes ranges.
 */
export const fileQuery = z.strictObject({
  snapshot: z.coerce.number().int().min(1),
  path,
  as: z.enum(["view", "download"]).default("download"),
  max: z.coerce
    .number()
    .int()
    .min(1)
    .max(4 * 1024 * 1024)
    .default(1024 * 1024),
});
export type FileQuery = z.output<typeof fileQuery>;

export const ARCHIVE_FORMATS = ["zip", "tar", "tar.gz"] as const;
export const archiveRequest = z.strictObject({
  /** What to take, each part from its own snapshot: so deleted files and older versions go into the same archive. */
  parts: z
    .array(z.strictObject({ snapshot: sequence, paths: z.array(path).min(1).max(ARCHIVE_PATHS_MAX) }))
    .min(1)
    .max(100),
  format: z.enum(ARCHIVE_FORMATS).default("zip"),
});
export type ArchiveRequest = z.output<typeof archiveRequest>;

/** A row of Restores that is an archive. `running`: files are being counted; `ready`: its link works. */
export const archiveView = z.object({
  id: rowId,
  machine: id16,
  machineName: z.string(),
  format: z.enum(ARCHIVE_FORMATS),
  fileName: z.string(),
  status: restoreStatus,
  /** Of the error table; why it failed or is incomplete. */
  code: z.string().nullable(),
  requestedAt: instant,
  /** Ready since. */
  finishedAt: instant.nullable(),
  expiresAt: instant,
  filesRequested: count.nullable(),
  /** Grow while it is downloaded. */
  filesRetrieved: count,
  bytes: sizeBytes,
  /** Of all files, before packing; null until they are counted. */
  bytesRequested: sizeBytes.nullable(),
  /** Begun so far. */
  downloads: count,
  /** What is not in it, and why: the first 1,000. */
  problems: z.array(problem),
  problemCount: count,
});
export type ArchiveView = z.infer<typeof archiveView>;

/** `path` is of this service: whoever has it can download, without a log-in, as often as wanted until then. Shown only here. */
export const downloadLink = z.object({ path: z.string(), expiresAt: instant });
export type DownloadLink = z.infer<typeof downloadLink>;

export const archiveCreated = archiveView.extend({ link: downloadLink });
export type ArchiveCreated = z.infer<typeof archiveCreated>;
