/** Product keys: made in batches for a user or for a group's stock, listed, revoked. */
import { bug, HoldfastError } from "../../../protocol/errors.ts";
import type { ProductKeyQuery, ProductKeyView } from "../../../protocol/messages/product-keys.ts";
import type { ProductKeyFilter, RecordStores, Scope } from "../../records/records.ts";
import type { AccountRow, DeviceKind, GroupRow, ProductKeyRow } from "../../records/rows.ts";
import { isWithin } from "../access/access.ts";
import type { Domain } from "../domain.ts";
import type { Page } from "../pages.ts";
import { type AuditActor, audit } from "../records/audit.ts";
import { viewProductKey } from "../views.ts";
import { makeKeyText } from "./key-text.ts";

export type NewProductKey = ProductKeyView & { productKey: string };

/** The user whose machines the keys activate, or the group that has them in stock. */
export type KeyOwner = { readonly user: AccountRow } | { readonly group: GroupRow };

export interface KeyBatch {
  readonly owner: KeyOwner;
  readonly organization: string;
  readonly kind: DeviceKind;
  readonly count: number;
}

/** Throws `product-key/wrong-user` for a user whose machines are of the other kind. */
export async function createProductKeys(domain: Domain, batch: KeyBatch, by: AuditActor): Promise<NewProductKey[]> {
  const { owner, organization, kind, count } = batch;
  return await domain.records.transaction(async (stores) => {
    const user = "user" in owner ? await stores.accounts.find(owner.user.id) : undefined;
    const userGroup = "user" in owner ? user?.userGroup : owner.group.id;
    if (userGroup === undefined || userGroup === null) return bug("product keys for an account without a group");
    if (user !== undefined) checkUsable(user, kind);
    const made: NewProductKey[] = [];
    for (let index = 0; index < count; index++) {
      const { digest, lastGroup, grouped } = makeKeyText(domain.random);
      const place = { organization, userGroup, account: user?.id ?? null, kind };
      const row = { ...UNUSED, id: domain.newId(), digest, lastGroup, ...place, createdAt: domain.clock.now() };
      await stores.productKeys.insert(row);
      made.push({ ...(await viewProductKey(stores, row)), productKey: grouped });
    }
    const subject = "user" in owner ? owner.user.login : `group ${owner.group.name}`;
    const act = { ...by, organization, action: "product-keys/create", detail: `${count} ${kind}` };
    await audit(domain, stores, { ...act, subject, account: user?.id ?? null });
    return made;
  });
}

const UNUSED = {
  machine: null,
  revokedAt: null,
  suspendedAt: null,
  sentAt: null,
  activatedAt: null,
  version: 1,
} as const;

export function checkUsable(user: AccountRow, kind: DeviceKind): void {
  if (user.kind !== null && user.kind !== kind)
    throw new HoldfastError("product-key/wrong-user", { user: user.login, userType: user.kind, keyType: kind });
}

/** A key of the caller's scope. Throws `product-key/missing`. */
export async function getProductKey(stores: RecordStores, scope: Scope, id: string): Promise<ProductKeyRow> {
  const row = await stores.productKeys.find(id);
  if (row === undefined || !isWithin(scope, { ...row, account: row.account ?? "" }))
    throw new HoldfastError("product-key/missing");
  return row;
}

/** Throws `product-key/missing`, `product-key/in-use`. Revoking twice is harmless. */
export async function revokeProductKey(domain: Domain, id: string, by: AuditActor & { scope: Scope }): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const row = await getProductKey(stores, by.scope, id);
    if (row.machine !== null) throw new HoldfastError("product-key/in-use", { machine: row.machine });
    if (row.revokedAt !== null) return;
    await stores.productKeys.change(id, { revokedAt: domain.clock.now(), version: row.version + 1 });
    const { actor, address } = by;
    const act = { actor, address, organization: row.organization, action: "product-keys/revoke" };
    await audit(domain, stores, { ...act, subject: `…${row.lastGroup}`, account: row.account });
  });
}

/** Unactivated keys above activated ones, the newest first. */
export async function listProductKeys(
  { records }: Domain,
  scope: Scope,
  { limit, cursor, ...query }: Omit<ProductKeyQuery, "limit"> & { limit: number },
): Promise<Page<ProductKeyView>> {
  const { isActivated: begins, after } = parseCursor(cursor);
  const filter: ProductKeyFilter = {
    state: query.state,
    kind: query.kind,
    userGroup: query.group,
    account: query.user,
  };
  const rows: ProductKeyRow[] = [];
  for (const isActivated of begins ? [true] : [false, true]) {
    const page = { limit: limit + 1 - rows.length, after: isActivated === begins ? after : undefined };
    if (page.limit > 0) rows.push(...(await records.productKeys.list(page, scope, { ...filter, isActivated })));
  }
  const items: ProductKeyView[] = [];
  for (const row of rows.slice(0, limit)) items.push(await viewProductKey(records, row));
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items, next: last === undefined ? null : `${last.machine === null ? "n" : "a"}.${last.id}` };
}

function parseCursor(cursor: string | undefined): { isActivated: boolean; after: string | undefined } {
  if (cursor === undefined) return { isActivated: false, after: undefined };
  const [, part, after] = /^([an])\.([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (part === undefined)
    throw new HoldfastError("request/malformed", { reason: "cursor: not one of ours", field: "cursor" });
  return { isActivated: part === "a", after };
}
