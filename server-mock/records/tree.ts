/** What the rules of the quota tree ask about everything below an organization, and what follows a user to another group. */
import type { PageOf, Scope } from "./records.ts";
import type { AccountRow, DeviceKind, PoolKind, PoolRow } from "./rows.ts";

/** A group's room of one kind, with what weighs on it from below. */
export interface GroupRoom extends Pick<PoolRow, "mode" | "limitBytes" | "overageBytes" | "usedBytes"> {
  readonly group: string;
  /** Used, and promised to uploads on their way. */
  readonly heldBytes: number;
  /** The largest limit of its users and machines; 0: none has one. */
  readonly largestLimit: number;
}

/** A group's licences of one kind. */
export interface GroupLicences {
  readonly group: string;
  /** Its own; null: it draws on the organization's. */
  readonly devices: number | null;
  /** What its users have. */
  readonly handed: number;
}

export type DeviceCounts = Readonly<Record<DeviceKind, { readonly real: number; readonly virtual: number }>>;

export interface Tree {
  /** Of all groups; users count whose kind is limited by rooms of `kind`. */
  listRooms(organization: string, kind: PoolKind): Promise<GroupRoom[]>;
  listLicences(organization: string, kind: DeviceKind): Promise<GroupLicences[]>;
  /** Promised to uploads of a user's machines. */
  sumPromised(account: string): Promise<Record<DeviceKind, number>>;
  /** Machines that are not deleted. */
  countMachines(of: { account: string } | { organization: string } | { userGroup: string }): Promise<DeviceCounts>;
  /** The user, its machines, keys and uploads belong to another group; `Pools.move` moves what it uses. */
  moveUser(account: string, to: string): Promise<void>;
  /** Admins and users with a group, not deleted. */
  listAccounts(page: PageOf, scope: Scope): Promise<AccountRow[]>;
  /** Ascending by id, behind `after`. */
  listDeletedUsers(page: PageOf): Promise<AccountRow[]>;
  /** Of a group, without deleted ones. */
  countUsers(group: string): Promise<number>;
  /** Users and machines that are not purged. */
  countContents(organization: string): Promise<readonly [users: number, machines: number]>;
  countAccounts(organization: string): Promise<number>;
  countGroups(organization: string): Promise<number>;
  /** Its tokens, links, keys and all that says who it was go; what is left is a name for the records of its machines. */
  purgeAccount(id: string, at: number): Promise<void>;
  /** An empty group. */
  removeGroup(id: string): Promise<void>;
  /** An organization without users and machines: as an account, with its admins, roles, webhooks and everything else that is only its own. */
  purgeOrganization(id: string, at: number): Promise<void>;
}

/** A wish for a new password, kept until a job has looked whether there is such an account: so nobody sees by the time it takes. */
export interface ResetRequestRow {
  readonly id: string;
  /** Lower-case, as it was typed. */
  readonly login: string;
  /** Where; null: at the administrators' log-in. */
  readonly subdomain: string | null;
  readonly address: string;
  readonly at: number;
}

export interface ResetRequests {
  insert(row: ResetRequestRow): Promise<void>;
  count(): Promise<number>;
  /** Oldest first. */
  list(limit: number): Promise<ResetRequestRow[]>;
  /** False when somebody else has taken it. */
  take(id: string): Promise<boolean>;
}
