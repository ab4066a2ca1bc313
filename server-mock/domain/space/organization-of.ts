/** Whole organizations, for those who see all of one. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { OrganizationRow } from "../../records/rows.ts";
import type { ConsoleCaller } from "../access/callers.ts";

/** The whole organization is the business of those who see all of it. Throws `organization/missing`. */
export async function organizationOf(
  stores: RecordStores,
  { scope }: ConsoleCaller,
  id: string,
): Promise<OrganizationRow> {
  const isSeen =
    (scope.organization === undefined || scope.organization === id) &&
    scope.groups === undefined &&
    scope.account === undefined;
  if (!isSeen) throw new HoldfastError("organization/missing");
  return await existing(stores, id);
}

export async function existing(stores: RecordStores, id: string): Promise<OrganizationRow> {
  const organization = await stores.organizations.find(id);
  if (organization === undefined) throw new HoldfastError("organization/missing");
  return organization;
}
