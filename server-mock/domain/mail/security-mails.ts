/** Notices that nobody can turn off: somebody else did something that touches an account or its backups. */
import type { RecordStores } from "../../records/records.ts";
import type { Domain } from "../domain.ts";
import { moment, queueMail, type Reader } from "./queue-mail.ts";

/** Who did it: a name that its reader knows. */
export interface By {
  readonly actor: string;
  readonly address?: string | undefined;
}

export type SecurityNotice =
  | { readonly kind: "password-changed" }
  /** Log in as User. */
  | { readonly kind: "acted-as" }
  /** `subject`: the account that has become an admin, or has no second factor any more. */
  | { readonly kind: "admin-created" | "second-factor-removed"; readonly subject: string }
  /** `subject`: whose backups; `detail`: from what to what. */
  | { readonly kind: "retention-shortened"; readonly subject: string; readonly detail: string }
  | { readonly kind: "restore-opened" | "key-changed"; readonly machine: string; readonly detail: string };

/** To the account that it touches. In the transaction of the act. */
export async function mailSecurityNotice(
  domain: Domain,
  stores: RecordStores,
  reader: Reader,
  notice: SecurityNotice,
  by: By,
): Promise<void> {
  const { kind, ...named } = notice;
  const at = moment(domain.clock.now());
  const values = { ...named, at, by: by.actor, address: by.address ?? "this service's own machine" };
  await queueMail(domain, stores, reader, kind, { values });
}

/** To every active admin of the organization, also the one who did it: it may have been somebody in their name. */
export async function mailAdmins(
  domain: Domain,
  stores: RecordStores,
  organization: string,
  notice: SecurityNotice,
  by: By,
): Promise<void> {
  for (const admin of await listAdmins(stores, organization))
    await mailSecurityNotice(domain, stores, admin, notice, by);
}

const ADMINS_MAX = 500;

/** Those that can read mail: active ones. */
export async function listAdmins(stores: RecordStores, organization: string) {
  const admins = await stores.accounts.list({ limit: ADMINS_MAX }, { organization, role: "admin" });
  return admins.filter(({ state }) => state === "active");
}
