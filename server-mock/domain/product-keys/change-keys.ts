/** What is done to keys that exist: assign and take back, suspend and resume, send. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { ProductKeyView } from "../../../protocol/messages/product-keys.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, DeviceKind, ProductKeyRow } from "../../records/rows.ts";
import { actorOf, getUser } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { mailProductKeys } from "../mail/account-mails.ts";
import { audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { keyState, viewProductKey } from "../views.ts";
import { makeKeyText } from "./key-text.ts";
import { checkUsable, getProductKey } from "./product-keys.ts";

export interface KeyChange {
  readonly key: string;
  /** null: nobody's. */
  readonly user?: string | null | undefined;
  readonly suspended?: boolean | undefined;
  readonly ifMatch?: number | undefined;
}

/** Throws `product-key/in-use` for one that activated a machine, `product-key/not-usable` for a revoked one. */
export async function changeProductKey(
  domain: Domain,
  caller: ConsoleCaller,
  change: KeyChange,
  address: string,
): Promise<ProductKeyView> {
  return await domain.records.transaction(async (stores) => {
    const row = await getProductKey(stores, caller.scope, change.key);
    checkVersion(row, change.ifMatch);
    const user = change.user == null ? undefined : await getUser(stores, caller, change.user);
    const changed = await changeRow(domain, stores, row, { ...change, user: change.user === null ? null : user });
    const detail = JSON.stringify({ user: change.user === null ? null : user?.login, suspended: change.suspended });
    const act = { organization: row.organization, action: "product-keys/change", account: changed.account };
    await audit(domain, stores, { ...actorOf(caller, address), ...act, subject: `…${row.lastGroup}`, detail });
    return await viewProductKey(stores, changed);
  });
}

/** All of them or none. */
export async function assignProductKeys(
  domain: Domain,
  caller: ConsoleCaller,
  order: { keys: readonly string[]; user: string | null },
  address: string,
): Promise<{ keys: ProductKeyView[] }> {
  return await domain.records.transaction(async (stores) => {
    const user = order.user === null ? null : await getUser(stores, caller, order.user);
    const keys: ProductKeyView[] = [];
    let organization: string | null = null;
    for (const id of new Set(order.keys)) {
      const row = await getProductKey(stores, caller.scope, id);
      organization = row.organization;
      keys.push(await viewProductKey(stores, await changeRow(domain, stores, row, { user })));
    }
    const subject = user === null ? "nobody" : user.login;
    const act = { organization, action: "product-keys/assign", subject, account: user?.id ?? null };
    const detail = keys.map(({ lastGroup }) => `…${lastGroup}`).join(" ");
    await audit(domain, stores, { ...actorOf(caller, address), ...act, detail });
    return { keys };
  });
}

async function changeRow(
  { clock }: Domain,
  stores: RecordStores,
  row: ProductKeyRow,
  { user, suspended }: { user?: AccountRow | null | undefined; suspended?: boolean | undefined },
): Promise<ProductKeyRow> {
  if (row.machine !== null) throw new HoldfastError("product-key/in-use", { machine: row.machine });
  if (row.revokedAt !== null) throw new HoldfastError("product-key/not-usable", { state: keyState(row) });
  if (user != null) {
    if (user.organization !== row.organization) throw new HoldfastError("user/missing");
    checkUsable(user, row.kind);
  }
  const columns = {
    ...(user === undefined ? {} : { account: user?.id ?? null, userGroup: user?.userGroup ?? row.userGroup }),
    ...(suspended === undefined ? {} : { suspendedAt: suspended ? (row.suspendedAt ?? clock.now()) : null }),
    version: row.version + 1,
  };
  await stores.productKeys.change(row.id, columns);
  return { ...row, ...columns };
}

/**
 * Send Keys. Nobody knows the keys any more, so the user's unused ones are made anew and mailed; the old ones die. Throws `product-key/none` when
 * the user has none.
 */
export async function sendProductKeys(
  domain: Domain,
  caller: ConsoleCaller,
  userId: string,
  address: string,
): Promise<{ sent: number } & Record<DeviceKind, number>> {
  return await domain.records.transaction(async (stores) => {
    const user = await getUser(stores, caller, userId);
    const free = await stores.productKeys.listFree(user.id);
    if (free.length === 0) throw new HoldfastError("product-key/none", { user: user.login });
    const mailed: { productKey: string; kind: DeviceKind }[] = [];
    for (const { id, kind, version } of free) {
      const { digest, lastGroup, grouped } = makeKeyText(domain.random);
      const columns = { digest, lastGroup, sentAt: domain.clock.now(), version: version + 1 };
      await stores.productKeys.change(id, columns);
      mailed.push({ productKey: grouped, kind });
    }
    await mailProductKeys(domain, stores, user, mailed);
    const act = { organization: user.organization, action: "product-keys/send", subject: user.login };
    const detail = `${mailed.length} keys`;
    await audit(domain, stores, { ...actorOf(caller, address), ...act, account: user.id, detail });
    const count = (wanted: DeviceKind) => mailed.filter(({ kind }) => kind === wanted).length;
    return { sent: mailed.length, desktop: count("desktop"), server: count("server") };
  });
}
