/** The filters people know, as conditions on rows: by state, or by how long ago the last successful backup was. */

import type { MachineStatus } from "../../../protocol/messages/alerts.ts";
import type { MACHINE_FILTERS, USER_FILTERS } from "../../../protocol/messages/lists.ts";
import type { ListFilter, MachineListFilter, MachineListState, UserListState } from "../../records/lists.ts";
import type { Cutoffs } from "../../records/watch.ts";

const DAY_MS = 24 * 3_600_000;

const USERS_THERE: readonly UserListState[] = ["active", "inactive", "suspended", "canceled"];
const MACHINES_THERE: readonly MachineListState[] = ["active", "suspended"];

type UserFilter = (typeof USER_FILTERS)[number];
type MachineFilter = (typeof MACHINE_FILTERS)[number];

export function userFilter(
  filter: UserFilter | undefined,
  now: number,
): Pick<ListFilter<UserListState>, "states" | "backedUp"> {
  switch (filter) {
    case "active":
    case "inactive":
    case "suspended":
    case "canceled":
    case "deleted":
      return { states: [filter] };
    default:
      return { states: USERS_THERE, backedUp: backedUp(filter, now) };
  }
}

/** `overdue` asks for more than the row: see `machine-list.ts`. */
export function machineFilter(
  filter: MachineFilter | undefined,
  now: number,
): Pick<ListFilter<MachineListState>, "states" | "backedUp"> & { readonly isFailing?: true } {
  switch (filter) {
    case "active":
    case "suspended":
    case "deleted":
      return { states: [filter] };
    case "failing":
      return { states: MACHINES_THERE, isFailing: true };
    case "overdue":
      return { states: MACHINES_THERE };
    default:
      return { states: MACHINES_THERE, backedUp: backedUp(filter, now) };
  }
}

type Recency = Exclude<UserFilter, UserListState>;

function backedUp(filter: Recency | undefined, now: number): ListFilter<never>["backedUp"] {
  switch (filter) {
    case "backed-up-24-hours":
      return { since: now - DAY_MS };
    case "backed-up-1-week":
      return { since: now - 7 * DAY_MS };
    case "backup-over-1-week":
      return { before: now - 7 * DAY_MS };
    case "never-backed-up":
      return "never";
    case undefined:
      return undefined;
  }
}

/** What else is true of machines of a status, where an index tells it: so that the few late ones of a million are found fast. */
export function impliedBy(
  status: MachineStatus,
  cutoffs: Cutoffs,
): Pick<MachineListFilter, "isFailing" | "backedUp" | "overdue"> {
  switch (status) {
    case "failing":
      return { isFailing: true };
    case "never":
      return { backedUp: "never" };
    case "late":
    case "offline":
      return { overdue: cutoffs };
    case "on-time":
    case "suspended":
      return {};
  }
}
