/** A row of a CSV file as a new user. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { DeviceKind } from "../../records/rows.ts";
import type { NewUser } from "./new-users.ts";

export const USER_COLUMNS = ["Username", "Email"];
export const USER_COLUMNS_OPTIONAL = ["External ID", "User Group", "Type", "Storage Limit", "Devices"];

const EXTERNAL_ID_MAX = 200;
const DEVICES_MAX = 1_000_000;
const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** Throws `request/malformed` with the column as `path`. Name and e-mail are looked at where users are made. */
export function parseUserRow(cells: Readonly<Record<string, string>>): NewUser {
  const kind = parseKind(cells.Type ?? "");
  const devices = parseDevices(cells.Devices ?? "");
  const externalId = cells["External ID"] ?? "";
  if (externalId.length > EXTERNAL_ID_MAX) throw wrong("External ID", `at most ${EXTERNAL_ID_MAX} characters`);
  return {
    name: cells.Username ?? "",
    email: cells.Email ?? "",
    externalId: externalId === "" ? null : externalId,
    kind,
    limitBytes: parseLimit(cells["Storage Limit"] ?? ""),
    desktopDevices: kind === "desktop" ? devices : 0,
    serverDevices: kind === "server" ? devices : 0,
  };
}

function parseKind(text: string): DeviceKind {
  const kind = text.toLowerCase();
  if (kind === "" || kind === "desktop") return "desktop";
  if (kind === "server") return "server";
  throw wrong("Type", "Desktop or Server");
}

/** Blank: one. */
function parseDevices(text: string): number {
  const count = text === "" ? 1 : Number(text);
  if (!/^\d*$/.test(text) || count > DEVICES_MAX) throw wrong("Devices", "a whole number");
  return count;
}

/** Blank or `Shared`: none. A bare number means GB, as in the forms. */
function parseLimit(text: string): number | null {
  if (text === "" || text.toLowerCase() === "shared") return null;
  const [, digits = "", unit = "GB"] = /^(\d{1,9}(?:\.\d{1,3})?)\s*(MB|GB|TB)?$/i.exec(text) ?? [];
  const bytes = Math.round(Number(digits) * (UNITS[unit.toUpperCase()] ?? 0));
  if (digits === "" || bytes <= 0 || !Number.isSafeInteger(bytes))
    throw wrong("Storage Limit", "a size such as 10 GB, or nothing");
  return bytes;
}

const wrong = (field: string, reason: string): HoldfastError =>
  new HoldfastError("request/malformed", { reason: `${field}: ${reason}`, field });
