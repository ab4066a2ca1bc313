/** A new row for somebody who can log in. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow } from "../../records/rows.ts";
import { normalEmail } from "../access/log-in.ts";
import type { Domain } from "../domain.ts";

export type NewAccount = Pick<AccountRow, "organization" | "role" | "email" | "name" | "password"> &
  Partial<Omit<AccountRow, "id" | "version" | "createdAt" | "usedBytes" | "machineCount" | "lastBackupAt">>;

/** Without `login` it is the e-mail address. Throws `account/exists`: a log-in name is unique over all organizations and roles. */
export async function addAccount(domain: Domain, stores: RecordStores, wanted: NewAccount): Promise<AccountRow> {
  const login = normalEmail(wanted.login ?? wanted.email);
  if ((await stores.accounts.findByLogin(login)) !== undefined)
    throw new HoldfastError("account/exists", { email: login });
  const row: AccountRow = {
    ...DEFAULTS,
    ...wanted,
    id: domain.newId(),
    login,
    email: normalEmail(wanted.email),
    createdAt: domain.clock.now(),
  };
  await stores.accounts.insert(row);
  return row;
}

const DEFAULTS = {
  roleId: null,
  firstName: null,
  lastName: null,
  externalId: null,
  isPasswordTemporary: 0,
  totp: null,
  state: "active",
  stateAt: null,
  userGroup: null,
  kind: null,
  limitBytes: null,
  overageBytes: 0,
  usedBytes: 0,
  desktopDevices: 0,
  serverDevices: 0,
  deviceQuotas: "{}",
  sync: 0,
  createdFrom: null,
  installRegion: null,
  notifications: "less",
  businessNotifications: 1,
  agentAutoUpdate: 1,
  locations: "local-and-cloud",
  machineCount: 0,
  lastBackupAt: null,
  version: 1,
} as const;
