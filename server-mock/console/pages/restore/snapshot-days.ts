/** Snapshots by the days of the person who looks: what a calendar shows. */
import type { SnapshotView } from "../../../../protocol/messages/records.ts";

// Swedish dates are ISO dates.
const DAY = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short" });

/** `2026-11-20`, in the reader's time zone. */
export const dayOf = (at: string): string => DAY.format(new Date(at));

/** Newest first within each day, as they come. */
export const byDay = (snapshots: readonly SnapshotView[]): ReadonlyMap<string, readonly SnapshotView[]> =>
  Map.groupBy(snapshots, ({ receivedAt }) => dayOf(receivedAt));

/** `snapshots`: newest first. Of those that were received at or before `at` the newest; undefined: there is none. */
export const newestAt = (snapshots: readonly SnapshotView[], at: string): SnapshotView | undefined =>
  snapshots.find(({ receivedAt }) => Date.parse(receivedAt) <= Date.parse(at));
