/** Log in as User: an admin sees what the user sees, for an hour. Never what is in the backups; and the user sees that it happened. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { Domain } from "../domain.ts";
import { mailSecurityNotice } from "../mail/security-mails.ts";
import { findOrganization } from "../people/organizations.ts";
import { audit } from "../records/audit.ts";
import { instant } from "../views.ts";
import { actorOf, getUser } from "./access.ts";
import type { ConsoleCaller } from "./callers.ts";
import { checkActive, giveToken } from "./tokens.ts";

const ACT_MS = 3600_000;

/** Throws `user/missing`, `organization/no-subdomain`, and what keeps the user itself from logging in. */
export async function actAs(
  domain: Domain,
  caller: ConsoleCaller,
  user: string,
  { address, userAgent }: { address: string; userAgent: string | null },
): Promise<{ token: string; expiresAt: string }> {
  const expiresAt = domain.clock.now() + ACT_MS;
  const token = await domain.records.transaction(async (stores) => {
    const row = await getUser(stores, caller, user);
    await checkActive(stores, row);
    const organization = row.organization === null ? undefined : await findOrganization(stores, row.organization);
    if (organization === undefined || organization.subdomain === null)
      throw new HoldfastError("organization/no-subdomain");
    const by = actorOf(caller, address);
    const act = { organization: organization.id, action: "users/act-as", subject: row.login, account: row.id };
    await audit(domain, stores, { ...by, ...act });
    await mailSecurityNotice(domain, stores, row, { kind: "acted-as" }, by);
    const given = { account: row.id, actor: caller.account.id, expiresAt, address, userAgent };
    return await giveToken(domain, stores, { audience: "console", ...given });
  });
  return { token, expiresAt: instant(expiresAt) };
}
