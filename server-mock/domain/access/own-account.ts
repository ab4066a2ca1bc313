/** Who is logged in, and what people decide about themselves: their name, and which mails they want. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { OwnAccount, OwnAccountChange } from "../../../protocol/messages/accounts.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { definedOnly } from "../people/users.ts";
import { audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { instant, instantOrNull } from "../views.ts";
import { actorOf, PROVEN_MS } from "./access.ts";
import type { ConsoleCaller } from "./callers.ts";
import { viewAccount } from "./log-in.ts";

export function viewOwnAccount({ clock }: Domain, caller: ConsoleCaller): OwnAccount {
  const { account, actor, token, capabilities } = caller;
  const until = token.provenAt === null ? 0 : token.provenAt + PROVEN_MS;
  return {
    account: viewAccount(account, capabilities),
    actor: actor?.login ?? null,
    limitedTo: token.limitedTo,
    expiresAt: instantOrNull(token.expiresAt),
    provenUntil: until > clock.now() ? instant(until) : null,
    notifications: account.notifications,
    businessNotifications: account.businessNotifications === 1,
    version: account.version,
  };
}

/** Throws `edit/conflict`. */
export async function changeOwnAccount(
  domain: Domain,
  caller: ConsoleCaller,
  { ifMatch, ...change }: OwnAccountChange & { ifMatch: number | undefined },
  address: string,
): Promise<OwnAccount> {
  const { id, organization } = caller.account;
  return await domain.records.transaction(async (stores) => {
    const row = await stores.accounts.find(id);
    // It may have ended since the call came in.
    if (row?.state !== "active") throw new HoldfastError("token/invalid");
    checkVersion(row, ifMatch);
    const { name, notifications, businessNotifications } = change;
    const columns = {
      ...definedOnly({ name, notifications }),
      ...(businessNotifications === undefined
        ? {}
        : { businessNotifications: businessNotifications ? (1 as const) : (0 as const) }),
      version: row.version + 1,
    };
    await stores.accounts.change(id, columns);
    const act = { organization, account: id, action: "account/change", subject: row.login };
    await audit(domain, stores, { ...actorOf(caller, address), ...act, detail: JSON.stringify(change) });
    // Whoever keeps a list of users elsewhere knows their names.
    if (row.role === "user" && organization !== null)
      await emit(domain, stores, {
        ...{ organization, account: id, kind: "user.changed" },
        detail: { email: row.login, state: row.state },
      });
    return viewOwnAccount(domain, { ...caller, account: { ...row, ...columns } });
  });
}
