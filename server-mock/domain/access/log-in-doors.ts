/**
 * Where accounts log in. Administrators at the service's own address, users only at their organization's subdomain and only if it lets them; for agents
 * and restores everybody's credentials are good anywhere.
 */
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow } from "../../records/rows.ts";
import { settingsOf } from "../people/settings.ts";

export interface LogInDoor {
  readonly for: "console" | "restore";
  /** The subdomain; undefined: the administrators' log-in. */
  readonly organization: string | undefined;
}

export const RESTORE_DOOR: LogInDoor = { for: "restore", organization: undefined };

export async function isLetIn(stores: RecordStores, account: AccountRow, door: LogInDoor): Promise<boolean> {
  if (door.for === "restore") return true;
  const here =
    door.organization === undefined ? undefined : await stores.organizations.findBySubdomain(door.organization);
  switch (account.role) {
    case "owner":
      return door.organization === undefined;
    case "admin":
      return door.organization === undefined || here?.id === account.organization;
    case "user":
      return here !== undefined && here.id === account.organization && settingsOf(here).usersLogIn;
  }
}
