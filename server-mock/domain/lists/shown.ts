/** Texts of columns that are rules, not taste. */
import { formatBytes } from "../../../base/format-bytes.ts";
import { timeSince } from "../../../base/time-since.ts";
import type { ListedUser } from "../../records/lists.ts";
import type { DeviceKind } from "../../records/rows.ts";

export const shownGroup = (row: { readonly groupIsDefault: number; readonly groupName: string }): string =>
  row.groupIsDefault === 1 ? "(default user group)" : row.groupName;

export const shownSync = ({ sync }: Pick<ListedUser, "sync">): string => (sync === 1 ? "Enabled" : "Disabled");

/** One line, or one for each kind where Server and Desktop have rooms of their own. */
export function shownStorage({ limitBytes, kind }: ListedUser, isSeparate: boolean): string[] {
  const limit = limitBytes === null ? "Shared" : `${formatBytes(limitBytes)} (Limited)`;
  return isSeparate ? byKind((of) => (kind === null || kind === of ? limit : "Shared")) : [limit];
}

export const shownStorageUsed = ({ usedBytes, byKind: uses }: ListedUser, isSeparate: boolean): string[] =>
  isSeparate ? byKind((of) => shownUsed(uses[of].usedBytes)) : [shownUsed(usedBytes)];

const byKind = (text: (kind: DeviceKind) => string): string[] => [
  `Desktop: ${text("desktop")}`,
  `Server: ${text("server")}`,
];

export const shownUsed = (bytes: number): string => (bytes === 0 ? "None" : formatBytes(bytes));

export const shownDate = (at: number): string => new Date(at).toISOString().slice(0, 10);

export const shownSince = (at: number | null, now: number): string => (at === null ? "never" : timeSince(at, now));
