/** Product keys: 20 characters without look-alikes (98 bits), shown once, kept as a hash and the last group. */
import { sha256 } from "../../base/digest.ts";
import type { Random } from "../../base/random.ts";
import { bug, HoldfastError } from "../../protocol/errors.ts";
import type { ProductKeyView } from "../../protocol/messages/product-keys.ts";
import type { Scope } from "../records/records.ts";
import type { AccountRow, DeviceKind, ProductKeyRow } from "../records/rows.ts";
import { isWithin } from "./access.ts";
import { type AuditActor, audit } from "./audit.ts";
import type { Domain } from "./domain.ts";
import { type ListQuery, type Page, pageOf } from "./pages.ts";
import { viewProductKey } from "./views.ts";

const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 20;

export type NewProductKey = ProductKeyView & { productKey: string };

/** `for` is the user whose machines the keys activate. */
export async function createProductKeys(
  domain: Domain,
  wanted: { for: AccountRow; organization: string; kind: DeviceKind; count: number },
  by: AuditActor,
): Promise<NewProductKey[]> {
  const { userGroup } = wanted.for;
  if (userGroup === null) return bug("product keys for an account without a group");
  return await domain.records.transaction(async (stores) => {
    const made: NewProductKey[] = [];
    for (let count = 0; count < wanted.count; count++) {
      const text = makeProductKey(domain.random);
      const row: ProductKeyRow = {
        id: domain.newId(),
        digest: digestOfKey(text),
        lastGroup: text.slice(-5),
        kind: wanted.kind,
        organization: wanted.organization,
        userGroup,
        account: wanted.for.id,
        machine: null,
        revokedAt: null,
        suspendedAt: null,
        sentAt: null,
        activatedAt: null,
        version: 1,
        createdAt: domain.clock.now(),
      };
      await stores.productKeys.insert(row);
      made.push({ ...(await viewProductKey(stores, row)), productKey: grouped(text) });
    }
    const detail = `${wanted.count} ${wanted.kind}`;
    const { organization } = wanted;
    await audit(domain, stores, {
      ...by,
      organization,
      action: "product-keys/create",
      subject: wanted.for.login,
      account: wanted.for.id,
      detail,
    });
    return made;
  });
}

/** Throws `product-key/missing`, `product-key/in-use`. Revoking twice is harmless. */
export async function revokeProductKey(domain: Domain, id: string, by: AuditActor & { scope: Scope }): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const row = await stores.productKeys.find(id);
    if (row === undefined || !isWithin(by.scope, { ...row, account: row.account ?? "" }))
      throw new HoldfastError("product-key/missing");
    if (row.machine !== null) throw new HoldfastError("product-key/in-use", { machine: row.machine });
    if (row.revokedAt !== null) return;
    await stores.productKeys.change(id, { revokedAt: domain.clock.now() });
    const { actor, address } = by;
    const act = { actor, address, organization: row.organization, action: "product-keys/revoke" };
    await audit(domain, stores, { ...act, subject: `…${row.lastGroup}` });
  });
}

export const listProductKeys = ({ records }: Domain, scope: Scope, query: ListQuery): Promise<Page<ProductKeyView>> =>
  pageOf(
    query,
    (page) => records.productKeys.list(page, scope),
    (row) => viewProductKey(records, row),
  );

/** As people type it: any case, with or without dashes and blanks. undefined when it can't be one. */
export function digestOfTypedKey(text: string): Buffer | undefined {
  const plain = text.toUpperCase().replace(/[\s-]/g, "");
  const isKey = plain.length === LENGTH && [...plain].every((character) => ALPHABET.includes(character));
  return isKey ? digestOfKey(plain) : undefined;
}

const digestOfKey = (plain: string): Buffer => sha256(Buffer.from(`holdfast/v1/product-key/${plain}`));

const grouped = (plain: string): string => (plain.match(/.{5}/g) ?? []).join("-");

function makeProductKey(random: Random): string {
  let key = "";
  while (key.length < LENGTH) {
    // Bytes from 240 on would make the first characters likelier.
    for (const byte of random(LENGTH * 2))
      if (byte < 240 && key.length < LENGTH) key += ALPHABET[byte % ALPHABET.length];
  }
  return key;
}
