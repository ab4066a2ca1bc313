/** Storage used day by day, of everything that has a count of its own. A day has a row only where something is other than on the day before. */
import type { PageOf } from "./records.ts";

export type UsageLevel = "service" | "organization" | "group" | "user" | "machine";

export interface UsageDayRow {
  /** Id of the organization, group, user or machine; of the service: `service`. */
  readonly holder: string;
  /** Days since 1970-01-01, UTC's. */
  readonly day: number;
  readonly level: UsageLevel;
  /** When the day ended, or when it was last looked at. */
  readonly usedBytes: number;
  /** null: no limit of its own. */
  readonly limitBytes: number | null;
}

/** As it is now. */
export type UsageNow = Omit<UsageDayRow, "day">;

export interface Usage {
  /** From the day on, oldest first; before them the newest older one, which holds until the first of them. */
  list(holder: string, from: number): Promise<UsageDayRow[]>;
  /** What machines, users, and pools of groups and organizations use now; by id. `next`: behind which the next ones are. */
  listNow(level: "machine" | "user" | "pool", page: PageOf): Promise<{ rows: UsageNow[]; next: string | undefined }>;
  /** The newest of each; holders without any are left out. */
  listNewest(holders: readonly string[]): Promise<UsageDayRow[]>;
  /** In place of what was noted of the same day. */
  put(rows: readonly UsageDayRow[]): Promise<void>;
  /** Of holders that have a row on `day`, those of the days from `from` until before it go. By holder; answers behind which the next ones are. */
  removeBetween(
    span: { readonly from: number; readonly day: number; readonly levels: readonly UsageLevel[] },
    page: PageOf,
  ): Promise<string | undefined>;
  removeOf(holder: string): Promise<void>;
}
