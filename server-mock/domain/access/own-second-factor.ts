/** One's own second factor: set up, confirmed, given up; and taken away by an admin from whoever lost it. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { SecondFactorView } from "../../../protocol/messages/security.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { mailSecurityNotice } from "../mail/security-mails.ts";
import { audit } from "../records/audit.ts";
import { actorOf, getUser } from "./access.ts";
import type { ConsoleCaller } from "./callers.ts";
import { lockKeys } from "./lockouts.ts";
import { mustHaveSecondFactor } from "./log-in.ts";
import {
  activeFactor,
  hasSecondFactor,
  makeFactor,
  makeRecoveryCodes,
  pendingFactor,
  useCode,
  withActive,
  withPending,
  withUsed,
} from "./second-factor.ts";

export async function viewSecondFactor(domain: Domain, { account }: ConsoleCaller): Promise<SecondFactorView> {
  return {
    isActive: hasSecondFactor(account),
    isPending: pendingFactor(domain, account) !== undefined,
    recoveryCodesLeft: activeFactor(domain, account)?.recovery.length ?? 0,
    isRequired: await mustHaveSecondFactor(domain.records, account),
  };
}

/** Counts when a code has confirmed it; until then one that there is goes on. */
export async function enrolSecondFactor(
  domain: Domain,
  { account }: ConsoleCaller,
): Promise<{ secret: string; uri: string }> {
  const { factor, uri } = await makeFactor(domain, account.login);
  await changeOwn(domain, account.id, async (stores, row) => {
    await stores.accounts.change(row.id, { totp: withPending(domain, row, factor) });
  });
  return { secret: factor.secret, uri };
}

/** Throws `second-factor/none`, `login/wrong-code`. Other log-ins end, this one is limited no more; answers the recovery codes. */
export async function confirmSecondFactor(
  domain: Domain,
  caller: ConsoleCaller,
  code: string,
  address: string,
): Promise<string[]> {
  const { account, token } = caller;
  const keys = [lockKeys.secondFactor(account.id), lockKeys.address(address)];
  await domain.lockouts.check(...keys);
  const { codes, digests } = makeRecoveryCodes(domain);
  const isRight = await changeOwn(domain, account.id, async (stores, row) => {
    const pending = pendingFactor(domain, row);
    if (pending === undefined) throw new HoldfastError("second-factor/none");
    const used = await useCode(pending, code, domain.clock.now());
    if (used === undefined) return false;
    await stores.accounts.change(row.id, { totp: withActive(domain, row, { ...used, recovery: digests }) });
    await stores.tokens.removeOtherLogIns(row.id, token.digest);
    if (token.limitedTo === "second-factor") await stores.tokens.change(token.digest, { limitedTo: null });
    await auditOwn(domain, stores, caller, { action: "second-factor/confirm", address });
    return true;
  });
  if (isRight) return codes;
  await domain.lockouts.fail(...keys);
  throw new HoldfastError("login/wrong-code");
}

/** Throws `second-factor/none`. */
export async function renewRecoveryCodes(domain: Domain, caller: ConsoleCaller, address: string): Promise<string[]> {
  const { codes, digests } = makeRecoveryCodes(domain);
  await changeOwn(domain, caller.account.id, async (stores, row) => {
    const active = activeFactor(domain, row);
    if (active === undefined) throw new HoldfastError("second-factor/none");
    await stores.accounts.change(row.id, { totp: withUsed(domain, row, { ...active, recovery: digests }) });
    await auditOwn(domain, stores, caller, { action: "second-factor/recovery-codes", address });
  });
  return codes;
}

/** Throws `second-factor/none`, `second-factor/required`. */
export async function removeOwnSecondFactor(domain: Domain, caller: ConsoleCaller, address: string): Promise<void> {
  await changeOwn(domain, caller.account.id, async (stores, row) => {
    if (row.totp === null) throw new HoldfastError("second-factor/none");
    if (await mustHaveSecondFactor(stores, row)) throw new HoldfastError("second-factor/required");
    await takeAway(domain, stores, row, { caller, address });
  });
}

export async function removeUserSecondFactor(
  domain: Domain,
  caller: ConsoleCaller,
  user: string,
  address: string,
): Promise<void> {
  await domain.records.transaction(async (stores) =>
    takeAway(domain, stores, await getUser(stores, caller, user), { caller, address }),
  );
}

/** With every log-in, and a mail that says so. Throws `second-factor/none`. */
export async function takeAway(
  domain: Domain,
  stores: RecordStores,
  row: AccountRow,
  { caller, address }: { caller: ConsoleCaller; address: string },
): Promise<void> {
  if (row.totp === null) throw new HoldfastError("second-factor/none");
  await stores.accounts.change(row.id, { totp: null, version: row.version + 1 });
  await stores.tokens.removeOtherLogIns(row.id, caller.token.digest);
  const act = { organization: row.organization, action: "second-factor/remove", subject: row.login, account: row.id };
  const by = actorOf(caller, address);
  await audit(domain, stores, { ...by, ...act });
  await mailSecurityNotice(domain, stores, row, { kind: "second-factor-removed", subject: row.login }, by);
}

const changeOwn = <T>(
  { records }: Domain,
  id: string,
  work: (stores: RecordStores, row: AccountRow) => Promise<T>,
): Promise<T> =>
  records.transaction(async (stores) => {
    const row = await stores.accounts.find(id);
    if (row === undefined) throw new HoldfastError("token/invalid");
    return await work(stores, row);
  });

async function auditOwn(
  domain: Domain,
  stores: RecordStores,
  caller: ConsoleCaller,
  { action, address }: { action: string; address: string },
): Promise<void> {
  const { organization, login, id } = caller.account;
  await audit(domain, stores, { ...actorOf(caller, address), organization, action, subject: login, account: id });
}
