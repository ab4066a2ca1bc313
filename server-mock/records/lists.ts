/** Lists of users and machines as people look at them: sorted by any column, filtered, searched, a page at a time, over a million rows. */
import type { MACHINE_SORTS, USER_SORTS } from "../../protocol/messages/lists.ts";
import type { Scope } from "./records.ts";
import type { AccountRow, DeviceKind, Flag, MachineRow } from "./rows.ts";
import type { Cutoffs } from "./watch.ts";

export type UserSort = (typeof USER_SORTS)[number];
export type MachineSort = (typeof MACHINE_SORTS)[number];

export type UserListState = "active" | "inactive" | "suspended" | "canceled" | "deleted";
export type MachineListState = "active" | "suspended" | "deleted";

/** Everything that is given must hold. */
export interface ListFilter<State> {
  readonly scope: Scope;
  readonly states: readonly State[];
  readonly group?: string | undefined;
  readonly kind?: DeviceKind | undefined;
  /** By the last success: never; or at or after `since`; or ever, but before `before`. */
  readonly backedUp?: "never" | { readonly since: number } | { readonly before: number } | undefined;
  /** Either a whole name, log-in or external id, or any part of one; in any letters. */
  readonly search?: { readonly text: string; readonly isExact: boolean } | undefined;
}

export type UserListFilter = ListFilter<UserListState>;

export interface MachineListFilter extends ListFilter<MachineListState> {
  readonly user?: string | undefined;
  readonly isFailing?: boolean | undefined;
  /** Without a success since its group's instant. */
  readonly overdue?: Cutoffs | undefined;
  /** A status of the overview; every machine has exactly one. */
  readonly status?: { readonly name: string; readonly cutoffs: Cutoffs } | undefined;
}

/** A place in a list: what the row is sorted by, and its id. */
export interface ListPlace {
  readonly key: string | number;
  readonly id: string;
}

export interface ListAsk<Sort, Filter> {
  readonly sort: Sort;
  readonly isDescending: boolean;
  readonly filter: Filter;
  readonly limit: number;
  /** Absent: from the beginning, and counted. */
  readonly after?: ListPlace | undefined;
  /** For tests: from how many rows on a list is walked instead of sorted; nobody sees a difference. */
  readonly few?: number | undefined;
}

export interface ListFound<Row> {
  readonly rows: readonly Row[];
  /** Behind which the next page begins; undefined: there is none. */
  readonly next: ListPlace | undefined;
  /** Of the whole list, up to `LIST_COUNT_MAX`, and one more if there are more; undefined when it was not asked from the beginning. */
  readonly count: number | undefined;
}

interface Named {
  readonly organizationName: string;
  readonly groupName: string;
  readonly groupIsDefault: Flag;
}

/** A user of neither kind has machines of both. */
export type ListedUser = AccountRow & Named & { readonly byKind: Readonly<Record<DeviceKind, KindUse>> };

export interface KindUse {
  /** Machines that are not deleted. */
  readonly machines: number;
  readonly usedBytes: number;
}

export type ListedMachine = MachineRow &
  Named & {
    readonly login: string;
    readonly userName: string;
    /** Of its vault; null: it has none. */
    readonly wrap: string | null;
  };

export interface Lists {
  users(ask: ListAsk<UserSort, UserListFilter>): Promise<ListFound<ListedUser>>;
  machines(ask: ListAsk<MachineSort, MachineListFilter>): Promise<ListFound<ListedMachine>>;
}
