/** Rows of reports: everything a line needs in one row, in pages ascending by id, so that a report of a million lines is never held. */
import type { PageOf, Scope } from "./records.ts";
import type { DeviceKind, PoolRow } from "./rows.ts";

export interface ReportedMachine {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly agentVersion: string;
  readonly limitBytes: number | null;
  readonly usedBytes: number;
  readonly createdAt: number;
  readonly lastUpdateAt: number | null;
  readonly lastFailureAt: number | null;
  readonly lastFailureCode: string | null;
  readonly organizationName: string;
  readonly groupName: string;
  readonly login: string;
  readonly userName: string;
  readonly userLimitBytes: number | null;
  readonly userUsedBytes: number;
  /** Last group of its product key; null: it was activated without one. */
  readonly keyLastGroup: string | null;
  /** Running sessions. */
  readonly running: number;
}

export interface ReportedUser {
  readonly id: string;
  readonly externalId: string | null;
  readonly login: string;
  readonly name: string;
  readonly groupName: string;
  readonly groupIsDefault: number;
  readonly organizationName: string;
  readonly sync: number;
  readonly machineCount: number;
  readonly limitBytes: number | null;
  readonly usedBytes: number;
  readonly desktopDevices: number;
  readonly serverDevices: number;
  readonly createdAt: number;
  readonly lastBackupAt: number | null;
}

export interface ReportedGroup {
  readonly id: string;
  readonly name: string;
  readonly isDefault: number;
  readonly externalId: string | null;
  readonly createdAt: number;
  readonly mode: PoolRow["mode"];
  readonly limitBytes: number | null;
  readonly usedBytes: number;
  readonly users: number;
  readonly machines: number;
}

export interface ReportedKey {
  readonly id: string;
  readonly lastGroup: string;
  readonly kind: DeviceKind;
  readonly groupName: string;
  readonly login: string | null;
  readonly machineName: string | null;
  readonly revokedAt: number | null;
  readonly suspendedAt: number | null;
  readonly activatedAt: number | null;
  readonly createdAt: number;
}

export interface MachineFilter {
  readonly scope: Scope;
  /** Without a successful backup since then. */
  readonly overdueBefore?: number | undefined;
  /** Of its own limit, or of its user's where it has none. */
  readonly usedPercent?: number | undefined;
  readonly createdSince?: number | undefined;
}

export interface UserFilter {
  readonly scope: Scope;
  readonly createdSince?: number | undefined;
  readonly overdueBefore?: number | undefined;
  readonly usedPercent?: number | undefined;
}

export interface Reports {
  /** Machines that are not deleted. */
  listMachines(page: PageOf, filter: MachineFilter): Promise<ReportedMachine[]>;
  /** Users that are not deleted. */
  listUsers(page: PageOf, filter: UserFilter): Promise<ReportedUser[]>;
  listGroups(page: PageOf, scope: Scope): Promise<ReportedGroup[]>;
  listKeys(page: PageOf, scope: Scope): Promise<ReportedKey[]>;
  /** Runs that began at or after a row id, by state. */
  countRuns(scope: Scope, fromId: string): Promise<Record<string, number>>;
}
