/** What an account may see and do. What it may not see does not exist for it. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { RecordStores, Scope } from "../records/records.ts";
import type { AccountRow, MachineRow, VaultRow } from "../records/rows.ts";
import type { ConsoleCaller } from "./callers.ts";

/** The rows that the caller's lists show: all for an owner, the organization's for an admin, the own ones for a user. */
export function scopeOf({ account }: ConsoleCaller): Scope {
  const organization = account.organization ?? undefined;
  switch (account.role) {
    case "owner":
      return {};
    case "admin":
      return { organization };
    case "user":
      return { organization, account: account.id };
  }
}

/** Throws `role/not-allowed`. */
export function requireRole({ account }: ConsoleCaller, roles: readonly AccountRow["role"][], action: string): void {
  if (!roles.includes(account.role)) throw new HoldfastError("role/not-allowed", { action });
}

/** Of an admin: the organization in which something is made. */
export function ownOrganization({ account }: ConsoleCaller, action: string): string {
  if (account.role !== "admin" || account.organization === null)
    throw new HoldfastError("role/not-allowed", { action });
  return account.organization;
}

/** Throws `machine/missing` also for a machine that is none of the caller's business. */
export async function getMachine(
  stores: RecordStores,
  caller: ConsoleCaller,
  id: string,
): Promise<{ machine: MachineRow; vault: VaultRow }> {
  const machine = await stores.machines.find(id);
  const vault = await stores.vaults.findByMachine(id);
  if (machine === undefined || vault === undefined || !isWithin(scopeOf(caller), machine))
    throw new HoldfastError("machine/missing");
  return { machine, vault };
}

/** A user or admin of the caller's scope. Throws `user/missing`. */
export async function getUser(stores: RecordStores, caller: ConsoleCaller, id: string): Promise<AccountRow> {
  const user = await stores.accounts.find(id);
  if (user === undefined || user.role !== "user") throw new HoldfastError("user/missing");
  if (!isWithin(scopeOf(caller), { organization: user.organization, account: user.id }))
    throw new HoldfastError("user/missing");
  return user;
}

const isWithin = (scope: Scope, row: { organization: string | null; account: string }): boolean =>
  (scope.organization === undefined || scope.organization === row.organization) &&
  (scope.account === undefined || scope.account === row.account);
