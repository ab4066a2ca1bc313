/** A top-level admin looks at one organization. */
import type { RecordStores } from "../../records/records.ts";
import { getOrganization } from "../people/organizations.ts";
import type { ConsoleCaller } from "./callers.ts";

/** The caller as it sees that organization alone; without one as it is. Throws `organization/missing`. */
export async function narrowed(
  stores: RecordStores,
  caller: ConsoleCaller,
  organization: string | undefined,
): Promise<ConsoleCaller> {
  if (organization === undefined) return caller;
  const { id } = await getOrganization(stores, caller, organization);
  return { ...caller, scope: { ...caller.scope, organization: id } };
}
