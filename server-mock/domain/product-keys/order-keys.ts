/** Product keys as an admin asks for them: for a user, for a group's stock, or for the default group's. */
import { bug, HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { DeviceKind } from "../../records/rows.ts";
import { actorOf, getGroup, getUser, ownOrganization } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { createProductKeys, type KeyOwner, type NewProductKey } from "./product-keys.ts";

export interface KeyOrder {
  readonly user?: string | undefined;
  readonly group?: string | undefined;
  readonly kind: DeviceKind;
  readonly count: number;
}

export async function orderProductKeys(
  domain: Domain,
  caller: ConsoleCaller,
  { kind, count, ...whose }: KeyOrder,
  address: string,
): Promise<NewProductKey[]> {
  const organization = ownOrganization(caller, "create product keys");
  const owner = await ownerOf(domain.records, caller, { ...whose, organization });
  return await createProductKeys(domain, { owner, organization, kind, count }, actorOf(caller, address));
}

async function ownerOf(
  stores: RecordStores,
  caller: ConsoleCaller,
  { user, group, organization }: { user?: string | undefined; group?: string | undefined; organization: string },
): Promise<KeyOwner> {
  if (user !== undefined && group !== undefined)
    throw new HoldfastError("request/malformed", { reason: "keys are for a user or for a group, not for both" });
  if (user !== undefined) return { user: await getUser(stores, caller, user) };
  const fallback = group === undefined ? await stores.groups.findDefault(organization) : undefined;
  return {
    group: await getGroup(stores, caller, group ?? fallback?.id ?? bug("an organization without default group")),
  };
}
