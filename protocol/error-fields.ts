/**
 * Beside which field of a form a refusal belongs, where its code alone says so: the first of these that the request has. A place that depends on more
 * than the code is in the error's data already, as `field`. Dots lead into objects and lists: `users.2.email`.
 */
import type { ErrorCode } from "./error-codes.ts";

export const ERROR_FIELDS: Partial<Record<ErrorCode, readonly string[]>> = {
  "account/exists": ["login", "email", "admin.email"],
  "admin/last": ["state", "role", "administrator"],
  "confirmation/wrong": ["confirm"],
  "device/none-free": ["devices", "group"],
  "edition/too-small": ["edition"],
  "email/same": ["email"],
  "group/exists": ["name"],
  "group/missing": ["group", "groups"],
  "group/no-room": ["group"],
  "limit/out-of-range": ["limitBytes", "group"],
  "login/wrong": ["password"],
  "login/wrong-code": ["code"],
  "machine/missing": ["machine"],
  "organization/exists": ["name"],
  "organization/missing": ["organization"],
  "password/same": ["newPassword", "password"],
  "password/too-short": ["newPassword", "password", "admin.password"],
  "product-key/none": ["user"],
  "product-key/wrong-user": ["user"],
  "quota/exceeded": ["user"],
  "region/unknown": ["installRegion"],
  "role/exceeds": ["capabilities", "role", "groups", "administrator"],
  "role/exists": ["name"],
  "role/missing": ["role"],
  "space/not-held": ["confirmBytes"],
  "subdomain/needed": ["settings.usersLogIn", "temporary", "temporaryPasswords", "subdomain"],
  "subdomain/reserved": ["subdomain"],
  "subdomain/taken": ["subdomain"],
  "sync/not-offered": ["sync"],
  "user/missing": ["user"],
  "user/wrong-kind": ["kind", "desktopDevices", "serverDevices"],
  "webhook/refused": ["url"],
};

/** The field of the request that a refusal is about: as its data say, else by its code. undefined: none that the request has. */
export function fieldOfError(code: ErrorCode, named: unknown, request: unknown): string | undefined {
  const candidates = [...(typeof named === "string" ? [named] : []), ...(ERROR_FIELDS[code] ?? [])];
  return candidates.find((field) => has(request, field.split(".")));
}

function has(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return value !== undefined;
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? has(Object.entries(value).find(([key]) => key === name)?.[1], rest)
    : false;
}
