/** Columns of reports in their order, and a row's line under them: names and wording are those that people of this trade know. */
import { formatBytes } from "../../../base/format-bytes.ts";
import { ERROR_CODES } from "../../../protocol/error-codes.ts";
import { isErrorCode } from "../../../protocol/errors.ts";
import type { ReportedGroup, ReportedKey, ReportedMachine, ReportedUser } from "../../records/reports.ts";
import type { DeviceKind } from "../../records/rows.ts";

const GB = 1_000_000_000;

/** Of the list of users; its lines are the list's own. */
export const USERS = [
  "External ID",
  "User",
  "Name",
  "User Group",
  "Sync",
  "Machines",
  "Storage",
  "Storage Used",
  "Created",
  "Backed Up",
];

export const MACHINES = [
  "External ID",
  "Machine",
  "User",
  "User Group",
  "Storage Used",
  "Created",
  "Last Update",
  "Backed Up",
];

export const GROUPS = ["User Group", "External ID", "Users", "Machines", "Storage", "Storage Used", "Created"];

export const groupLine = (row: ReportedGroup): string[] => [
  row.isDefault === 1 ? `${row.name} *` : row.name,
  row.externalId ?? "",
  String(row.users),
  String(row.machines),
  storageOf(row),
  row.usedBytes === 0 ? "None" : formatBytes(row.usedBytes),
  date(row.createdAt),
];

function storageOf({ mode, limitBytes }: ReportedGroup): string {
  switch (mode) {
    case "shared":
      return "Shared";
    case "none":
      return "None";
    case "limited":
      return `${formatBytes(limitBytes ?? 0)} (Limited)`;
    case "assigned":
      return `${formatBytes(limitBytes ?? 0)} (Assigned)`;
  }
}

export const KEYS = ["Product Key", "Type", "State", "User Group", "User", "Machine", "Created", "Activated"];

export const keyLine = (row: ReportedKey): string[] => [
  row.lastGroup,
  typeOf(row.kind),
  keyState(row),
  row.groupName,
  row.login ?? "",
  row.machineName ?? "",
  date(row.createdAt),
  dateOr(row.activatedAt, ""),
];

function keyState({ revokedAt, suspendedAt, activatedAt, login }: ReportedKey): string {
  if (revokedAt !== null) return "Revoked";
  if (suspendedAt !== null) return "Suspended";
  if (activatedAt !== null) return "Activated";
  return login === null ? "Unassigned" : "Assigned";
}

export const DETAILS = [
  "Organization",
  "User Group",
  "User",
  "Name",
  "Machine",
  "Key Type",
  "Quota Used",
  "Quota Granted",
  "Created Date",
  "Last Backup",
  "Client Version",
];

export const detailsLine = (row: ReportedMachine): string[] => [
  row.organizationName,
  row.groupName,
  row.login,
  row.userName,
  row.name,
  typeOf(row.kind),
  formatBytes(row.usedBytes),
  quotaOf(row),
  date(row.createdAt),
  dateTimeOr(row.lastUpdateAt, "never"),
  row.agentVersion === "" ? "unknown" : row.agentVersion,
];

export const STATUS = [
  "Username",
  "Machine",
  "License Type",
  "Product Key",
  "Quota Assigned",
  "Quota Used",
  "Last Successful Backup",
];

export const statusLine = (row: ReportedMachine): string[] => [
  row.login,
  row.name,
  typeOf(row.kind),
  row.keyLastGroup ?? "",
  quotaOf(row),
  formatBytes(row.usedBytes),
  dateTimeOr(row.lastUpdateAt, "never"),
];

export const WATCHLIST = [
  "Organization",
  "User Group",
  "Username",
  "Machine",
  "Last Backup",
  "Last Failure",
  "Error Message",
  "Error Code",
  "Backup In Progress",
];

export const watchlistLine = (row: ReportedMachine): string[] => [
  row.organizationName,
  row.groupName,
  row.login,
  row.name,
  dateTimeOr(row.lastUpdateAt, "never"),
  dateTimeOr(row.lastFailureAt, ""),
  sentenceOf(row.lastFailureCode),
  row.lastFailureCode ?? "",
  row.running > 0 ? "Yes" : "No",
];

export const OVER_QUOTA = ["Organization", "User Group", "Machine", "Quota Assigned", "Quota Used", "% used"];

/** Its own limit; where it has none, its user's, with all that the user's machines use. */
export function overQuotaLine(row: ReportedMachine): string[] {
  const [limit, used] =
    row.limitBytes === null ? [row.userLimitBytes ?? 0, row.userUsedBytes] : [row.limitBytes, row.usedBytes];
  const percent = limit === 0 ? "" : (Math.round((used / limit) * 1000) / 10).toFixed(1);
  return [row.organizationName, row.groupName, row.name, formatBytes(limit), formatBytes(used), percent];
}

export const ADDED = ["Date", "Organization", "User Group", "User", "Machine", "Licenses Count", "GB Count"];

/** What was granted to a new user. */
export const userAddedLine = (row: ReportedUser): string[] => [
  date(row.createdAt),
  row.organizationName,
  row.groupName,
  row.login,
  "",
  String(row.desktopDevices + row.serverDevices),
  gigabytes(row.limitBytes),
];

/** A new machine takes one licence. */
export const machineAddedLine = (row: ReportedMachine): string[] => [
  date(row.createdAt),
  row.organizationName,
  row.groupName,
  row.login,
  row.name,
  "1",
  gigabytes(row.limitBytes),
];

const typeOf = (kind: DeviceKind): string => (kind === "server" ? "Server" : "Desktop");

const quotaOf = ({ limitBytes }: ReportedMachine): string => (limitBytes === null ? "Shared" : formatBytes(limitBytes));

const gigabytes = (bytes: number | null): string =>
  bytes === null ? "" : String(Math.round((bytes / GB) * 100) / 100);

const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const dateOr = (ms: number | null, none: string): string => (ms === null ? none : date(ms));

/** `2026-11-22 06:00`, UTC: spreadsheets read it as a time. */
const dateTimeOr = (ms: number | null, none: string): string =>
  ms === null ? none : new Date(ms).toISOString().slice(0, 16).replace("T", " ");

/** The code's sentence, where it needs no facts that a report doesn't have. */
function sentenceOf(code: string | null): string {
  const says: string = code !== null && isErrorCode(code) ? ERROR_CODES[code].says : "";
  return says.includes("{") ? "" : says;
}
